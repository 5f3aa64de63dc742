/// The encoding of an XML file. What is looked for among its bytes, such as quotes, must be there as in ASCII.
enum XMLEncoding {
  /// Encodings in which ASCII's characters are its bytes, by the beginnings of their names.
  private static let likeASCII = [
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-", "iso8859", "iso_8859", "latin", "windows-125", "cp125", "koi8-",
    "gb2312", "gbk", "gb18030", "big5", "euc-", "shift_jis", "shift-jis", "sjis",
  ]

  /// UTF-16 as text; nil where the bytes are in another encoding.
  static func text(ofUTF16 bytes: UnsafeRawBufferPointer, file: String) throws(DocumentError) -> String? {
    guard bytes.count > 1 else { return nil }
    let isLittle: Bool
    switch (bytes[0], bytes[1]) {
    case (0xFF, 0xFE), (0x3C, 0): isLittle = true
    case (0xFE, 0xFF), (0, 0x3C): isLittle = false
    default: return nil
    }
    let units = (0..<bytes.count / 2).lazy.map { index in
      UInt16(bytes[2 * index + (isLittle ? 1 : 0)]) << 8 | UInt16(bytes[2 * index + (isLittle ? 0 : 1)])
    }
    guard bytes.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
      throw .xml(file: file, line: 0, reason: "is no text in UTF-16, as which it begins")
    }
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// Throws for a declared encoding, and for bytes, that are not like ASCII.
  static func check(_ bytes: UnsafeRawBufferPointer, file: String) throws(DocumentError) {
    guard !bytes.contains(0), !bytes.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) else {
      throw .xml(file: file, line: 1, reason: "is text neither in UTF-8 nor in UTF-16")
    }
    let head = String(decoding: bytes.prefix(200), as: UTF8.self).prefix { $0 != ">" }
    guard let word = head.firstRange(of: "encoding") else { return }
    let name = head[word.upperBound...].drop { $0 == "=" || $0 == "\"" || $0 == "'" || $0.isWhitespace }
      .prefix { $0 != "\"" && $0 != "'" }.lowercased()
    guard likeASCII.contains(where: name.hasPrefix) else {
      throw .xml(file: file, line: 1, reason: "is in the encoding \(name), which is not read; UTF-8 is")
    }
  }
}
