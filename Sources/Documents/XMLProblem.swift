import CXML

/// The first error that libxml2 finds in a document.
final class XMLProblem {
  /// The line, from 1; 0 where there is none.
  private(set) var line = 0
  /// What is wrong; empty while nothing is.
  private(set) var reason = ""

  /// Has errors of a reader told here, for as long as both live.
  func listen(to reader: xmlTextReaderPtr) {
    xmlTextReaderSetStructuredErrorHandler(
      reader,
      { context, error in
        guard let context, let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        Unmanaged<XMLProblem>.fromOpaque(context).takeUnretainedValue().take(error.pointee)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func take(_ error: xmlError) {
    guard reason.isEmpty else { return }
    line = Int(error.line)
    let message = error.message.map { String(cString: $0) } ?? ""
    reason = Self.ending(of: error) ?? message.split(separator: "\n").first.map(String.init) ?? "is not XML"
  }

  /// What is wrong with the document's end, or that it is none: libxml2 says of both that there is extra content.
  private static func ending(of error: xmlError) -> String? {
    guard [XML_ERR_DOCUMENT_END, XML_ERR_DOCUMENT_EMPTY].contains(where: { Int32($0.rawValue) == error.code }),
      let parser = error.ctxt?.assumingMemoryBound(to: xmlParserCtxt.self)
    else { return nil }
    if let name = parser.pointee.name { return "the file ends early, inside <\(String(cString: name))>" }
    return xmlDocGetRootElement(parser.pointee.myDoc) == nil ? "is not XML: no element is in it" : nil
  }
}
