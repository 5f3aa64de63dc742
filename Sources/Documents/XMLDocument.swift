import CXML

/// Reads XML files through libxml2: small ones, such as one image's annotations, into a tree; large ones an element at a time.
///
/// Nothing but the file is read: no network, no external entities, and a document type declaration is refused, because
/// only hostile files need one. Limits: 16 MiB for a tree, 2 GiB for what is read element by element; 64 levels; 500,000
/// elements in a tree or in one of the elements.
public enum XMLDocument {
  private static let largest = 16 << 20
  private static let largestStream = Int(Int32.max)
  private static let deepest = 64
  private static let mostElements = 500_000

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
  private static func walk(
    _ bytes: UnsafeRawBufferPointer, file: String, largest: Int, root: (XMLElement) throws(DocumentError) -> Void,
    takes: (XMLElement) throws(DocumentError) -> Bool
  ) throws(DocumentError) -> XMLElement {
    guard !bytes.isEmpty else { throw .xml(file: file, line: 0, reason: "the file is empty") }
    guard bytes.count <= largest else {
      throw .xml(file: file, line: 0, reason: "has \(bytes.count) bytes, more than the \(largest) that are read")
    }
    let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue)
    guard
      let reader = xmlReaderForMemory(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil, nil, options)
    else { throw .xml(file: file, line: 0, reason: "libxml2 gave no reader: out of memory") }
    defer { xmlFreeTextReader(reader) }
    let problem = XMLProblem()
    problem.listen(to: reader)
    return try withExtendedLifetime(problem) { () throws(DocumentError) in
      try tree(reader, file: file, problem: problem, root: root, takes: takes)
    }
  }

  private static func tree(
    _ reader: xmlTextReaderPtr, file: String, problem: XMLProblem,
    root: (XMLElement) throws(DocumentError) -> Void, takes: (XMLElement) throws(DocumentError) -> Bool
  ) throws(DocumentError) -> XMLElement {
    var open: [XMLElement] = []
    var whole: XMLElement?
    var count = 0
    func close() throws(DocumentError) {
      guard let element = open.popLast() else { return }
      if open.isEmpty {
        whole = element
      } else if open.count == 1, try takes(element) {
        count = 0
      } else {
        open[open.count - 1].children.append(element)
      }
    }
    var status = xmlTextReaderRead(reader)
    while status == 1 {
      // The parser itself runs ahead of the node.
      let line = xmlGetLineNo(xmlTextReaderCurrentNode(reader))
      switch UInt32(bitPattern: xmlTextReaderNodeType(reader)) {
      case XML_READER_TYPE_ELEMENT.rawValue:
        count += 1
        guard open.count < deepest else {
          throw .xml(file: file, line: line, reason: "is nested deeper than \(deepest) levels")
        }
        guard count <= mostElements else {
          throw .xml(file: file, line: line, reason: "has more than \(mostElements) elements")
        }
        let isEmpty = xmlTextReaderIsEmptyElement(reader) == 1
        open.append(
          XMLElement(name: name(reader), attributes: attributes(reader), line: line, file: file))
        if open.count == 1 { try root(open[0]) }
        if isEmpty { try close() }
      case XML_READER_TYPE_END_ELEMENT.rawValue: try close()
      case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue,
        XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue:
        if !open.isEmpty { open[open.count - 1].text += value(reader) }
      case XML_READER_TYPE_DOCUMENT_TYPE.rawValue:
        throw .xml(file: file, line: line, reason: "has a document type declaration, which is not accepted")
      case XML_READER_TYPE_ENTITY_REFERENCE.rawValue:
        throw .xml(file: file, line: line, reason: "refers to an entity that is not defined: &\(name(reader));")
      default: break
      }
      status = xmlTextReaderRead(reader)
    }
    guard status == 0, problem.reason.isEmpty, let whole else {
      throw .xml(file: file, line: problem.line, reason: problem.reason.isEmpty ? "is not XML" : problem.reason)
    }
    return whole
  }

  private static func name(_ reader: xmlTextReaderPtr) -> String { text(xmlTextReaderConstName(reader)) }

  private static func value(_ reader: xmlTextReaderPtr) -> String { text(xmlTextReaderConstValue(reader)) }

  private static func attributes(_ reader: xmlTextReaderPtr) -> [XMLElement.Attribute] {
    var attributes: [XMLElement.Attribute] = []
    while xmlTextReaderMoveToNextAttribute(reader) == 1 {
      attributes.append(XMLElement.Attribute(name: name(reader), value: value(reader)))
    }
    if !attributes.isEmpty { xmlTextReaderMoveToElement(reader) }
    return attributes
  }

  private static func text(_ pointer: UnsafePointer<xmlChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
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
