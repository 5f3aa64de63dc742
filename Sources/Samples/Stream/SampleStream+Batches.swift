import Imaging
import Views

extension SampleStream {
  /// What threads make for one position.
  struct Delivery: Sendable {
    let streams: Result<Streams, SamplesError>
    let skipped: [SkippedImage]
  }

  /// The batches of both streams.
  struct Streams: Sendable {
    var labeled = Batches()
    var unlabeled = Batches()
  }

  /// A batch for each view that is asked for.
  struct Batches: Sendable {
    var weak: [any HostBatch] = []
    var strong: [any HostBatch] = []
    var probes: [any HostBatch] = []
  }

  /// Makes the batches from a position on.
  static func prefetcher(
    _ request: ViewRequest, _ makers: (labeled: SampleMaker?, unlabeled: SampleMaker?), _ counts: BatchCounts,
    _ history: PolicyHistory?, _ options: Options, _ part: (index: Int, count: Int), from position: Int
  ) -> Prefetcher<Delivery> {
    let (labeled, unlabeled) = makers
    return Prefetcher(from: position, workers: options.workers, depth: options.depth) { step in
      var skipped: [SkippedImage] = []
      do throws(SamplesError) {
        let draws = counts.draws(ofStep: step, part: part.index)
        let rates = history?.rates(forBatch: step)
        var streams = Streams()
        streams.labeled = try batches(labeled, request.labeled, draws.labeled, rates, options.layout, &skipped)
        streams.unlabeled = try batches(unlabeled, request.unlabeled, draws.unlabeled, rates, options.layout, &skipped)
        return Delivery(streams: .success(streams), skipped: skipped)
      } catch {
        return Delivery(streams: .failure(error), skipped: skipped)
      }
    }
  }

  private static func batches(
    _ maker: SampleMaker?, _ request: ViewRequest.Stream, _ draws: Range<Int>, _ rates: CTAugmentRates?,
    _ layout: BatchLayout, _ skipped: inout [SkippedImage]
  ) throws(SamplesError) -> Batches {
    guard let maker else { return Batches() }
    var samples: [SampleMaker.Sample] = []
    for draw in draws {
      let (sample, unusable) = maker.sample(ofDraw: draw, rates: rates)
      skipped += unusable
      samples.append(try sample.get())
    }
    func batch(_ view: (SampleMaker.Sample) -> View?) -> any HostBatch {
      let items = samples.compactMap { sample in view(sample).map { (pixels: sample.pixels, view: $0) } }
      let images = layout.hostBatch(items)
      guard maker.pixelLabels.areTracked else { return images }
      let maps = samples.compactMap(\.labels)
      return LabelMapBatch(
        images, views: items.map(\.view), maps: maps.count == samples.count ? maps : nil, layout: layout)
    }
    return Batches(
      weak: (0..<request.weak).map { view in batch { $0.weak[view] } },
      strong: (0..<request.strong).map { view in batch { $0.strong[view] } },
      probes: samples.contains { $0.probe != nil } ? [batch(\.probe)] : [])
  }
}
