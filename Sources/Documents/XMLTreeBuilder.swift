import CXML

/// Makes elements of what libxml2's parser tells, and stops it at the first error.
final class XMLTreeBuilder {
  /// Gets each element directly within the root as it ends; whether it is not wanted in the tree.
  typealias Taker = (XMLElement) throws(DocumentError) -> Bool

  static let deepest = 64
  static let mostElements = 500_000
  /// The most namespaces that may be declared around an element: libxml2 goes through them for each prefix.
  private static let mostSpaces = 100

  /// The root with all that is in it and was not taken, once it has ended.
  private(set) var whole: XMLElement?
  private var failure: DocumentError?
  private var problem = XMLProblem()
  private var open: [XMLElement] = []
  private var count = 0
  /// How many namespaces each open element declares, and all together.
  private var spaces: [Int] = []
  private var spaceCount = 0
  private let file: String
  private let parser: xmlParserCtxtPtr
  private let root: (XMLElement) throws(DocumentError) -> Void
  private let takes: Taker

  init(
    _ parser: xmlParserCtxtPtr, file: String, root: @escaping (XMLElement) throws(DocumentError) -> Void,
    takes: @escaping Taker
  ) {
    (self.parser, self.file, self.root, self.takes) = (parser, file, root, takes)
  }

  /// Lets the parser read to the end, or to the first error.
  func build(_ bytes: UnsafeRawBufferPointer, encoding: String?) throws(DocumentError) -> XMLElement {
    parser.pointee.sax.pointee = Self.handler
    parser.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
    // Entities that XML itself has are resolved in attributes, too; others would need a document type.
    let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue)
    withExtendedLifetime(self) {
      let text = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      xmlFreeDoc(xmlCtxtReadMemory(parser, text, Int32(bytes.count), nil, encoding, options))
    }
    if let failure { throw failure }
    guard problem.reason.isEmpty, let whole else {
      throw .xml(file: file, line: problem.line, reason: problem.reason.isEmpty ? "is not XML" : problem.reason)
    }
    return whole
  }

  private func begin(
    _ name: String, _ attributes: [XMLElement.Attribute], spaces count: Int
  ) throws(DocumentError) {
    self.count += 1
    spaces.append(count)
    spaceCount += count
    guard spaceCount <= Self.mostSpaces else {
      throw error("stands in more than \(Self.mostSpaces) declarations of namespaces")
    }
    guard open.count < Self.deepest else { throw error("is nested deeper than \(Self.deepest) levels") }
    guard self.count <= Self.mostElements else { throw error("has more than \(Self.mostElements) elements") }
    open.append(XMLElement(name: name, attributes: attributes, line: line, file: file))
    if open.count == 1 { try root(open[0]) }
  }

  private func end() throws(DocumentError) {
    guard let element = open.popLast(), let spaces = spaces.popLast() else { return }
    spaceCount -= spaces
    if open.isEmpty {
      whole = element
    } else if open.count == 1, try takes(element) {
      count = 0
    } else {
      open[open.count - 1].children.append(element)
    }
  }

  private var line: Int { Int(xmlSAX2GetLineNumber(parser)) }

  /// Whether the parser has come to the end of the bytes.
  private var isAtEnd: Bool {
    guard let input = parser.pointee.input, let at = input.pointee.cur, let end = input.pointee.end else {
      return false
    }
    return at >= end
  }

  private func error(_ reason: String) -> DocumentError { .xml(file: file, line: line, reason: reason) }

  private func run(_ body: () throws(DocumentError) -> Void) {
    guard failure == nil else { return }
    do throws(DocumentError) { try body() } catch {
      failure = error
      xmlStopParser(parser)
    }
  }
}

extension XMLTreeBuilder {
  private static func builder(_ context: UnsafeMutableRawPointer?) -> XMLTreeBuilder? {
    context.map { Unmanaged<XMLTreeBuilder>.fromOpaque($0).takeUnretainedValue() }
  }

  /// What the parser calls: nothing is told of comments and instructions, and nothing makes nodes of libxml2.
  private static var handler: xmlSAXHandler {
    var handler = xmlSAXHandler()
    handler.initialized = UInt32(XML_SAX2_MAGIC)
    handler.startElementNs = { context, name, prefix, _, spaceCount, spaces, count, _, values in
      let attributes =
        XMLTreeBuilder.spaces(spaces, Int(spaceCount)) + XMLTreeBuilder.attributes(values, Int(count))
      let builder = XMLTreeBuilder.builder(context)
      builder?.run { () throws(DocumentError) in
        try builder?.begin(XMLTreeBuilder.name(prefix, name), attributes, spaces: Int(spaceCount))
      }
    }
    handler.endElementNs = { context, _, _, _ in
      let builder = XMLTreeBuilder.builder(context)
      builder?.run { () throws(DocumentError) in try builder?.end() }
    }
    handler.characters = { context, text, count in
      guard let text, let builder = XMLTreeBuilder.builder(context), !builder.open.isEmpty else { return }
      builder.open[builder.open.count - 1].text += XMLTreeBuilder.text(text, Int(count))
    }
    handler.ignorableWhitespace = handler.characters
    handler.cdataBlock = handler.characters
    handler.internalSubset = { context, _, _, _ in
      let builder = XMLTreeBuilder.builder(context)
      builder?.run { () throws(DocumentError) in
        throw builder?.error("has a document type declaration, which is not accepted") ?? .content(file: "", reason: "")
      }
    }
    handler.serror = { context, error in
      guard let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue,
        let builder = XMLTreeBuilder.builder(context)
      else { return }
      builder.problem.take(
        error.pointee, inside: builder.open.last?.name, hasRoot: builder.whole != nil, isAtEnd: builder.isAtEnd)
    }
    return handler
  }

  /// Namespaces, as the attributes that they are in the file.
  private static func spaces(
    _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
  ) -> [XMLElement.Attribute] {
    guard let values else { return [] }
    return (0..<count).map { index in
      let value = values[2 * index + 1].map { String(cString: $0) } ?? ""
      return XMLElement.Attribute(
        name: values[2 * index].map { "xmlns:" + String(cString: $0) } ?? "xmlns", value: value)
    }
  }

  /// Of each attribute: its name, prefix and namespace, and where its value begins and ends.
  private static func attributes(
    _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
  ) -> [XMLElement.Attribute] {
    guard let values else { return [] }
    return (0..<count).map { index in
      let one = values + 5 * index
      let value = if let start = one[3], let end = one[4] { text(start, end - start) } else { "" }
      return XMLElement.Attribute(name: name(one[1], one[0]), value: value)
    }
  }

  private static func name(_ prefix: UnsafePointer<xmlChar>?, _ name: UnsafePointer<xmlChar>?) -> String {
    let name = name.map { String(cString: $0) } ?? ""
    return prefix.map { String(cString: $0) + ":" + name } ?? name
  }

  private static func text(_ start: UnsafePointer<xmlChar>, _ count: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
