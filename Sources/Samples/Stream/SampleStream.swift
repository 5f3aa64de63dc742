import Documents
import Imaging
import Torch
import Views

/// The endless stream of batches of a run: labelled and unlabelled images, each pool in its own order, made ahead of
/// the step on worker threads.
///
/// A batch is a function of the seed and its position. So the position is all that has to be saved, and neither
/// workers nor prefetching change the numbers. With a policy that learns of probes it is one of what was learnt of batches long before,
/// too (`PolicyHistory`), and that is saved.
public final class SampleStream {
  /// What keeps the draws of the two streams apart.
  private static let (labeledStream, unlabeledStream): (UInt64, UInt64) = (1, 2)

  private let request: ViewRequest
  private let sources: (labeled: StreamSource?, unlabeled: StreamSource?)
  private let options: Options
  private let part: (index: Int, count: Int)
  private let history: PolicyHistory?
  private let makers: (labeled: SampleMaker?, unlabeled: SampleMaker?)
  private let counts: BatchCounts
  private var prefetcher: Prefetcher<Delivery>
  private var skippedPaths: Set<String> = []
  /// Images that could not be used so far, in order of their paths.
  public private(set) var skippedImages: [SkippedImage] = []

  /// A stream from its beginning.
  ///
  /// - Parameter policy: What strong views are drawn by, where it learns of probes.
  /// - Precondition: a stream that is asked for has images; probes are asked for where there is a policy, and fewer batches are made ahead
  ///   than its rates are behind.
  public convenience init(
    request: ViewRequest, labeled: StreamSource?, unlabeled: StreamSource? = nil, policy: CTAugment? = nil,
    options: Options
  ) {
    self.init(request, labeled, unlabeled, policy, options, part: (0, 1), position: 0)
  }

  private init(
    _ request: ViewRequest, _ labeled: StreamSource?, _ unlabeled: StreamSource?, _ policy: CTAugment?,
    _ options: Options, part: (index: Int, count: Int), position: Int
  ) {
    precondition(part.count >= 1 && (0..<part.count).contains(part.index), "SampleStream: expected a part, got \(part)")
    self.request = request
    sources = (labeled, unlabeled)
    self.options = options
    self.part = part
    let counts = BatchCounts(request, parts: part.count, seed: options.seed, decay: options.labeledShareDecay)
    self.counts = counts
    precondition(
      policy == nil || (request.labeled.hasProbes && options.depth < PolicyHistory.lag),
      "SampleStream: expected a policy to have probes and fewer than \(PolicyHistory.lag) batches to be made ahead")
    history = policy.map { Self.history($0, counts, options.seed, parts: part.count) }
    func maker(
      _ source: StreamSource?, _ request: ViewRequest.Stream, _ stream: UInt64,
      _ batch: @escaping @Sendable (Int) -> Range<Int>
    ) -> SampleMaker? {
      guard request.images > 0 else { return nil }
      guard let source, source.pool.count > 0 else {
        preconditionFailure("SampleStream: expected images in stream \(stream), which the method asks for")
      }
      // Of batches of one image there is nothing to group.
      let isGrouped = options.groupByOrientation && (request.images * part.count > 1 || !counts.areFixed)
      return SampleMaker(
        source, request: request, policy: policy, reader: ImageReader(usesScaledDecoding: options.scaledDecoding),
        groups: isGrouped ? source.pool.orientationGroups : [], seed: options.seed, stream: stream, batch: batch)
    }
    makers = (
      maker(labeled, request.labeled, Self.labeledStream, counts.labeledBatch),
      maker(unlabeled, request.unlabeled, Self.unlabeledStream, counts.unlabeledBatch)
    )
    prefetcher = Self.prefetcher(request, makers, counts, history, options, part, from: position)
  }

  private static func history(_ policy: CTAugment, _ counts: BatchCounts, _ seed: UInt64, parts: Int) -> PolicyHistory {
    PolicyHistory(policy) { position in
      let first = counts.draws(ofStep: position, part: 0).labeled.lowerBound
      return (first..<counts.draws(ofStep: position, part: parts - 1).labeled.upperBound).map {
        SampleMaker.probe(ofDraw: $0, seed: seed, stream: labeledStream, policy: policy)
      }
    }
  }

  /// Images of both streams and all processes a step.
  public var imagesPerStep: Int { request.imagesPerStep * part.count }

  /// Steps for one pass over the labelled images, or the unlabelled where there are no others.
  public var stepsPerEpoch: Int {
    let count = makers.labeled?.pool.count ?? makers.unlabeled?.pool.count ?? 1
    let images = (makers.labeled == nil ? Double(request.unlabeled.images) : meanLabeled) * Double(part.count)
    return max(1, Int((Double(count) / max(1, images)).rounded(.up)))
  }

  /// Labelled images a step of one process, in the mean where they are drawn.
  private var meanLabeled: Double {
    request.composition.meanLabeled(request.labeled.images, request.unlabeled.images)
  }

  /// The next batch; waits until it is made.
  public func next() throws(SamplesError) -> SampleBatch {
    let position = position
    let delivery = prefetcher.next()
    note(delivery.skipped)
    func onDevice(_ batches: [any HostBatch]) -> [ViewBatch] { batches.map { $0.viewBatch(on: options.device) } }
    let streams = try delivery.streams.get()
    return SampleBatch(
      labeledWeak: onDevice(streams.labeled.weak), labeledStrong: onDevice(streams.labeled.strong),
      unlabeledWeak: onDevice(streams.unlabeled.weak), unlabeledStrong: onDevice(streams.unlabeled.strong),
      labeledProbes: onDevice(streams.labeled.probes).first, position: position)
  }

  /// Learns how close predictions came to the labels of a batch's probes, before the next batch is taken; nothing without a policy.
  ///
  /// - Parameter proximities: A number of 0…1 for each probe, one that is none where nothing is to be learnt of it. For the stream of one
  ///   of several processes those of all, in the order of their parts: so all draw by the same rates.
  public func learn(_ proximities: [Double], from batch: SampleBatch) {
    history?.learn(proximities, ofBatch: batch.position)
  }

  /// Passes over the next batch; waits until threads have made it, and makes no tensors.
  public func passOver() throws(SamplesError) {
    let delivery = prefetcher.next()
    note(delivery.skipped)
    _ = try delivery.streams.get()
  }

  private func note(_ images: [SkippedImage]) {
    let new = images.filter { skippedPaths.insert($0.path).inserted }
    if !new.isEmpty { skippedImages = (skippedImages + new).sorted { $0.path < $1.path } }
  }

  /// The part for one of several processes, from the same position.
  ///
  /// - Precondition: with a policy that learns of probes the stream is at its beginning: they are counted for all processes together.
  public func shard(_ index: Int, of count: Int) -> SampleStream {
    precondition(history == nil || position == 0, "SampleStream.shard: expected to come before anything is learnt")
    return SampleStream(
      request, sources.labeled, sources.unlabeled, history?.policy, options, part: (index, count), position: position)
  }

  /// How many batches have been delivered.
  public var position: Int { prefetcher.position }

  /// The position, the images that were left out so far, and what identifies the data.
  public var state: JSON {
    var state = JSONObject([
      ("position", JSON(position)), ("data", .string(identity)),
      ("skipped", .array(skippedImages.map { ["path": .string($0.path), "reason": .string($0.reason)] })),
    ])
    if let history { state["policy"] = history.state }
    return .object(state)
  }

  /// Goes on from a saved position.
  public func restore(_ state: JSON) throws(SamplesError) {
    guard let position = state["position"]?.int, position >= 0, state["data"]?.string == identity else {
      throw .otherData(saved: state["data"]?.string ?? "nothing", present: identity)
    }
    if let history, !history.restore(state["policy"]) {
      throw .otherData(saved: "\(identity), with other rates of probes", present: identity)
    }
    skippedPaths = []
    skippedImages = []
    note(
      (state["skipped"]?.array ?? []).compactMap { entry in
        guard let path = entry["path"]?.string, let reason = entry["reason"]?.string else { return nil }
        return SkippedImage(path: path, reason: reason)
      })
    prefetcher = Self.prefetcher(request, makers, counts, history, options, part, from: position)
  }

  /// What decides the batches beside the position, in one line.
  private lazy var identity: String =
    [makers.labeled, makers.unlabeled].compactMap { $0?.pool }
    .map { "\($0.count) \($0.name) images (\($0.digest.prefix(12)))" }.joined(separator: ", ")
    + ", seed \(options.seed), \(imagesPerStep) images a step" + counts.identity + taggedIdentity
    + (history == nil ? "" : ", CTAugment")

  private var taggedIdentity: String {
    guard let share = sources.unlabeled?.taggedShare, share > 0 else { return "" }
    return ", \(share) of unlabelled ones with tags"
  }
}
