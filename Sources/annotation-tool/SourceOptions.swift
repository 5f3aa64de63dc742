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

  /// The source, as a value.
  var place: LabelSource {
    LabelSource(path: source, images: images, list: list, form: from, base: base, labels: labels, exif: exif)
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
