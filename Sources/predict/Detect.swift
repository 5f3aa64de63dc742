import ArgumentParser
import Detection
import Documents
import Reporting
import Samples
import SemiSupervision
import Torch
import Training

/// `predict detect`.
struct Detect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds boxes with a detector of detect-train, torchvision or mmdetection.",
    usage: """
      predict detect --checkpoint RUN|FILE --images PATH --output DIR
      predict detect --model NAME --weights FILE.pth --images PATH --output DIR
      """,
    discussion: """
      Writes predictions.json (COCO results), images.json (the images with their ids, and the classes; COCO too), \
      skipped.json (images that could not be used) and pictures/ with the boxes drawn. Image ids count the files in the \
      order of their names; with labels as --images they are the labels' own, so that `evaluate boxes` can compare.

      For a person who labels: --pseudo-labels writes what the detector would teach as labels to correct, \
      --rank-for-labeling which images to label next, --suspects which labels to look at again.
      """)

  @OptionGroup(title: "The detector") var network: NetworkOptions
  @OptionGroup(title: "Images and results") var files: FileOptions
  @OptionGroup(title: "For labelling") var labeling: LabelingOptions
  @OptionGroup(title: "The machine") var machine: MachineOptions

  func run() throws {
    let device = try machine.configure()
    let precision = try machine.precision.resolved(on: device)
    precision.warning(on: device).map(Console.standardError.print)
    var saved = try network.open()
    try network.apply(to: &saved)
    let advice = machine.memoryAdvice(
      "smaller images (--short-side, now \(saved.input.shortSide), and --long-side, now \(saved.input.longSide))",
      precision: precision)
    Engine.adviseOnMemory { advice }
    saved.notes.forEach(Console.standardError.print)
    let rules =
      labeling.isAsked
      ? try labeling.rules(checkpoint: network.checkpoint, classCount: saved.classes.count) : nil
    let source = try ImageSource(files, classes: saved.classes, wantsLabels: labeling.suspects)
    try files.prepareOutput()
    saved.detector.move(to: device)
    let results = try DetectionResults(source, classes: saved.classes, files: files, drawAbove: network.drawAbove)
    let reader = saved.reader(batchSize: machine.batchSize, workers: machine.workers)
    let progress = Progress(total: source.pool.count, label: "predicting", unit: "image")
    var done = 0
    func add(_ image: Int, _ size: (height: Int, width: Int), _ found: [FoundBox]) throws {
      try results.add(image: image, size: size, found: found)
      done += 1
      progress.update(step: done)
    }
    let skipped: [SkippedImage]
    var lines: [String] = []
    if let rules {
      rules.words.forEach(Console.standardError.print)
      let written = LabelingResults(
        source, classes: saved.classes, options: labeling, rules: rules, output: files.output)
      let teacher = TeacherReader(
        saved.detector, reader: reader, device: device, computeType: precision.computeType, rules: rules)
      skipped = try teacher.forEachImage(of: source.pool) {
        written.add($0)
        try add($0.image, $0.size, $0.found)
      }
      lines = try written.finish()
    } else {
      let images = DetectionReader(saved.detector, reader: reader, device: device, computeType: precision.computeType)
      skipped = try images.forEachImage(of: source.pool, add)
    }
    progress.finish()
    print(try results.finish(skipped: skipped))
    lines.forEach { print($0) }
    guard done > 0 else {
      throw PredictError(description: "not one of the \(source.pool.count) images can be used; see skipped.json")
    }
  }
}

/// A failure that the program itself finds, in one line.
struct PredictError: Error, CustomStringConvertible {
  let description: String
}
