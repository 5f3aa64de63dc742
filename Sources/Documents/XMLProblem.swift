import CXML

/// The first error that libxml2 finds in a document.
struct XMLProblem {
  /// The line, from 1; 0 where there is none.
  private(set) var line = 0
  /// What is wrong; empty while nothing is.
  private(set) var reason = ""

  /// Takes an error where it is the first.
  ///
  /// - Parameters:
  ///   - element: the innermost element that has not ended.
  ///   - hasRoot: whether the outermost element has ended.
  ///   - isAtEnd: whether the parser has come to the end of the bytes.
  mutating func take(_ error: xmlError, inside element: String?, hasRoot: Bool, isAtEnd: Bool) {
    guard reason.isEmpty else { return }
    line = Int(error.line)
    let message = error.message.map { String(cString: $0) } ?? ""
    let line = message.split(separator: "\n").first.map(String.init)
    reason = Self.ending(of: error, element, hasRoot, isAtEnd) ?? line ?? "is not XML"
  }

  /// What is wrong with the document's end, or that it is none: libxml2 may say that there is extra content.
  private static func ending(
    of error: xmlError, _ element: String?, _ hasRoot: Bool, _ isAtEnd: Bool
  ) -> String? {
    // An end of another element may be the last there is.
    let isOtherEnd = error.code == Int32(XML_ERR_TAG_NAME_MISMATCH.rawValue)
    if isAtEnd, !hasRoot, !isOtherEnd { return "the file ends early" + (element.map { ", inside <\($0)>" } ?? "") }
    let codes = [XML_ERR_DOCUMENT_END, XML_ERR_DOCUMENT_EMPTY, XML_ERR_TAG_NOT_FINISHED]
    guard codes.contains(where: { Int32($0.rawValue) == error.code }) else { return nil }
    if let element { return "the file ends early, inside <\(element)>" }
    return hasRoot ? nil : "is not XML: no element is in it"
  }
}
