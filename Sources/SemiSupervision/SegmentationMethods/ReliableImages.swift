import Annotations
import Documents
import Evaluation
import Layers
import Randomness
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// Stage 2 of ST++: which unlabelled images are learnt first. `stage-2/reliability.json` and `.csv` hold what was found of each.
struct ReliableImages {
  private let settings: SegmentationSettings<STPlusPlus.Settings>
  private let data: SegmentationData
  private let folder: RunFolder
  private var method: STPlusPlus.Settings { settings.method }
  private var place: String { Path.join(folder.path, "stage-2") }
  private var file: String { Path.join(place, "reliability.json") }

  init(_ settings: SegmentationSettings<STPlusPlus.Settings>, data: SegmentationData, folder: RunFolder) {
    self.settings = settings
    self.data = data
    self.folder = folder
  }

  /// The images that are learnt first, and those that stage 5 labels.
  func choose(from pool: ImagePool, teacher: String) throws -> (reliable: ImagePool, rest: ImagePool) {
    if method.learnsAllFirst { return (pool, pool) }
    let reliability =
      method.selection == .random ? drawn(pool) : try measured(pool, teacher: teacher)
    // Of two that are as reliable the first in the pool comes first, so that the choice is one.
    let order = pool.images.indices.sorted {
      reliability[$0] != reliability[$1] ? reliability[$0] > reliability[$1] : $0 < $1
    }
    let first = Array(order.prefix(max(1, Int(Double(pool.count) * method.reliableShare))))
    if method.selection != .random { try writeTable(pool, reliability, order, chosen: first.count) }
    Console.standardError.print(
      "stage-2: \(first.count) of \(pool.count) images are learnt first"
        + (method.selection == .random ? "" : " (\(file))"))
    return (pool.removing(Array(order.dropFirst(first.count))), pool.removing(first))
  }

  private func drawn(_ pool: ImagePool) -> [Double] {
    var generator = SeededGenerator(seed: settings.run.seed, stream: 0x5345_4C45_4354)
    return pool.images.map { _ in generator.uniform(0...1) }
  }

  /// The mean over all looks but the last of the mean IoU with it.
  private func measured(_ pool: ImagePool, teacher: String) throws -> [Double] {
    var known = try readTable()
    let rest = pool.filter { known[$0.name] == nil }
    guard rest.count > 0 else { return pool.images.map { known[$0.name] ?? 0 } }
    try Folder.create(place)
    let device = try RunSetup.device(of: settings.run)
    let looks = try makeLooks(teacher: teacher, device: device)
    let progress = Progress(total: pool.count, label: "stage-2", step: pool.count - rest.count, console: .standardError)
    for start in stride(from: 0, to: rest.count, by: MaskLabeler.chunk) {
      let part = ImagePool(
        name: pool.name, images: Array(rest.images[start..<min(start + MaskLabeler.chunk, rest.count)]))
      var maps: [[Int: [UInt8]]] = []
      for look in looks {
        var found: [Int: [UInt8]] = [:]
        look.forEachImage(of: part) { found[$0.image] = $0.labels.pixels }
        maps.append(found)
      }
      for (place, image) in part.images.enumerated() {
        guard let last = maps[maps.count - 1][place] else { continue }
        known[image.name] = Self.reliability(
          maps.dropLast().compactMap { $0[place] }, last, classCount: data.classes.count)
      }
      try writeKnown(known)
      progress.update(step: pool.count - rest.count + start + part.count, values: [])
      if StopSignals.isStopRequested { throw StoppedByUser(folder: folder, stepsDone: 0, stage: "stage 2") }
    }
    progress.finish()
    return pool.images.map { known[$0.name] ?? 0 }
  }

  /// The mean of the earlier label maps' mean IoU with the last (ST++, section 3.3); 0 where there is no earlier one.
  static func reliability(_ earlier: [[UInt8]], _ last: [UInt8], classCount: Int) -> Double {
    let agreement = earlier.map { ConfusionMatrix.meanIoU($0, last, classCount: classCount) }
    return agreement.reduce(0, +) / Double(max(1, agreement.count))
  }

  /// Snapshots of the teacher's training, or its best weights with dropout and, last, without. All look at images as judges do: the
  /// release selects without several sizes.
  private func makeLooks(teacher: String, device: Device) throws -> [SegmentationReader] {
    func look(_ checkpoint: String) throws -> SegmentationReader {
      let saved = try SavedSegmenter(checkpoint: checkpoint)
      saved.network.move(to: device)
      return saved.reader(
        inference: settings.evaluation, workers: settings.run.workers, device: device,
        computeType: settings.run.precision.computeType)
    }
    guard method.selection == .dropout else {
      let stage = RunFolder(path: teacher)
      return try (1...method.snapshots).map { try look(stage.snapshot($0)) }
    }
    let best = try look(teacher)
    guard let network = best.segmenter as? SegmentationNetwork, network.dropsOut else {
      throw RunError.data(
        "method.selection dropout wants a network with dropout: --set model.dropout=0.1, or another selection")
    }
    let passes = (1..<method.snapshots).map { number in
      SegmentationReader(
        DroppedOut(network, generator: Generator(seed: settings.run.seed &+ UInt64(number))),
        inference: best.inference, reader: best.reader, device: device, computeType: best.computeType)
    }
    return passes + [best]
  }

  private func readTable() throws(DocumentError) -> [String: Double] {
    guard Folder.hasFile(file) else { return [:] }
    let images = try JSON(contentsOf: file)["images"]?.array ?? []
    return Dictionary(
      images.compactMap { entry in
        guard let name = entry["image"]?.string, let value = entry["reliability"]?.double else { return nil }
        return (name, value)
      }
    ) { first, _ in first }
  }

  private func writeKnown(_ known: [String: Double]) throws(DocumentError) {
    let entries = known.sorted { $0.key < $1.key }.map {
      ["image": JSON($0.key), "reliability": JSON($0.value)] as JSON
    }
    try AtomicFile.write(
      (["complete": false, "images": .array(entries)] as JSON).serialized(pretty: true), to: file)
  }

  /// The table in an order of falling reliability, of which so many are chosen.
  private func writeTable(
    _ pool: ImagePool, _ reliability: [Double], _ order: [Int], chosen: Int
  ) throws(DocumentError) {
    let entries = order.enumerated().map { rank, place in
      [
        "image": JSON(pool.images[place].name), "reliability": JSON(reliability[place]),
        "reliable": .bool(rank < chosen),
      ] as JSON
    }
    try AtomicFile.write(
      (["complete": true, "selection": JSON(method.selection.rawValue), "images": .array(entries)] as JSON)
        .serialized(pretty: true), to: file)
    let rows = order.enumerated().map { rank, place in
      [pool.images[place].name, NumberText.fixed(reliability[place], 4), rank < chosen ? "yes" : "no"]
    }
    try AtomicFile.write(
      CSV.text([["image", "reliability", "reliable"]] + rows), to: Path.join(place, "reliability.csv"))
  }
}

/// A trained network whose dropouts are on and whose norms use what they remember.
private final class DroppedOut: PixelSegmenter {
  private let network: SegmentationNetwork
  private let generator: Generator

  init(_ network: SegmentationNetwork, generator: Generator) {
    self.network = network
    self.generator = generator
  }

  var model: Module { network }
  var classCount: Int { network.classCount }

  func logits(of images: Tensor) -> Tensor {
    let dropouts = network.modules().compactMap { $0 as? Dropout }
    dropouts.forEach { $0.train() }
    defer { dropouts.forEach { $0.evaluate() } }
    return network.withDropout(from: generator) { network.logits(of: images) }
  }
}

extension SegmentationNetwork {
  /// Whether anything is dropped in training.
  fileprivate var dropsOut: Bool { modules().contains { ($0 as? Dropout).map { $0.rate > 0 } ?? false } }
}
