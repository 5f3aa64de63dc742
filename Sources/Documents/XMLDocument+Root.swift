extension XMLDocument {
  /// The name of the outermost element of an XML file, read no further than there; nil where something else comes first, such as a document
  /// type.
  public static func rootName(of path: String) throws(DocumentError) -> String? {
    try MappedFile(path: path).withBytes { bytes in
      var name: String?
      // The declaration and a few comments.
      let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(1 << 16))
      _ = try? walk(
        head, file: path, largest: largest,
        root: { root throws(DocumentError) in
          name = root.name
          throw root.error("is read no further")
        }, takes: { _ in true })
      return name
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
