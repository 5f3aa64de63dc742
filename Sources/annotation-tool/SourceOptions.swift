import Annotations
import ArgumentParser

/// The options that say which labels are meant.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "COCO JSON file, VOC folder, VOC JSON file or folder of LabelMe's JSON; but for convert also label maps.",
      valueName: "src"))
  var source: String

  @Option(
    name: [.customLong("images"), .customLong("images-root")],
    help: "Folder that image names are relative to; found near SRC otherwise.")
  var images: String?

  @Option(
    help:
      "Text file of image names to take, one a line, extension optional; for a VOC folder also a name in ImageSets."
  )
  var list: String?

  @Option(
    name: .customLong("voc-pixel-base"),
    help: "What VOC's numbers mean: 1 = pixels from 1, last one included; 0 = corners from 0.")
  var base: VOCPixelBase = .one

  /// Reads the labels as they are.
  func inspect(form: AnnotationFormat? = nil) throws -> AnnotationReading {
    try AnnotationSource.inspect(source, images: images, list: list, form: form, base: base)
  }

  /// Reads the labels, which must not contradict themselves; tells what was noticed.
  func read(form: AnnotationFormat? = nil) throws -> AnnotationReading {
    try Self.checked(try inspect(form: form), source: source)
  }

  /// A reading that must not contradict itself; tells what was noticed.
  static func checked(_ reading: AnnotationReading, source: String) throws -> AnnotationReading {
    guard reading.problems.count(.error) == 0 else {
      throw AnnotationError.problems(source: source, reading.problems)
    }
    for code in AnnotationProblems.Code.allCases {
      guard let count = reading.problems.counts[code] else { continue }
      let example = reading.problems.examples.first { $0.code == code }?.message ?? ""
      Output.message("note: \(code.rawValue) ×\(count): \(example)")
    }
    return reading
  }
}

extension VOCPixelBase: ExpressibleByArgument {
  /// `0` or `1`.
  public init?(argument: String) {
    guard let number = Int(argument) else { return nil }
    self.init(rawValue: number)
  }

  /// What may be given.
  public static var allValueStrings: [String] { ["0", "1"] }
}
extension AnnotationFormat: ExpressibleByArgument {}
