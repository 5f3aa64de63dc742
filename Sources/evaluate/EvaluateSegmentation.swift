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

  @Option(help: ArgumentHelp("Judge only the images that a text file names, one a line.", valueName: "TXT"))
  var truthList: String?

  @Option(help: ArgumentHelp("A folder of PNG label maps, called as the images.", valueName: "DIR"))
  var predictions: String

  @OptionGroup var maps: LabelMapFiles

  @Option(
    help: ArgumentHelp(
      "Also write the figures and the confusion matrix to a JSON file; an older one is replaced.", valueName: "FILE"))
  var json: String?

  func validate() throws {
    try results.requireApart(from: [truth, predictions, truthList] + maps.inputs)
  }

  func run() throws { try reportingErrors(judge) }

  private var results: ResultPlaces { ResultPlaces([json]) }

  private func judge() throws {
    try results.requireWritable()
    let reading = try maps.read(truth, images: truthImages, list: truthList)
    try results.requireApart(from: reading)
    let progress =
      reading.images.count < 500 ? nil : Progress(total: reading.images.count, label: "judging", unit: "image")
    let evaluation = try SegmentationEvaluation(
      truth: reading, predictions: predictions, numbers: maps.predictedNumbers
    ) { progress?.update(step: $0) }
    progress?.finish()
    let metrics = evaluation.metrics(absentClasses: maps.absentClasses)
    if let json { try AtomicFile.write(evaluation.json(metrics).serialized(pretty: true), to: json) }
    print(
      "\(evaluation.imageCount) images, \(metrics.pixels) pixels, \(metrics.ignoredPixels) not judged, \(reading.classes.count) classes"
    )
    for note in reading.notes { print("note: \(note)") }
    if metrics.otherPixels > 0 {
      print("note: \(metrics.otherPixels) pixels are predicted as no class: they are wrong")
    }
    if let note = evaluation.surplusNote(predictions) { print("note: \(note)") }
    if let text = metrics.absentText { print("note: \(text)") }
    print("\n\(metrics.summaryText)\n\n\(metrics.classTable.text)")
  }
}
