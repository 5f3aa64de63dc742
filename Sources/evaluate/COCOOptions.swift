import Annotations
import ArgumentParser
import Documents
import Evaluation
import Reporting

/// What is judged by COCO's rules, boxes and masks alike, how they are applied, and what is written of the outcome.
struct COCOOptions: ParsableArguments {
  @OptionGroup var files: JudgedFiles

  @Option(
    help: ArgumentHelp(
      "strict: as pycocotools 2.0.11, quirks included; corrected: its quirks are mended, as while training.",
      valueName: "RULE"))
  var parity: EvaluationParity = .strict

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("How many detections of an image and class are looked at (maxDets).", valueName: "N"))
  var maxDetections: [Int] = [1, 10, 100]

  @Option(
    help: ArgumentHelp(
      "Also write precision, scores and recall as pycocotools' eval has them, for numpy.load.", valueName: "NPZ"))
  var arrays: String?

  func validate() throws {
    guard !maxDetections.isEmpty, maxDetections.allSatisfy({ $0 > 0 }),
      Set(maxDetections).count == maxDetections.count
    else { throw ValidationError("--max-detections: numbers from 1 on are wanted, each once.") }
    try files.requireApart([arrays])
  }

  /// What the figures are, for the help of the programs, with the names of what strict parity keeps.
  static let discussion = """
    Figures and arrays are those of pycocotools 2.0.11 in every bit. Figures lie in 0…1; -1 means that there is nothing \
    to judge by, such as no small object. Its quirks, with --parity strict; with --parity corrected:

    \(PycocotoolsQuirk.allCases.map { "\($0.rawValue): \($0.summary)." }.joined(separator: "\n"))
    """

  /// Judges, writes the files that are asked for, and prints the figures.
  func judge<Shapes: ObjectEvaluation>(_ shapes: Shapes.Type) throws {
    let (evaluation, labels) = try files.read(shapes, parity: parity, writing: [arrays])
    let notes = evaluation.notes(list: files.labels.truthList) + labels.problems.notes(parity)
    let result = evaluation.averagePrecision(maxDetections: maxDetections, keepsArrays: arrays != nil)
    let metrics = result.metrics
    if let json = files.json { try AtomicFile.write(metrics.json.serialized(pretty: true), to: json) }
    if let arrays { try result.arrays.archive.write(to: arrays) }
    print(
      "\(evaluation.images.count) images, \(evaluation.truthCount) objects, \(evaluation.detectionCount) predictions")
    for note in notes { print("note: \(note)") }
    print("\n\(metrics.summaryText)\n\n\(metrics.classTable.text)")
  }
}

extension EvaluationParity: ExpressibleByArgument {}
