import Annotations
import Documents
import Imaging
import Randomness
import Segmentation
import TestSupport
import Testing
import Torch
import Views

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// Methods whose strong views are made by RandAugment or CTAugment.
@Suite struct ViewPolicyTests {
  /// Eight images of two grounds, half of them with label maps.
  private struct Street {
    let folder: ScratchFolder
    let labeled: ImagePool
    let unlabeled: ImagePool
    let table = ClassTable(names: ["low", "high", "box"])

    init() throws {
      folder = try ScratchFolder()
      var images: [PooledImage] = []
      for index in 0..<8 {
        var image = Image(height: 36, width: 40, channels: 3, fill: UInt8(60 + 9 * index))
        var map = Image(height: 36, width: 40, channels: 1)
        for y in 0..<36 {
          for x in 0..<40 {
            let isBox = (8..<20).contains(y) && (4 + index..<18 + index).contains(x)
            map[y, x, 0] = isBox ? 2 : y > 18 ? 1 : 0
            image[y, x, 0] = isBox ? 230 : y > 18 ? 140 : 40
          }
        }
        let (path, mask) = (try folder.file("\(index).png"), try folder.file("\(index)-map.png"))
        try ImageFile.write(image, to: path)
        try ImageFile.writeLabelMap(map, palette: table.palette, to: mask)
        var pooled = PooledImage(path: path, name: "\(index).png", id: index, height: 36, width: 40)
        if index < 4 { pooled.mask = .file(mask) }
        images.append(pooled)
      }
      labeled = ImagePool(name: "labeled", images: Array(images.prefix(4)))
      unlabeled = ImagePool(name: "unlabeled", images: Array(images.suffix(4)))
    }

    func trainer(_ policy: ViewPolicy, workers: Int = 2, steps: Int, accumulation: Int = 1) throws
      -> Trainer<FixMatch, SampleStream>
    {
      var views = SegmentationViewSettings()
      (views.resize, views.cropHeight, views.cropWidth) = (.own, 32, 32)
      views.strongAugmentation.policy = policy
      // So that a few steps make a difference.
      views.strongAugmentation.ctaugment.decay = 0.2
      var settings = FixMatch.Settings()
      (settings.labeledImages, settings.unlabeledImages, settings.threshold) = (2, 2, 0.3)
      var training = TrainerSettings()
      (training.steps, training.accumulation) = (steps, accumulation)
      let length = RunLength(steps: steps, recipeSteps: steps, imagesPerStep: 4)
      var request = settings.views.sharedOut(among: accumulation)
      request.labeled.hasProbes = views.strongAugmentation.learning != nil
      func source(_ pool: ImagePool, _ labels: PixelLabels) -> StreamSource {
        StreamSource(
          pool: pool, weak: views.weak, strong: views.strong, continuesWeak: true, pixelLabels: labels)
      }
      let stream = SampleStream(
        request: request, labeled: source(labeled, .maps(LabelMapReader(table))),
        unlabeled: source(unlabeled, .validity), policy: views.strongAugmentation.learning,
        options: .init(seed: 5, workers: workers))
      let method = FixMatch(
        TinySegmentation.network(), settings: settings,
        loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu), optimizer: OptimizerSettings(),
        length: length)
      return Trainer(method: method, source: stream, settings: training, length: length, seed: 5)
    }
  }

  /// Weights, and the state of the stream.
  private func digest(_ trainer: Trainer<FixMatch, SampleStream>) -> String {
    var hash = SHA256()
    for entry in trainer.method.student.model.stateDict().entries {
      hash.update(entry.name)
      entry.tensor.withBytes { hash.update($0) }
    }
    return hash.hexDigest() + trainer.source.state.serialized()
  }

  @Test(
    "a run that is resumed in the middle equals one that was not, bit for bit, for any number of workers",
    arguments: [ViewPolicy.randaugment, .ctaugment])
  func resume(policy: ViewPolicy) throws {
    let street = try Street()
    let whole = try street.trainer(policy, steps: 12)
    for _ in 0..<12 { try whole.takeStep() }
    let first = try street.trainer(policy, workers: 0, steps: 12)
    for _ in 0..<9 { try first.takeStep() }
    let folder = try RunFolder.create(Path.join(street.folder.path, "run"))
    let checkpoints = Checkpoints(run: folder)
    try checkpoints.saveLast(first.snapshot())
    let second = try street.trainer(policy, workers: 3, steps: 12)
    try second.restore(checkpoints.loadLast())
    for _ in 0..<3 { try second.takeStep() }
    #expect(digest(second) == digest(whole))
    let rates = whole.source.state["policy"]?["rates"]
    #expect((rates == nil) == (policy == .randaugment))
    let values = try policy == .ctaugment ? #require(rates?["identity"]?.array).compactMap(\.double) : []
    #expect(values.allSatisfy { (0...1).contains($0) })
    #expect(policy == .randaugment || rates?.serialized().contains("0.") == true)
  }

  @Test("micro-batches learn of their probes one after the other, and are resumed alike")
  func microBatches() throws {
    let street = try Street()
    let whole = try street.trainer(.ctaugment, steps: 6, accumulation: 2)
    for _ in 0..<6 { try whole.takeStep() }
    #expect(whole.source.state["policy"]?["learnt"]?.array?.last?["position"]?.int == 11)
    let first = try street.trainer(.ctaugment, workers: 0, steps: 6, accumulation: 2)
    for _ in 0..<5 { try first.takeStep() }
    let folder = try RunFolder.create(Path.join(street.folder.path, "run"))
    try Checkpoints(run: folder).saveLast(first.snapshot())
    let second = try street.trainer(.ctaugment, steps: 6, accumulation: 2)
    try second.restore(Checkpoints(run: folder).loadLast())
    try second.takeStep()
    #expect(digest(second) == digest(whole))
  }

  @Test("the unlabelled loss compares moved pixels with what was said where they come from, written out")
  func moved() throws {
    let plain = TinySegmentation.batch(5, isLabeled: false)
    let change = GeometricChange.rotate(degrees: 33)
    func strong(_ view: View) -> View {
      var plan = ViewPlan(originalHeight: 32, originalWidth: 32)
      plan.append(.geometry(change, fill: 0))
      return View(
        image: view.image, imageID: view.imageID, name: view.name, geometry: plan.geometry, steps: plan.steps,
        labels: view.labels)
    }
    // Of the two images the second is moved.
    let views = plain.unlabeledStrong[0].views
    let moved = ViewBatch(
      images: plain.unlabeledStrong[0].images, views: [views[0], strong(views[1])],
      validity: plain.unlabeledStrong[0].validity)
    let batch = SampleBatch(
      labeledWeak: plain.labeledWeak, labeledStrong: [], unlabeledWeak: plain.unlabeledWeak, unlabeledStrong: [moved])
    var settings = FixMatch.Settings()
    (settings.threshold, settings.cutMix.probability) = (0.35, 0)
    func network() -> SegmentationNetwork {
      let network = TinySegmentation.network()
      network.train()
      return network
    }
    let method = settings.makeMethod(
      network(), loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu), optimizer: OptimizerSettings(),
      length: TinySegmentation.length)
    let losses = method.losses(for: batch, at: TinySegmentation.step(0))
    let found = try #require(losses.terms.first { $0.name == "unlabeled_segmentation" }).value.scalar

    let same = network()
    let weak = plain.unlabeledWeak[0]
    let (best, classes) = withoutGradients { same(weak.images).logits.softmax(1).max(1) }
    let logits = same(concatenate([plain.labeledWeak[0].images, moved.images])).logits.sliced(axis: 0, from: 2)
    let (bests, labels, log) = (best.floats, classes.integers, logits.logSoftmax(1).detached().floats)
    let visible = try #require(weak.validity).to(.float32).floats
    let shown = try #require(moved.validity).to(.float32).floats
    let back = change.inverseMap(height: 32, width: 32)
    var (sum, all, outside) = (0.0, 0.0, 0)
    for image in 0..<2 {
      for pixel in 0..<1024 {
        var (y, x) = (pixel / 32, pixel % 32)
        if image == 1 {
          let point = back.map(x: Double(x) + 0.5, y: Double(y) + 0.5)
          (y, x) = (Int(point.y.rounded(.down)), Int(point.x.rounded(.down)))
        }
        guard (0..<32).contains(y), (0..<32).contains(x) else {
          outside += 1
          continue
        }
        let from = image * 1024 + y * 32 + x
        guard visible[from] == 1, shown[image * 1024 + pixel] == 1 else { continue }
        all += 1
        if bests[from] >= 0.35 { sum -= Double(log[(image * 3 + labels[from]) * 1024 + pixel]) }
      }
    }
    #expect(outside > 50 && abs(found - sum / all) < 1e-4, "\(found), \(sum / all)")
  }

  /// FixMatch that says nothing of policies.
  private struct Plain: SegmentationMethodSettings {
    var name = "plain"
    static let summary = ""
    var views: ViewRequest { FixMatch.Settings().views }
    var stepImages = StepImages(labeled: 1, unlabeled: 1)
    func plan(for length: RunLength) -> [String] { [] }
    func makeMethod(
      _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
    ) -> any TrainingMethod<SampleBatch> {
      FixMatch.Settings().makeMethod(network, loss: loss, optimizer: optimizer, length: length)
    }
    private enum CodingKeys: String, CodingKey { case name }
  }

  @Test("a policy that a method cannot learn from is refused with those it can")
  func refused() {
    func message<Method: SegmentationMethodSettings>(_: Method.Type, _ policy: ViewPolicy) -> String? {
      var settings = SegmentationSettings<Method>()
      settings.views.strongAugmentation.policy = policy
      return errorMessage { try settings.checkViewPolicy() }
    }
    for policy in ViewPolicy.allCases {
      #expect(message(FixMatch.Settings.self, policy) == nil && message(ST.Settings.self, policy) == nil)
      #expect(message(SupervisedSegmentation.Settings.self, policy) == nil)
    }
    #expect(message(Plain.self, .sda) == nil)
    #expect(
      message(Plain.self, .ctaugment)
        == "views.strong_augmentation.policy is ctaugment, which method 'plain' cannot learn from; sda is wanted")
  }

  @Test("what a run does with a policy is said in words")
  func words() {
    func line(_ policy: ViewPolicy) -> String {
      var settings = SegmentationSettings<FixMatch.Settings>()
      settings.views.strongAugmentation.policy = policy
      return settings.plan.first { $0.hasPrefix("strong views: ") } ?? ""
    }
    #expect(line(.sda).contains("brightness, contrast"))
    #expect(line(.randaugment).contains("RandAugment, 2 of 14 operations"))
    #expect(line(.ctaugment).contains("CTAugment, 2 of 19 operations") && line(.ctaugment).contains("0.8 of the best"))
  }
}
