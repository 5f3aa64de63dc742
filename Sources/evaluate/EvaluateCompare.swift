import Annotations
import ArgumentParser
import Documents
import Evaluation
import Reporting

/// `evaluate compare`: whether one run is better than another, or it is noise.
struct EvaluateCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Whether run B is better than run A on the same images, or the difference is noise.",
    discussion: """
      A paired bootstrap: as many images as there are are drawn with replacement, the same for both runs, and the figure is taken again, \
      --samples times. The interval has 95 % of the differences B − A; where it holds 0, the difference is noise. It says what other \
      images of the kind would change, not what another seed of the training would. Two files of COCO results are compared by AP of boxes, with --masks of masks, two \
      folders of label maps by mIoU.
      """)

  enum Metric: String, CaseIterable, ExpressibleByArgument {
    case AP, AP50, AP75, mIoU
  }

  @Option(
    help: ArgumentHelp("Labels, as for `evaluate boxes` or `evaluate segmentation`.", valueName: "SRC"))
  var truth: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Two files of COCO results or two folders of label maps, A then B.", valueName: "A B"))
  var predictions: [String]

  @Option(help: ArgumentHelp("The figure: AP, AP50, AP75 of boxes, mIoU of label maps.", valueName: "FIGURE"))
  var metric: Metric?

  @Option(help: ArgumentHelp("How often images are drawn.", valueName: "N"))
  var samples = 1000

  @Option(help: ArgumentHelp("The seed of the drawing; the same seed gives the same result.", valueName: "N"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Also write the comparison to a JSON file.", valueName: "FILE"))
  var json: String?

  @Option(
    help: ArgumentHelp("The folder of the labelled images, where the labels do not lead to it.", valueName: "DIR"))
  var truthImages: String?

  @Option(help: ArgumentHelp("Judge only the images that a text file names, one a line.", valueName: "TXT"))
  var truthList: String?

  @Flag(help: "Count objects marked as difficult like others; else they are neither wanted nor held against.")
  var countDifficult = false

  @Flag(help: "Compare masks of labels and predictions, not boxes.")
  var masks = false

  @OptionGroup(title: "Options for label maps") var maps: LabelMapFiles

  func validate() throws {
    try requireOutputs([json], apartFrom: [truth] + predictions)
    guard predictions.count == 2 else {
      throw ValidationError("--predictions: wanted are two, A and B, got \(predictions.count).")
    }
    if masks, metric == .mIoU { throw ValidationError("--masks is for AP, not for mIoU of label maps.") }
    guard (10...1_000_000).contains(samples) else {
      throw ValidationError("--samples \(samples): a number of 10…1000000 is wanted.")
    }
  }

  func run() throws { try reportingErrors(judge) }

  private func judge() throws {
    let metric = metric ?? (predictions.allSatisfy(Folder.exists) ? .mIoU : .AP)
    let bootstrap: PairedBootstrap
    if metric == .mIoU {
      bootstrap = PairedBootstrap(
        try labelMaps(predictions[0]), try labelMaps(predictions[1]), samples: samples, seed: seed)
    } else {
      let figure = ResampledObjects.Metric(rawValue: metric.rawValue) ?? .AP
      bootstrap = PairedBootstrap(
        try objects(predictions[0], figure), try objects(predictions[1], figure), samples: samples, seed: seed)
    }
    if let json {
      try AtomicFile.write(
        bootstrap.json(metric: metric.rawValue, runs: predictions).serialized(pretty: true), to: json)
    }
    let all = bootstrap.all
    for (name, path, figure) in [("A", predictions[0], all.first), ("B", predictions[1], all.second)] {
      print("\(name): \(path), \(metric.rawValue) \(NumberText.figure(figure))")
    }
    print("\(bootstrap.imageCount) images, \(bootstrap.samples) samples of them, seed \(bootstrap.seed)")
    print("\n\(all.text)")
    let what = metric == .mIoU ? "IoU" : metric.rawValue
    print("\n\(bootstrap.table(metric: what).text)")
  }

  private func objects(_ file: String, _ figure: ResampledObjects.Metric) throws -> ResampledObjects {
    if masks {
      let (evaluation, _) = try MaskEvaluation.read(
        truth: truth, predictions: file, imageFolder: truthImages, list: truthList, countsDifficult: countDifficult)
      return ResampledObjects(evaluation, metric: figure)
    }
    let (evaluation, _) = try BoxEvaluation.read(
      truth: truth, predictions: file, imageFolder: truthImages, list: truthList, countsDifficult: countDifficult)
    return ResampledObjects(evaluation, metric: figure)
  }

  private func labelMaps(_ folder: String) throws -> ResampledLabelMaps {
    let reading = try maps.read(truth, images: truthImages, list: truthList)
    var matrices: [ConfusionMatrix] = []
    _ = try SegmentationEvaluation(
      truth: reading, predictions: folder, numbers: maps.predictedNumbers, counts: { matrices.append($0) })
    return ResampledLabelMaps(matrices, names: reading.classes.names, absentClasses: maps.absentClasses)
  }
}
