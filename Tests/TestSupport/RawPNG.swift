/// A PNG file of any depth and kind of colour, made of rows of bytes as they stand in the file, without compression.
public enum RawPNG {
  /// Kinds of colour by their number in the header.
  public enum Kind: UInt8, Sendable {
    case grey = 0
    case rgb = 2
    case palette = 3
    case rgba = 6
  }

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - depth: bits of a value.
  ///   - rows: the packed bytes of each row; values of 16 bits have their upper byte first.
  ///   - palette: three bytes a colour.
  public static func bytes(width: Int, depth: UInt8, _ kind: Kind, rows: [[UInt8]], palette: [UInt8] = []) -> [UInt8] {
    let header: [UInt8] = word(width) + word(rows.count) + [depth, kind.rawValue, 0, 0, 0]
    var data: [UInt8] = []
    for row in rows {
      data.append(0)
      data += row
    }
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: data.count, by: 65535) {
      let part = data[start..<min(start + 65535, data.count)]
      let length = UInt16(part.count)
      stream += [start + part.count == data.count ? 1 : 0, UInt8(length & 255), UInt8(length >> 8)]
      stream += [UInt8(~length & 255), UInt8(~length >> 8)] + part
    }
    stream += word(adler(data))
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += chunk("IHDR", header)
    if !palette.isEmpty { file += chunk("PLTE", palette) }
    return file + chunk("IDAT", stream) + chunk("IEND", [])
  }

  /// Grey values of 16 bits.
  public static func wide(_ rows: [[UInt16]]) -> [UInt8] {
    let packed = rows.map { row in row.flatMap { value -> [UInt8] in [UInt8(value >> 8), UInt8(value & 255)] } }
    return bytes(width: rows[0].count, depth: 16, .grey, rows: packed)
  }

  private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + content
    return word(content.count) + named + word(crc(named))
  }

  private static func adler(_ bytes: [UInt8]) -> Int {
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }

  private static func crc(_ bytes: [UInt8]) -> Int {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return Int(~crc)
  }
}
