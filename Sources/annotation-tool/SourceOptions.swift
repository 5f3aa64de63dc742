import Annotations
import ArgumentParser

/// The options that say which labels are meant.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "File or folder of labels or label maps in any form that `annotation-tool formats` lists.",
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

  @Option(help: "Form of the source, where it shall not be found out.")
  var from: AnnotationFormat?

  @Option(
    help: ArgumentHelp("For COCO results: the labels whose ids of images and classes they use.", valueName: "SRC"))
  var labels: String?

  @Option(
    help:
      "Pictures stored turned: apply = sizes of labels are those of the picture as shown, and labels of the stored pixels are noted; ignore = those of the stored pixels; error = such pictures are refused."
  )
  var exif: ExifPolicy = .apply

  /// Reads the labels as they are.
  ///
  /// - Parameters:
  ///   - boxesOnly: whether forms without boxes count where the form is found out.
  ///   - form: a form that other options ask for; `--from` comes first.
  ///   - labelMaps: how label maps are read.
  func inspect(
    boxesOnly: Bool = true, form: AnnotationFormat? = nil, labelMaps: LabelMapOptions = LabelMapOptions()
  ) throws -> AnnotationReading {
    let form = try from ?? form ?? AnnotationSource.form(of: source, boxesOnly: boxesOnly)
    return try AnnotationSource.inspect(
      source, images: images, list: list, form: form, base: base, labels: labels, exif: exif, labelMaps: labelMaps)
  }

  /// Reads the labels, which must not contradict themselves; tells what was noticed. Parameters as for `inspect`.
  func read(
    boxesOnly: Bool = true, form: AnnotationFormat? = nil, labelMaps: LabelMapOptions = LabelMapOptions()
  ) throws -> AnnotationReading {
    try Self.checked(try inspect(boxesOnly: boxesOnly, form: form, labelMaps: labelMaps), source: source)
  }

  /// Reads the labels for a verb that does not take label maps.
  func read(for verb: String, boxesOnly: Bool = true) throws -> AnnotationReading {
    try Self.refuseMasks(source, images: images, verb: verb, form: from)
    return try read(boxesOnly: boxesOnly)
  }

  /// Refuses label maps, which a verb does not take.
  static func refuseMasks(_ source: String, images: String?, verb: String, form: AnnotationFormat? = nil) throws {
    guard form == nil, !AnnotationSource.looksLikeLabels(source),
      SegmentationSource.looksLikeMasks(source, images: images)
    else { return }
    throw ToolFailure(
      description:
        "\(source): has label maps, which \(verb) does not read; convert makes objects of them, and validate, stats, draw, split, "
        + "seg-train and `evaluate segmentation` take them as they are")
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
extension ExifPolicy: ExpressibleByArgument {}
