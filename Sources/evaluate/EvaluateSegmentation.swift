import Annotations
import ArgumentParser
import Documents
import Evaluation
import Reporting

/// `evaluate segmentation`: intersection over union of label maps.
struct EvaluateSegmentation: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segmentation", abstract: "Intersection over union and accuracies of label maps.",
    discussion: """
      All pixels of all images make one confusion matrix, in the images' full size. Predictions are PNG label maps called \
      as the images. Figures lie in 0…1; -1 in the JSON means that there is nothing to judge by.
      """)

  @Option(
    help: ArgumentHelp(
      "Label maps: a folder of images and masks, a list of `image mask`, or a COCO JSON file with outlines.",
      valueName: "SRC"))
  var truth: String

  @Option(help: ArgumentHelp("The folder of the images, or the one that a list is relative to.", valueName: "DIR"))
  var truthImages: String?

  @Option(help: ArgumentHelp("The folder of the PNG label maps, called as the images.", valueName: "DIR"))
  var truthMasks: String?

  @Option(help: ArgumentHelp("Judge only the images that a text file names, one a line.", valueName: "TXT"))
  var truthList: String?

  @Option(help: ArgumentHelp("A folder of PNG label maps, called as the images.", valueName: "DIR"))
  var predictions: String

  @Option(
    help: ArgumentHelp(
      "The classes, one a line: `name` or `id name`, and a colour; classes.txt near SRC otherwise.", valueName: "FILE"))
  var classes: String?

  @Option(
    name: .customLong("ignore-id"),
    help: ArgumentHelp(
      "A number in label maps whose pixels are not judged; may be given several times. Without it 255, unless it is a class.",
      valueName: "N"))
  var ignoredIDs: [Int] = []

  @Option(
    help: ArgumentHelp(
      "The numbers of classes 0, 1, … in the files, where they are not the table's: 0,255.", valueName: "N,N,…"))
  var maskValues: String?

  @Flag(help: "The predictions' numbers are class indices, 0 to K − 1, whatever the numbers of the truth.")
  var predictedIndices = false

  @Option(help: ArgumentHelp("What is done in means about classes that the truth does not show.", valueName: "RULE"))
  var absentClasses: AbsentClasses = .skipped

  @Option(help: ArgumentHelp("Also write the figures and the confusion matrix to a JSON file.", valueName: "FILE"))
  var json: String?

  func validate() throws {
    if let wrong = ignoredIDs.first(where: { !(0...255).contains($0) }) {
      throw ValidationError("--ignore-id is \(wrong), not in 0…255")
    }
    _ = try values()
  }

  func run() throws { try reportingErrors(judge) }

  private func values() throws -> [Int]? {
    guard let maskValues else { return nil }
    guard let values = ClassTable.maskValues(parsing: maskValues) else {
      throw ValidationError("--mask-values is \(maskValues); wanted are numbers of 0…255 with commas, such as 0,255")
    }
    return values
  }

  private func judge() throws {
    let ignored = ignoredIDs.isEmpty ? nil : Set(ignoredIDs)
    let reading = try SegmentationSource.read(
      truth, images: truthImages, masks: truthMasks, list: truthList,
      classes: try classes.map { try ClassTable.read($0, ignoredIDs: ignored) }, ignoreIDs: ignored,
      maskValues: try values())
    let progress =
      reading.images.count < 500 ? nil : Progress(total: reading.images.count, label: "judging", unit: "image")
    let evaluation = try SegmentationEvaluation(
      truth: reading, predictions: predictions, numbers: predictedIndices ? .indices : .asInTruth
    ) { progress?.update(step: $0) }
    progress?.finish()
    let metrics = evaluation.metrics(absentClasses: absentClasses)
    if let json { try AtomicFile.write(evaluation.json(metrics).serialized(pretty: true), to: json) }
    print(
      "\(evaluation.imageCount) images, \(metrics.pixels) pixels, \(metrics.ignoredPixels) not judged, \(reading.classes.count) classes"
    )
    for note in reading.notes { print("note: \(note)") }
    if metrics.otherPixels > 0 {
      print("note: \(metrics.otherPixels) pixels are predicted as no class: they are wrong")
    }
    if let first = evaluation.surplus.first {
      print("note: \(evaluation.surplus.count) label maps in \(predictions) belong to no image, such as \(first)")
    }
    if let text = metrics.absentText { print("note: \(text)") }
    print("\n\(metrics.summaryText)\n\n\(metrics.classTable.text)")
  }
}

extension AbsentClasses: ExpressibleByArgument {}
