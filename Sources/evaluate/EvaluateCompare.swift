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

  @Option(help: ArgumentHelp("Also write the comparison to a JSON file; an older one is replaced.", valueName: "FILE"))
  var json: String?

  @OptionGroup var labels: LabelOptions

  @Flag(help: "Compare masks of labels and predictions, not boxes.")
  var masks = false

  @OptionGroup(title: "Options for label maps") var maps: LabelMapFiles

  func validate() throws {
    try results.requireApart(from: [truth] + labels.inputs(for: predictions) + maps.inputs)
    guard predictions.count == 2 else {
      throw ValidationError("--predictions: wanted are two, A and B, got \(predictions.count).")
    }
    if let option = useless.first { throw ValidationError("\(option) is not for \(figure.rawValue).") }
    guard (10...1_000_000).contains(samples) else {
      throw ValidationError("--samples \(samples): a number of 10…1000000 is wanted.")
    }
  }

  func run() throws { try reportingErrors(judge) }

  private var results: ResultPlaces { ResultPlaces([json]) }

  /// The figure that is asked for, else the usual one of what is compared.
  private var figure: Metric { metric ?? (predictions.allSatisfy(Folder.exists) ? .mIoU : .AP) }

  private func judge() throws {
    let figure = figure
    let bootstrap: PairedBootstrap
    var (first, second): ([String], [String]) = ([], [])
    if figure == .mIoU {
      try results.requireWritable()
      let truth = try maps.read(truth, images: labels.truthImages, list: labels.truthList)
      try results.requireApart(from: truth)
      bootstrap = PairedBootstrap(
        try labelMaps(predictions[0], truth, &first), try labelMaps(predictions[1], truth, &second), samples: samples,
        seed: seed)
    } else {
      let metric = ResampledObjects.Metric(rawValue: figure.rawValue) ?? .AP
      bootstrap = PairedBootstrap(
        try objects(predictions[0], metric, &first), try objects(predictions[1], metric, &second), samples: samples,
        seed: seed)
    }
    if let json {
      try AtomicFile.write(
        bootstrap.json(metric: figure.rawValue, runs: predictions).serialized(pretty: true), to: json)
    }
    let all = bootstrap.all
    for (name, path, value) in [("A", predictions[0], all.first), ("B", predictions[1], all.second)] {
      print("\(name): \(path), \(figure.rawValue) \(NumberText.figure(value))")
    }
    print("\(bootstrap.imageCount) images, \(bootstrap.samples) samples of them, seed \(bootstrap.seed)")
    for note in first where second.contains(note) { print("note: \(note)") }
    for note in first where !second.contains(note) { print("note: A: \(note)") }
    for note in second where !first.contains(note) { print("note: B: \(note)") }
    print("\n\(all.text)")
    let what = figure == .mIoU ? "IoU" : figure.rawValue
    print("\n\(bootstrap.table(metric: what).text)")
  }

  /// Options that are given and that the figure has no use for.
  private var useless: [String] {
    guard figure == .mIoU else { return maps.given }
    return [("--masks", masks), ("--count-difficult", labels.countDifficult)].filter(\.1).map(\.0)
  }

  private func objects(
    _ file: String, _ metric: ResampledObjects.Metric, _ notes: inout [String]
  ) throws -> ResampledObjects {
    if masks {
      return ResampledObjects(try read(MaskEvaluation.self, file, &notes), metric: metric)
    }
    return ResampledObjects(try read(BoxEvaluation.self, file, &notes), metric: metric)
  }

  private func read<Shapes: ObjectEvaluation>(
    _ shapes: Shapes.Type, _ file: String, _ notes: inout [String]
  ) throws -> Shapes {
    let read = try labels.read(shapes, truth: truth, predictions: file, writing: results)
    notes = read.evaluation.notes(list: labels.truthList) + read.labels.problems.notes(.corrected)
    return read.evaluation
  }

  private func labelMaps(
    _ folder: String, _ truth: SegmentationReading, _ notes: inout [String]
  ) throws -> ResampledLabelMaps {
    var matrices: [ConfusionMatrix] = []
    let evaluation = try SegmentationEvaluation(
      truth: truth, predictions: folder, numbers: maps.predictedNumbers, counts: { matrices.append($0) })
    notes = truth.notes + [evaluation.surplusNote(folder)].compactMap { $0 }
    return ResampledLabelMaps(matrices, names: truth.classes.names, absentClasses: maps.absentClasses)
  }
}
