/// What a reader or check found, counted by kind, with the first examples of each.
public struct AnnotationProblems: Sendable, Equatable {
  /// How bad a kind of problem is.
  public enum Severity: String, Sendable, CaseIterable {
    /// The labels contradict themselves: nothing is trained or measured on them.
    case error
    /// The object is left out, and counted, where labels are trained on.
    case skip
    /// Worth knowing; nothing is left out.
    case note
  }

  /// A kind of problem; the raw value is its code in reports.
  public enum Code: String, Sendable, CaseIterable {
    case badValue = "bad-value"
    case duplicateImageID = "duplicate-image-id"
    case duplicateFileName = "duplicate-file-name"
    case duplicateObjectID = "duplicate-object-id"
    case duplicateCategoryID = "duplicate-category-id"
    case duplicateCategoryName = "duplicate-category-name"
    case emptyCategoryName = "empty-class-name"
    case unknownImage = "unknown-image"
    case unknownCategory = "unknown-category"
    case badFileName = "bad-file-name"
    case negativeSize = "negative-size"
    case badSegmentation = "bad-segmentation"
    case badArea = "bad-area"
    case missingImage = "missing-image"
    case unreadableImage = "unreadable-image"
    case sizeMismatch = "size-mismatch"
    case exifRotation = "exif-rotation"
    case zeroArea = "zero-area"
    case outside = "outside-image"
    case otherShape = "other-shape-type"
    case partlyOutside = "partly-outside-image"
    case outlineOutside = "outline-outside"
    case flatOutline = "outline-without-area"
    case oddArea = "odd-area"
    case storedOrientation = "stored-orientation"
    case identicalObjects = "identical-objects"
    case zeroObjectID = "zero-object-id"
    case ignoredElement = "ignored-element"
    case missingElement = "missing-element"
    case otherFileName = "other-file-name"
    case listedTwice = "listed-twice"
    case imageWithoutObjects = "image-without-objects"
    case missingLabelFile = "missing-label-file"
    case absentClass = "absent-class"
    case unusedClass = "class-without-objects"
    case classGap = "class-id-gap"
    case caseOfNames = "names-differ-in-case"
    case compositionOfNames = "names-differ-in-composition"
    case labelMaps = "label-maps"
    case mixedMask = "mixed-mask"
    case numberedHere = "numbered-here"

    /// How bad this kind is.
    public var severity: Severity {
      switch self {
      case .zeroArea, .outside, .otherShape: .skip
      case .partlyOutside, .outlineOutside, .flatOutline, .oddArea, .storedOrientation, .missingLabelFile,
        .identicalObjects, .zeroObjectID, .ignoredElement, .missingElement, .otherFileName, .listedTwice,
        .imageWithoutObjects, .absentClass, .unusedClass, .classGap, .caseOfNames, .compositionOfNames, .labelMaps,
        .mixedMask, .numberedHere:
        .note
      default: .error
      }
    }
  }

  /// One finding.
  public struct Problem: Sendable, Equatable {
    /// Its kind.
    public let code: Code
    /// Where and what, in one line.
    public let message: String
  }

  /// How many of each kind were found.
  public private(set) var counts: [Code: Int] = [:]
  /// The first of each kind, `mostExamples` at most, in the order found.
  public private(set) var examples: [Problem] = []
  /// How many examples of one kind are kept.
  public static let mostExamples = 20

  /// Nothing found yet.
  public init() {}

  /// Adds a finding; the message is only made where it is kept.
  public mutating func add(_ code: Code, _ message: @autoclosure () -> String) {
    counts[code, default: 0] += 1
    if counts[code, default: 0] <= Self.mostExamples { examples.append(Problem(code: code, message: message())) }
  }

  /// Adds all of another list.
  public mutating func add(_ other: AnnotationProblems) {
    for (code, count) in other.counts { counts[code, default: 0] += count }
    for problem in other.examples where examples.count(where: { $0.code == problem.code }) < Self.mostExamples {
      examples.append(problem)
    }
  }

  /// Forgets all findings of these kinds.
  mutating func remove(_ codes: Set<Code>) {
    for code in codes { counts[code] = nil }
    examples.removeAll { codes.contains($0.code) }
  }

  /// How many findings are that bad.
  public func count(_ severity: Severity) -> Int {
    counts.reduce(0) { $1.key.severity == severity ? $0 + $1.value : $0 }
  }

  /// Up to 20 findings of a severity, one line each, then how many more there are.
  public func lines(_ severity: Severity) -> [String] {
    let found = examples.filter { $0.code.severity == severity }.prefix(Self.mostExamples)
    let more = count(severity) - found.count
    return found.map(\.message) + (more > 0 ? ["and \(more) more"] : [])
  }
}
