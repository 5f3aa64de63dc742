import Annotations
import ArgumentParser
import Documents
import Evaluation
import Reporting

/// `evaluate voc`: Pascal VOC's average precision.
struct EvaluateVOC: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voc", abstract: "Average precision of boxes by Pascal VOC's rules.",
    discussion: """
      A detection is held against the one object of its class that it overlaps most, and is right where the overlap is more than \
      --iou and the object is still free; difficult objects are neither wanted nor held against. Predictions are COCO results or VOC's own: \
      a folder with comp4_det_test_CLASS.txt (lines `image score xmin ymin xmax ymax`), or one such file. VOC's files count the \
      last pixel of a box by themselves (xmax − xmin + 1); --plus-one does so for boxes of other files, as tools of VOC's time do.
      """)

  @OptionGroup var files: JudgedFiles

  @Flag(help: "The mean of precision at eleven recalls (VOC 2007), not the area under the curve (2010 and later).")
  var elevenPoint = false

  @Flag(help: "Add one pixel to the width and height of boxes of files that do not include the last pixel.")
  var plusOne = false

  @Option(help: ArgumentHelp("A detection must overlap its object by more than this.", valueName: "OVERLAP"))
  var iou = 0.5

  @Option(
    name: .customLong("voc-pixel-base"),
    help: ArgumentHelp(
      "What VOC's numbers count from: 1, the last pixel included, as VOC defines; or 0, corners taken as they are.",
      valueName: "0|1"))
  var base: VOCPixelBase = .one

  func validate() throws {
    guard (0..<1).contains(iou) else { throw ValidationError("--iou \(iou): a number of 0…1, below 1, is wanted.") }
  }

  func run() throws { try reportingErrors(judge) }

  private func judge() throws {
    let results = ResultPlaces([files.json])
    try results.requireWritable()
    let evaluation = try VOCEvaluation.read(
      truth: files.truth, predictions: files.predictions, imageFolder: files.labels.truthImages,
      list: files.labels.truthList, base: base, plusOne: plusOne, countsDifficult: files.labels.countDifficult)
    try results.requireApart(from: evaluation.labels)
    let figures = evaluation.judged(curve: elevenPoint ? .elevenPoints : .area, iouThreshold: iou)
    if let json = files.json { try AtomicFile.write(evaluation.json(figures).serialized(pretty: true), to: json) }
    let boxes = evaluation.boxes
    print("\(boxes.images.count) images, \(boxes.truth.count) objects, \(boxes.detections.count) predictions")
    let notes =
      evaluation.notes + boxes.notes(list: files.labels.truthList) + evaluation.labels.problems.notes(.corrected)
    for note in notes { print("note: \(note)") }
    let absent = figures.classes.filter { $0.AP < 0 }.map(\.category.name)
    if !absent.isEmpty {
      print("note: no object is wanted of these, left out of the mean: \(absent.joined(separator: ", "))")
    }
    print("\n\(figures.summaryText), \(evaluation.extentText)\n\n\(figures.classTable.text)")
  }
}

extension VOCEvaluation {
  /// How wide boxes are, in words.
  fileprivate var extentText: String {
    switch includesLastPixel {
    case (true, true): "boxes xmax − xmin + 1 wide"
    case (false, false): "boxes xmax − xmin wide"
    case (true, false): "boxes of the labels xmax − xmin + 1 wide, of the predictions xmax − xmin"
    case (false, true): "boxes of the labels xmax − xmin wide, of the predictions xmax − xmin + 1"
    }
  }
}

extension VOCPixelBase: ExpressibleByArgument {}
