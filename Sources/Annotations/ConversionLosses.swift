import Documents

/// What a format cannot hold of a set, counted by kind with examples.
public struct ConversionLosses: Sendable, Equatable {
  /// A kind of loss; the raw value is its code in reports.
  public enum Code: String, Sendable, CaseIterable {
    case segmentation = "drops-segmentation"
    case crowd = "crowd-becomes-difficult"
    case roundedBox = "rounds-box"
    case vanishedBox = "box-vanishes"
    case outlineBox = "box-from-outline"
    case area = "drops-area"
    case objectKeys = "drops-object-keys"
    case imageKeys = "drops-image-keys"
    case classKeys = "drops-class-keys"
    case fileKeys = "drops-file-keys"
    case supercategory = "drops-supercategory"
    case unusedClass = "drops-unused-class"
    case classIDs = "renumbers-classes"
    case imageIDs = "renumbers-images"
    case objectIDs = "renumbers-objects"
    case folders = "drops-folders"
    case unknownSize = "lacks-image-size"
    case notRead = "not-read-from-source"

    /// What it means, for the reader of a report.
    public var meaning: String {
      switch self {
      case .segmentation: "outlines and masks have no place"
      case .crowd: "groups are written as difficult objects"
      case .roundedBox: "boxes are whole numbers, rounded to the nearest pixel"
      case .vanishedBox: "boxes thinner than half a pixel lose their area"
      case .outlineBox: "a box other than the one around its outline has no place"
      case .area: "an area other than the box's has no place"
      case .objectKeys: "keys of objects have no place"
      case .imageKeys: "keys of images have no place"
      case .classKeys: "keys of classes have no place"
      case .fileKeys: "keys of the file have no place"
      case .supercategory: "groups of classes have no place"
      case .unusedClass: "classes without an object have no place"
      case .classIDs: "class ids have no place; reading back numbers the names from 1 in order"
      case .imageIDs: "image ids have no place; reading back numbers the files from 1 in order"
      case .objectIDs: "object ids have no place; reading back numbers them from 1 in order"
      case .folders: "images in folders of their own: the annotation files keep only the names"
      case .unknownSize: "the size of the image is not known"
      case .notRead: "parts of the source have no place in the internal form"
      }
    }
  }

  /// One kind of loss that occurs.
  public struct Loss: Sendable, Equatable {
    /// Its kind.
    public let code: Code
    /// How often it occurs.
    public var count: Int
    /// The first few, for the report.
    public var examples: [String]
  }

  /// The losses in the order in which they were first met.
  public private(set) var losses: [Loss] = []
  private static let mostExamples = 3

  /// No loss.
  public init() {}

  /// Whether the target holds everything.
  public var isEmpty: Bool { losses.isEmpty }

  /// Adds occurrences; the example is only made where it is kept.
  mutating func add(_ code: Code, _ example: @autoclosure () -> String, count: Int = 1) {
    let place = losses.firstIndex { $0.code == code } ?? losses.count
    if place == losses.count { losses.append(Loss(code: code, count: 0, examples: [])) }
    losses[place].count += count
    if losses[place].examples.count < Self.mostExamples { losses[place].examples.append(example()) }
  }

  /// Forgets ids that have no place: for labels whose ids are only the order in which their form was read.
  public mutating func removeIDs() {
    losses.removeAll { [.classIDs, .imageIDs, .objectIDs].contains($0.code) }
  }

  /// One line a kind: code, count, meaning, examples.
  public var lines: [String] {
    losses.map { "\($0.code.rawValue) ×\($0.count): \($0.code.meaning) (\($0.examples.joined(separator: "; ")))" }
  }

  /// The losses as JSON.
  public var json: JSON {
    .array(
      losses.map {
        [
          "code": JSON($0.code.rawValue), "count": JSON($0.count), "meaning": JSON($0.code.meaning),
          "examples": .array($0.examples.map { JSON($0) }),
        ]
      })
  }
}

extension ConversionLosses {
  /// Adds what the reader of the source had no place for.
  public mutating func add(unreadBy problems: AnnotationProblems) {
    for code in [AnnotationProblems.Code.ignoredElement, .otherShape] {
      guard let count = problems.counts[code] else { continue }
      add(.notRead, problems.examples.first { $0.code == code }?.message ?? "", count: count)
    }
  }
}
