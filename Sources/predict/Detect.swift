import ArgumentParser
import Detection
import Documents
import Reporting
import Samples
import Torch

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
      """)

  @OptionGroup(title: "The detector") var network: NetworkOptions
  @OptionGroup(title: "Images and results") var files: FileOptions
  @OptionGroup(title: "The machine") var machine: MachineOptions

  func run() throws {
    let device = try machine.configure()
    let precision = try machine.precision.resolved(on: device)
    precision.warning(on: device).map(Console.standardError.print)
    var saved = try network.open()
    try network.apply(to: &saved)
    let advice = machine.memoryAdvice(input: saved.input, precision: precision)
    Engine.adviseOnMemory { advice }
    saved.notes.forEach(Console.standardError.print)
    let source = try ImageSource(files, classes: saved.classes)
    try files.prepareOutput()
    saved.detector.move(to: device)
    let results = try DetectionResults(source, classes: saved.classes, files: files)
    let reader = saved.reader(batchSize: machine.batchSize, workers: machine.workers)
    let progress = Progress(total: source.pool.count, label: "predicting", unit: "image")
    var done = 0
    let images = DetectionReader(saved.detector, reader: reader, device: device, computeType: precision.computeType)
    let skipped = try images.forEachImage(of: source.pool) {
      try results.add(image: $0, size: $1, found: $2)
      done += 1
      progress.update(step: done)
    }
    progress.finish()
    print(try results.finish(skipped: skipped))
    guard done > 0 else {
      throw PredictError(description: "not one of the \(source.pool.count) images can be used; see skipped.json")
    }
  }
}

/// A failure that the program itself finds, in one line.
struct PredictError: Error, CustomStringConvertible {
  let description: String
}
