import Annotations
import Imaging
import Randomness
import Synchronization
import Views

/// Makes the views of single draws of one pool: picks the image, decides the views, decodes.
///
/// All of it is a function of (seed, stream, draw). An image that cannot be used is replaced by others in an order that
/// depends on the draw alone, so the replacement, too, is the same for any number of workers.
final class SampleMaker: Sendable {
  /// A decoded image with its views.
  struct Sample: Sendable {
    let pixels: Image
    /// The classes of the image's pixels; nil where the stream reads none.
    let labels: Image?
    let weak: [View]
    let strong: [View]
    /// The weak view as a probe; nil where none is asked for.
    let probe: View?
  }

  let pool: ImagePool
  var pixelLabels: PixelLabels { source.pixelLabels }
  private let request: ViewRequest.Stream
  private let source: StreamSource
  private let policy: CTAugment?
  private let reader: ImageReader
  private let order: PartedOrder
  private let seed: UInt64
  private let stream: UInt64
  /// Images that were found unusable, by their place; spares opening them again, and changes no result.
  private let unusable = Mutex<[Int: SkippedImage]>([:])

  init(
    _ source: StreamSource, request: ViewRequest.Stream, policy: CTAugment?, reader: ImageReader, groups: [Int],
    seed: UInt64, stream: UInt64, batch: @escaping @Sendable (_ draw: Int) -> Range<Int>
  ) {
    pool = source.pool
    self.request = request
    self.source = source
    self.policy = policy
    self.reader = reader
    self.seed = seed
    self.stream = stream
    order =
      source.taggedShare == 0
      ? PartedOrder(EpochOrder(count: pool.count, seed: seed, stream: stream, groups: groups, batch: batch))
      : PartedOrder(
        isFirst: pool.images.map { $0.tags != nil }, share: source.taggedShare, seed: seed, stream: stream)
  }

  /// What the probe of a draw uses: a function of the draw, whichever image it is.
  static func probe(ofDraw draw: Int, seed: UInt64, stream: UInt64, policy: CTAugment) -> [CTAugment.Draw] {
    var generator = generator(of: .probe, 0, ofDraw: draw, seed: seed, stream: stream)
    return policy.probeDraws(using: &generator)
  }

  private enum Kind: UInt64 { case weak, strong, probe }

  /// By which a view is decided.
  private static func generator(
    of kind: Kind, _ number: Int, ofDraw draw: Int, seed: UInt64, stream: UInt64
  ) -> SeededGenerator {
    SeededGenerator(seed: seed, stream: 0x7669_6577, stream, UInt64(draw), kind.rawValue, UInt64(number))
  }

  /// The views of a draw, and the images that were found unusable on the way.
  ///
  /// - Parameter rates: What the policy of strong views has learnt; nil where nothing is learnt.
  func sample(
    ofDraw draw: Int, rates: CTAugmentRates?
  ) -> (sample: Result<Sample, SamplesError>, skipped: [SkippedImage]) {
    var skipped: [SkippedImage] = []
    let first = order.image(ofDraw: draw)
    if let sample = usable(first, draw, rates, &skipped) { return (.success(sample), skipped) }
    var generator = SeededGenerator(seed: seed, stream: 0x7265_706C, stream, UInt64(draw))
    for index in generator.permutation(pool.count) where index != first {
      if let sample = usable(index, draw, rates, &skipped) { return (.success(sample), skipped) }
    }
    let example = skipped.first.map { "\($0.path): \($0.reason)" } ?? ""
    return (.failure(.noUsableImage(pool: pool.name, count: pool.count, example: example)), skipped)
  }

  private func usable(
    _ index: Int, _ draw: Int, _ rates: CTAugmentRates?, _ skipped: inout [SkippedImage]
  ) -> Sample? {
    if let known = unusable.withLock({ $0[index] }) {
      skipped.append(known)
      return nil
    }
    do {
      return try make(index, draw, rates)
    } catch {
      var problem = SkippedImage(path: pool.images[index].path, reason: "\(error)")
      if case .image(let path, let reason) = error { problem = SkippedImage(path: path, reason: reason) }
      unusable.withLock { $0[index] = problem }
      skipped.append(problem)
      return nil
    }
  }

  private func make(_ index: Int, _ draw: Int, _ rates: CTAugmentRates?) throws(SamplesError) -> Sample {
    let image = pool.images[index]
    let opened = try reader.open(image)
    /// What is decided about a view: by the draw and the view's kind and number, not by which views were made before.
    func plan(
      _ augmentations: [any Augmentation], _ kind: Kind, _ number: Int, after begun: ViewPlan? = nil
    ) -> ViewPlan {
      var generator = Self.generator(of: kind, number, ofDraw: draw, seed: seed, stream: stream)
      var plan = begun ?? ViewPlan(originalHeight: opened.height, originalWidth: opened.width)
      for augmentation in augmentations { augmentation.adjust(&plan, using: &generator) }
      return plan
    }
    func view(_ plan: ViewPlan) -> View {
      View(
        image: index, imageID: image.id, name: image.name, geometry: plan.geometry, steps: plan.steps,
        labels: plan.geometry.labels(image.labels), tags: image.tags)
    }
    let weak = (0..<request.weak).map { view(plan(source.weak, .weak, $0)) }
    let parts = rates.map { rates in source.strong.map { $0.following(rates) } } ?? source.strong
    let strong = (0..<request.strong).map { number in
      // Where there are fewer weak views than strong ones, several go on from one.
      let begun = request.weak > 0 ? number % request.weak : number
      return view(plan(parts, .strong, number, after: source.continuesWeak ? plan(source.weak, .weak, begun) : nil))
    }
    let probe =
      request.hasProbes ? policy.map { view(plan([$0.probe], .probe, 0, after: plan(source.weak, .weak, 0))) } : nil
    let side =
      (weak + strong + (probe.map { [$0] } ?? [])).map { min($0.geometry.scaledHeight, $0.geometry.scaledWidth) }.max()
      ?? 1
    return Sample(
      pixels: try reader.decode(opened, shortSide: side),
      labels: try source.pixelLabels.map(of: image, height: opened.height, width: opened.width), weak: weak,
      strong: strong, probe: probe)
  }
}
