/// Small files of text in UTF-8.
public enum TextFile {
  /// The whole text, without the byte order mark that it may begin with.
  ///
  /// - Throws: For a file that cannot be read, and for bytes that are no UTF-8.
  public static func read(_ path: String) throws(DocumentError) -> String {
    let text = try MappedFile(path: path).withBytes { String(validating: $0, as: UTF8.self) }
    guard let text else { throw .content(file: path, reason: "is not UTF-8 text") }
    return String(withoutMark(text[...]))
  }

  /// The lines that say something, with their numbers, from 1: without white space at their ends, and none that is blank or begins
  /// with `#`. A byte order mark at the beginning of a line goes too: lists that were put together with `cat` have them in the middle.
  public static func lines(_ path: String) throws(DocumentError) -> some Sequence<(number: Int, text: String)> {
    try read(path).lines.enumerated().lazy
      .map { (number: $0.offset + 1, text: withoutMark($0.element).trimmed) }
      .filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
  }

  /// Text without the byte order mark that it may begin with.
  private static func withoutMark(_ text: Substring) -> Substring {
    ByteOrderMark.begins(text.utf8) ? text.dropFirst() : text
  }
}
