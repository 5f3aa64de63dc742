/// A look at the tags of XML text before libxml2 reads them, whose time grows with the square of an element's attributes.
enum XMLTags {
  /// Where the first tag with more than `most` attributes begins; nil where none has so many.
  static func start(ofTagWithMoreThan most: Int, attributesIn bytes: UnsafeRawBufferPointer) -> Int? {
    let signs = bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "=") ? 1 : 0) }
    guard signs > most else { return nil }
    var at = 0
    while let start = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
      if let end = end(ofMarkup: bytes[start...]) {
        at = end
        continue
      }
      var attributes = 0
      at = start + 1
      while at < bytes.count, bytes[at] != UInt8(ascii: ">") {
        let byte = bytes[at]
        at += 1
        guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { continue }
        attributes += 1
        if attributes > most { return start }
        at = (bytes[at...].firstIndex(of: byte) ?? bytes.count - 1) + 1
      }
    }
    return nil
  }

  /// The position after a comment, a section of text or an instruction; nil for a tag.
  private static func end(ofMarkup bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
    for (open, close) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] where bytes.starts(with: open.utf8) {
      let last = Array(close.utf8)
      var at = bytes.startIndex + open.utf8.count
      while at < bytes.endIndex, !bytes[at...].starts(with: last) { at += 1 }
      return min(at + last.count, bytes.endIndex)
    }
    return nil
  }
}
