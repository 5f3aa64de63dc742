import Annotations
import ArgumentParser
import Documents
import Evaluation
import Reporting

/// How COCO's rules are applied, to boxes and masks alike, and what is written of the outcome.
struct COCOOptions: ParsableArguments {
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
  }

  /// The names of what strict parity keeps, for the help of the programs.
  static let quirks = PycocotoolsQuirk.allCases.map { "\($0.rawValue): \($0.summary)." }.joined(separator: "\n")

  /// What was judged, as the first lines say it.
  struct Judged {
    var images: Int
    var objects: Int
    var predictions: Int
    var ignored: Int
    var leftOut: Int
    var unknownClass: Int
    var problems: AnnotationProblems
  }

  /// Writes the files that are asked for and prints the figures.
  func report(_ result: AveragePrecision, _ judged: Judged, _ files: JudgedFiles) throws {
    let metrics = result.metrics
    if let json = files.json { try AtomicFile.write(metrics.json.serialized(pretty: true), to: json) }
    if let arrays { try result.arrays.archive.write(to: arrays) }
    print("\(judged.images) images, \(judged.objects) objects, \(judged.predictions) predictions")
    if judged.ignored > 0 {
      print(
        parity == .strict
          ? "note: \(judged.ignored) difficult or ignored objects count like others, as in pycocotools (--parity corrected)"
          : "\(judged.ignored) difficult or ignored objects are neither wanted nor held against (--count-difficult)")
    }
    if judged.leftOut > 0 {
      print("\(judged.leftOut) predictions are for images that \(files.truthList ?? "the list") leaves out")
    }
    if judged.unknownClass > 0 {
      print("note: \(judged.unknownClass) predictions are of classes that the labels do not have: left out")
    }
    for line in notes(judged.problems) { print(line) }
    print("\n\(metrics.summaryText)\n\n\(metrics.classTable.text)")
  }

  /// What is odd about the labels and is judged as it is.
  private func notes(_ problems: AnnotationProblems) -> [String] {
    let zero =
      parity == .strict
      ? "objects have id 0: they are never found, as in pycocotools (--parity corrected)"
      : "objects have id 0: pycocotools would never find them, here they count like others"
    let kinds: [(AnnotationProblems.Code, String)] = [
      (.zeroArea, "objects have a box without area: no prediction can match them"),
      (.outside, "objects lie outside their image"),
      (.zeroObjectID, zero),
    ]
    return kinds.compactMap { code, text in problems.counts[code].map { "note: \($0) \(text)" } }
      + problems.examples.filter { $0.code == .numberedHere }.map { "note: \($0.message)" }
  }
}

extension EvaluationParity: ExpressibleByArgument {}
