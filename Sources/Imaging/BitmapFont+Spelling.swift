// `FoundationEssentials` has no transliteration.
import Foundation

extension BitmapFont {
  /// A text in the characters of the font: other scripts in Latin letters, accents left out, by Unicode's transliteration (ICU's
  /// `Any-Latin` and `Latin-ASCII`, as Foundation has them). What these do not know stays, and is drawn as a question mark.
  static func spelled(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 128 }) else { return text }
    return text.applyingTransform(StringTransform("Any-Latin; Latin-ASCII"), reverse: false) ?? text
  }
}
