/// A name compared byte by byte, as file systems do it: an é in one code point and one in two are two names, where `String` takes
/// them for one.
struct ExactName: Hashable {
  /// The name.
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactName, right: ExactName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
