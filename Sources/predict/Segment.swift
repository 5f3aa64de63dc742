import ArgumentParser
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// `predict segment`.
struct Segment: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives every pixel a class with a segmenter of seg-train or torchvision.",
    usage: """
      predict segment --checkpoint RUN|FILE --images PATH --output DIR
      predict segment --model NAME --weights FILE.pth [--classes FILE] --images PATH --output DIR
      """,
    discussion: """
      Writes masks/ (palette PNG files in the images' size, with the numbers of the class table, so that `evaluate \
      segmentation --predictions DIR/masks` can compare), pictures/ with the classes over the image, segments.json \
      (for each image its files, the share of each class and the mean confidence) and skipped.json (images that could \
      not be used). With --explain grad-cam also explanations/, a heat map for each image and class.
      """)

  @OptionGroup(title: "The segmenter") var network: SegmenterOptions
  @OptionGroup(title: "How it looks at images") var looks: LookOptions
  @OptionGroup(title: "Images and results") var files: FileOptions
  @OptionGroup(title: "What is written") var masks: MaskResultOptions
  @OptionGroup(title: "Why a class is found") var explanation: ExplanationOptions
  @OptionGroup(title: "The machine") var machine: MachineOptions

  func run() throws {
    let device = try machine.configure()
    let precision = try machine.precision.resolved(on: device)
    precision.warning(on: device).map(Console.standardError.print)
    let saved = try network.open()
    let inference = try looks.apply(to: saved.input.inference, batchSize: machine.batchSize)
    let tiling = looks.tiling
    let advice = machine.memoryAdvice(
      "tiles (--tile-above, now \(NumberText.short(tiling.above)), and --tile-side, now \(tiling.side)), smaller "
        + "images (--short-side)", precision: precision)
    Engine.adviseOnMemory { advice }
    saved.notes.forEach(Console.standardError.print)
    Console.standardError.print("looks at: \(inference.summary)")
    let explained = try explanation.wanted(of: saved.classes)
    let source = try ImageSource(files, classes: saved.classes.names)
    try files.prepareOutput()
    saved.network.move(to: device)
    let looking = saved.reader(
      inference: inference, workers: machine.workers, device: device, computeType: precision.computeType)
    let explanations = explanation.explain.map { _ in
      ExplanationResults(
        ExplanationReader(
          saved.network, reader: looking.reader, largest: tiling.above, device: device,
          computeType: precision.computeType), classes: saved.classes, wanted: explained, usesIndices: masks.indices,
        output: files.output)
    }
    let results = try SegmentationResults(
      source.pool, classes: saved.classes, files: files, options: masks, explanations: explanations)
    let reader = PredictionReader(looking, tiling: tiling, wants: masks.extras)
    let progress = Progress(total: source.pool.count, label: "predicting", unit: "image")
    var done = 0
    let skipped = try reader.forEachImage(of: source.pool) { found in
      try results.add(found)
      done += 1
      progress.update(step: done)
    }
    progress.finish()
    print(try results.finish(skipped: skipped, looksAt: inference.summary, tiling: tiling))
    guard done > 0 else {
      throw PredictError(description: "not one of the \(source.pool.count) images can be used; see skipped.json")
    }
  }
}

/// What is written of each image.
struct MaskResultOptions: ParsableArguments {
  @Flag(help: "Numbers masks by the classes' places, 0 to K − 1, instead of the numbers of the class table.")
  var indices = false
  @Flag(help: "Also writes confidence/: grey PNG files with the probability of each pixel's class, 255 for 1.")
  var confidence = false
  @Flag(
    help: """
      Also writes scores/: safetensors files with the probabilities of all classes, float16 [classes, height, width]. \
      An image's lie in memory as a whole: 2 bytes for each class and pixel.
      """)
  var scores = false

  /// What the reader is asked for.
  var extras: PixelPrediction.Extras {
    var extras: PixelPrediction.Extras = []
    if confidence { extras.insert(.confidence) }
    if scores { extras.insert(.probabilities) }
    return extras
  }
}
