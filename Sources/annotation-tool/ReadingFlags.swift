import Annotations
import ArgumentParser

/// The options that say what the numbers and ids of labels mean, the same for one source and for several.
struct ReadingFlags: ParsableArguments {
  @Option(
    name: .customLong("voc-pixel-base"),
    help: "What VOC's numbers mean: 1 = pixels from 1, last one included; 0 = corners from 0.")
  var base: VOCPixelBase = .one

  @Option(
    help: ArgumentHelp("For COCO results: the labels whose ids of images and classes they use.", valueName: "SRC"))
  var labels: String?

  @Option(
    help:
      "Pictures stored turned: apply = sizes of labels are those of the picture as shown, and `validate` notes labels of the stored pixels; ignore = those of the stored pixels; error = such pictures are refused."
  )
  var exif: ExifPolicy = .apply
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
extension ExifPolicy: ExpressibleByArgument {}
