import Randomness

/// Random JSON texts of the shapes that files have, and what may become of them.
struct RandomJSON {
  private var random: SeededGenerator
  private static let numbers = [
    "0", "-1", "18", "12345678901234567", "123456789012345678", "1234567890123456789", "92233720368547758070", "-0",
    "0.5", "-0.0", "1.10", "61.87", "0.0001", "0.00001", "18234.623549999999", "0.1234567890123456789012", "1e3",
    "5E-2", "1e400", "1e-400", "01", "1.", ".5", "-", "+1", "1e", "0x10", "NaN", "-Infinity", "9007199254740993.5",
  ]
  private static let texts = [
    "", "a", "file name.jpg", "name", "a b/ü.jpg", "\\n", "a\\\\b", "\\u00e9", "\\x", "\u{1}", "\u{7F}", "eight888",
    "sixteen 16 bytes", "seventeen 17 byte\\\"", "name", "\\ud800", "🙂",
  ]
  private static let spaces = ["", "", "", "", " ", "\n", "\t\r\n ", "\u{B}"]

  init(_ random: SeededGenerator) { self.random = random }

  /// A text of a value with up to `depth` levels, mostly JSON.
  mutating func value(depth: Int) -> String {
    let space = pick(Self.spaces)
    switch random.integer(below: depth > 0 ? 8 : 5) {
    case 0: return space + pick(["true", "false", "null", "tru", "nul"])
    case 1, 2: return space + number()
    case 3, 4: return space + text()
    case 5, 6: return space + list("[", "]", depth) { $0.value(depth: depth - 1) }
    default:
      return space + list("{", "}", depth) { $0.text() + $0.pick(Self.spaces) + ":" + $0.value(depth: depth - 1) }
    }
  }

  /// An object as arrays of results have it, with one key that tells it from the others.
  mutating func record(_ id: Int) -> String {
    let other = random.chance(0.3) ? ",\(text()):\(value(depth: 2))" : ""
    return pick(Self.spaces.dropLast()) + "{\"id\":\(id)\(other)}" + pick(Self.spaces.dropLast())
  }

  /// A decimal number of up to 25 digits.
  mutating func decimal() -> String {
    func digits(_ most: Int, _ random: inout SeededGenerator) -> String {
      String((0..<1 + random.integer(below: most)).map { _ in Character(String(random.integer(below: 10))) })
    }
    let whole = String(Substring(digits(9, &random)).drop { $0 == "0" })
    let fraction = random.chance(0.8) ? "." + digits(1 + random.integer(below: 16), &random) : ""
    return (random.chance(0.3) ? "-" : "") + (whole.isEmpty ? "0" : whole) + fraction
  }

  /// The same bytes with a few of them changed, lost, repeated or cut off.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.integer(below: 3) where !bytes.isEmpty {
      let place = random.integer(below: bytes.count)
      let length = min(bytes.count - place, 1 + random.integer(below: 4))
      switch random.integer(below: 5) {
      case 0: bytes[place] = UInt8(random.integer(below: 256))
      case 1: bytes[place] = pick(Array("{}[],:\"\\0-.e \n".utf8))
      case 2: bytes.removeSubrange(place..<place + length)
      case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
      default: if random.chance(0.2) { bytes.removeSubrange(place...) }
      }
    }
    return bytes
  }

  private mutating func number() -> String { random.chance(0.7) ? decimal() : pick(Self.numbers) }

  private mutating func text() -> String { "\"" + pick(Self.texts) + "\"" }

  private mutating func list(
    _ open: String, _ close: String, _ depth: Int, _ element: (inout RandomJSON) -> String
  ) -> String {
    let elements = (0..<random.integer(below: 5)).map { _ in element(&self) + pick(Self.spaces) }
    return open + pick(Self.spaces) + elements.joined(separator: ",") + close
  }

  private mutating func pick<Element>(_ choices: some RandomAccessCollection<Element>) -> Element {
    choices[choices.index(choices.startIndex, offsetBy: random.integer(below: choices.count))]
  }
}
