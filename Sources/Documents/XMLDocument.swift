import CXML

/// Reads XML files through libxml2: small ones, such as one image's annotations, into a tree; large ones an element at a time.
///
/// Nothing but the file is read: no network, no external entities, and a document type declaration is refused, because
/// only hostile files need one. Limits: 16 MiB for a tree, 2 GiB for what is read element by element; 64 levels; 500,000
/// elements in a tree or in one of the elements; 1,000 attributes of an element.
public enum XMLDocument {
  static let largest = 16 << 20
  private static let largestStream = Int(Int32.max)
  private static let mostAttributes = 1_000

  /// The root element of the file at `path`.
  public static func read(_ path: String) throws(DocumentError) -> XMLElement {
    try MappedFile(path: path).withBytes { bytes throws(DocumentError) in try read(bytes, file: path) }
  }

  /// The root element of XML text in memory; `file` is the name that errors give.
  public static func read(_ text: String, file: String) throws(DocumentError) -> XMLElement {
    let bytes = Array(text.utf8)
    let result = bytes.withUnsafeBytes { bytes -> Result<XMLElement, DocumentError> in
      do throws(DocumentError) { return .success(try read(bytes, file: file)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// The root element of XML text in memory; `file` is the name that errors give.
  public static func read(_ bytes: UnsafeRawBufferPointer, file: String) throws(DocumentError) -> XMLElement {
    try walk(bytes, file: file, largest: largest, root: { _ in }, takes: { _ in false })
  }

  /// Reads the file at `path` one element at a time, of which a large file has many within its root.
  ///
  /// - Parameters:
  ///   - root: gets the root as it begins, without what is in it.
  ///   - child: gets each element directly within the root as it ends. What follows it in the file may still be found to be no XML.
  public static func read(
    _ path: String, root: (XMLElement) throws(DocumentError) -> Void,
    child: (XMLElement) throws(DocumentError) -> Void
  ) throws(DocumentError) {
    try MappedFile(path: path).withBytes { bytes throws(DocumentError) in
      _ = try walk(
        bytes, file: path, largest: largestStream, root: root,
        takes: { element throws(DocumentError) in
          try child(element)
          return true
        })
    }
  }

  /// - Parameter takes: gets each element directly within the root; whether it is not wanted in the tree.
  static func walk(
    _ bytes: UnsafeRawBufferPointer, file: String, largest: Int, root: (XMLElement) throws(DocumentError) -> Void,
    takes: XMLTreeBuilder.Taker
  ) throws(DocumentError) -> XMLElement {
    guard !bytes.isEmpty else { throw .xml(file: file, line: 0, reason: "the file is empty") }
    guard bytes.count <= largest else {
      throw .xml(file: file, line: 0, reason: "has \(bytes.count) bytes, more than the \(largest) that are read")
    }
    if let text = try XMLEncoding.text(ofUTF16: bytes, file: file) {
      let bytes = Array(text.utf8)
      let result = bytes.withUnsafeBytes { bytes -> Result<XMLElement, DocumentError> in
        do throws(DocumentError) {
          return .success(try parse(bytes, encoding: "UTF-8", file: file, root: root, takes: takes))
        } catch { return .failure(error) }
      }
      return try result.get()
    }
    try XMLEncoding.check(bytes, file: file)
    return try parse(bytes, encoding: nil, file: file, root: root, takes: takes)
  }

  /// - Parameter encoding: nil has the file say it.
  private static func parse(
    _ bytes: UnsafeRawBufferPointer, encoding: String?, file: String,
    root: (XMLElement) throws(DocumentError) -> Void, takes: XMLTreeBuilder.Taker
  ) throws(DocumentError) -> XMLElement {
    if let start = XMLTags.start(ofTagWithMoreThan: mostAttributes, attributesIn: bytes) {
      let line = 1 + bytes[..<start].count { $0 == UInt8(ascii: "\n") }
      throw .xml(file: file, line: line, reason: "has an element with more than \(mostAttributes) attributes")
    }
    guard let parser = xmlNewParserCtxt() else {
      throw .xml(file: file, line: 0, reason: "libxml2 gave no parser: out of memory")
    }
    defer { xmlFreeParserCtxt(parser) }
    return try withoutActuallyEscaping(root) { root throws(DocumentError) in
      try withoutActuallyEscaping(takes) { takes throws(DocumentError) in
        try XMLTreeBuilder(parser, file: file, root: root, takes: takes).build(bytes, encoding: encoding)
      }
    }
  }
}

extension XMLDocument {
  /// `text` with what XML reserves replaced, for use between tags and in attributes. What XML cannot hold becomes U+FFFD.
  public static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\r": escaped += "&#13;"
      default: escaped.unicodeScalars.append(canHold(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return escaped
  }

  /// Whether a character may stand in XML: neither a control character but tab and the ends of lines, nor U+FFFE or U+FFFF
  /// (XML 1.0, 2.2).
  static func canHold(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 32 ? scalar.value != 0xFFFE && scalar.value != 0xFFFF : [9, 10, 13].contains(scalar.value)
  }
}
