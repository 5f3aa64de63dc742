import Annotations
import Documents
import Imaging
import Reporting
import Samples
import Segmentation
import Torch

/// Writes what a segmenter says of images, image by image, and gathers the table of all.
final class SegmentationResults {
  private let pool: ImagePool
  private let classes: ClassTable
  private let files: FileOptions
  private let options: MaskResultOptions
  private let drawing: MaskDrawing
  private let explanations: ExplanationResults?
  private var names = ResultNames()
  private var entries: [JSON] = []
  private var counts: [Int]
  private var tiled = 0
  /// Pictures that are larger are made smaller to this, in pixels.
  private static let longSide = 2000

  init(
    _ pool: ImagePool, classes: ClassTable, files: FileOptions, options: MaskResultOptions,
    explanations: ExplanationResults? = nil
  ) throws {
    (self.pool, self.classes, self.files, self.options) = (pool, classes, files, options)
    self.explanations = explanations
    drawing = MaskDrawing(classes)
    counts = [Int](repeating: 0, count: classes.count)
    for folder in ["masks"] + (options.confidence ? ["confidence"] : []) + (options.scores ? ["scores"] : [])
      + (files.noPictures ? [] : ["pictures"]) + (explanations == nil ? [] : [ExplanationResults.folder])
    {
      try Folder.create(Path.join(files.output, folder))
    }
  }

  /// Takes what was found in one image.
  func add(_ found: PixelPrediction) throws {
    let image = pool.images[found.image]
    let name = names.next(image.name, keepsFolders: true)
    let shown = found.pixelCounts(classes: classes.count)
    counts = zip(counts, shown).map { $0 + $1 }
    let pixels = Double(found.height * found.width)
    var entry = JSONObject([
      ("image", JSON(image.name)), ("path", JSON(image.path)), ("height", JSON(found.height)),
      ("width", JSON(found.width)), ("mask", JSON("masks/\(name).png")),
    ])
    try ImageFile.writeLabelMap(numbered(found.labels), palette: palette, to: try place("masks/\(name).png"))
    if !files.noPictures {
      try draw(found, image, to: try place("pictures/\(name).jpg"))
      entry["picture"] = JSON("pictures/\(name).jpg")
    }
    if let confidence = found.confidence {
      try ImageFile.write(confidence, to: try place("confidence/\(name).png"))
      entry["confidenceMap"] = JSON("confidence/\(name).png")
    }
    if let probabilities = found.probabilities {
      try write(probabilities, to: try place("scores/\(name).safetensors"))
      entry["scores"] = JSON("scores/\(name).safetensors")
    }
    if let explanations { entry["explanations"] = try explanations.write(image, as: name) }
    entry["confidence"] = JSON(found.meanConfidence)
    entry["shares"] = .object(
      JSONObject(
        zip(classes.names, shown).filter { $0.1 > 0 }.map { ($0.0, JSON(Double($0.1) / pixels)) }))
    entries.append(.object(entry))
  }

  /// Writes the tables; gives a line that says what is there.
  func finish(skipped: [SkippedImage], looksAt: String, tiling: Tiling) throws -> String {
    let table = classes.classes.enumerated().map { index, entry -> JSON in
      ["id": JSON(options.indices ? index : entry.id), "name": JSON(entry.name), "pixels": JSON(counts[index])]
    }
    let json: JSON = [
      "looksAt": JSON(looksAt),
      "tiles": ["above": JSON(tiling.above), "side": JSON(tiling.side)],
      "classes": .array(table), "images": .array(entries),
    ]
    try AtomicFile.write(json.serialized(pretty: true), to: Path.join(files.output, "segments.json"))
    try SkippedImage.write(skipped, to: Path.join(files.output, "skipped.json"))
    let all = max(1, counts.reduce(0, +))
    let largest = zip(classes.names, counts).enumerated().filter { $0.element.1 > 0 }
      .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }.prefix(5)
    var line = "\(files.output): label maps of \(entries.count) images"
    if !largest.isEmpty {
      line +=
        "; "
        + largest.map { "\($0.element.0) \(NumberText.fixed(100 * Double($0.element.1) / Double(all), 1)) %" }
        .joined(separator: ", ")
      let shown = counts.filter { $0 > 0 }.count
      if shown > largest.count { line += " and \(shown - largest.count) more" }
    }
    if let first = skipped.first {
      line += "; \(skipped.count) images could not be used, such as \(first.path): \(first.reason)"
    }
    return line
  }

  /// A file's place, whose folder is there.
  private func place(_ name: String) throws -> String {
    let path = Path.join(files.output, name)
    try Folder.create(Path.folder(of: path))
    return path
  }

  /// The label map in the numbers that are written.
  private func numbered(_ labels: Image) -> Image {
    guard !options.indices, classes.classes.enumerated().contains(where: { $0.offset != $0.element.id }) else {
      return labels
    }
    let ids = classes.classes.map { UInt8($0.id) }
    return Image(
      height: labels.height, width: labels.width, channels: 1, pixels: labels.pixels.map { ids[Int($0)] })
  }

  /// The colours of the numbers that are written.
  private var palette: [RGB] {
    guard !options.indices else { return classes.palette }
    var palette = [RGB](repeating: .black, count: 256)
    for entry in classes.classes { palette[entry.id] = entry.color }
    return palette
  }

  private func draw(_ found: PixelPrediction, _ image: PooledImage, to path: String) throws {
    let reader = ImageReader()
    let scale = min(1, Double(Self.longSide) / Double(max(found.height, found.width)))
    let pixels = try reader.decode(
      reader.open(image), shortSide: max(1, Int((Double(min(found.height, found.width)) * scale).rounded())))
    // Small pictures get room for names.
    let shown = pixels.fitted(leastLongSide: 256, longSide: Self.longSide)
    let labels = found.labels.resizedNearest(height: shown.height, width: shown.width)
    try ImageFile.write(drawing.withLegend(drawing.overlay(labels, on: shown), of: [labels]), to: path)
  }

  private func write(_ probabilities: Tensor, to path: String) throws {
    try SafetensorsFile.write(
      [.init(name: "probabilities", tensor: probabilities)],
      metadata: ["classes": JSON.array(classes.names.map { JSON($0) }).serialized()], to: path)
  }
}
