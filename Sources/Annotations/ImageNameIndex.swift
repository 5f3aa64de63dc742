import Documents

/// Images by what lists and tables may call them: the whole name, without extension, without folders, or without both.
///
/// Names compare as texts here, so that a list written on a system that composes characters otherwise still finds its images.
struct ImageNameIndex {
  /// The images that are called so.
  enum Match: Equatable {
    case unknown
    case one(Int)
    /// The first two of them.
    case several(Int, Int)
  }

  private let levels: [[String: Match]]
  private static let spellings: [@Sendable (String) -> String] = [
    { $0 }, { Path.withoutExtension($0) }, { Path.name(of: $0) }, { Path.stem(of: $0) },
  ]

  /// How many spellings there are; earlier ones win.
  static var levelCount: Int { spellings.count }

  /// One spelling of a name.
  static func spelling(of name: String, _ level: Int) -> String { spellings[level](name) }

  /// An index of images by their places among these names.
  init(_ names: [String]) {
    levels = Self.spellings.map { spell in
      var level: [String: Match] = [:]
      for (place, name) in names.enumerated() {
        let spelling = spell(name)
        switch level[spelling] {
        case nil, .unknown?: level[spelling] = .one(place)
        case .one(let first)?: level[spelling] = .several(first, place)
        case .several?: break
        }
      }
      return level
    }
  }

  /// The images that are called so in one spelling.
  func match(_ text: String, _ level: Int) -> Match { levels[level][text] ?? .unknown }

  /// The images that are called so in the first spelling in which any is.
  func match(_ text: String) -> Match {
    for level in levels {
      if let match = level[text] { return match }
    }
    return .unknown
  }
}
