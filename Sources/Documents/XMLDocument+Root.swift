import CXML

extension XMLDocument {
  /// The name of the outermost element of an XML file, read no further than there; nil where something else comes first.
  public static func rootName(of path: String) throws(DocumentError) -> String? {
    try MappedFile(path: path).withBytes { bytes in
      let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
      // The declaration and a few comments; a document type of more than that is not accepted anyway.
      let count = min(bytes.count, 1 << 16)
      guard count > 0,
        let reader = xmlReaderForMemory(
          bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(count), nil, nil, options)
      else { return nil }
      defer { xmlFreeTextReader(reader) }
      while xmlTextReaderRead(reader) == 1 {
        if UInt32(bitPattern: xmlTextReaderNodeType(reader)) == XML_READER_TYPE_ELEMENT.rawValue {
          return xmlTextReaderConstName(reader).map { String(cString: $0) }
        }
      }
      return nil
    }
  }
}

extension XMLDocument {
  /// What a text reads back as once it has stood in an element: without white space at its ends, and without characters that
  /// XML cannot hold.
  public static func readsBack(_ text: String) -> String {
    var element = XMLElement(name: "", attributes: [], line: 0, file: "")
    element.text = String(
      String.UnicodeScalarView(text.unicodeScalars.map { canHold($0) ? $0 : "\u{FFFD}" }))
    return element.trimmedText
  }
}
