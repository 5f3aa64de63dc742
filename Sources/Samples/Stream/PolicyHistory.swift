import Documents
import Synchronization
import Views

/// What CTAugment has learnt of the probes of a stream's batches, for the views of later ones.
///
/// Views are made ahead of the step, so those of batch s are drawn by the rates as they were after batch s − ``lag``: what has been learnt
/// since does not matter, however many batches lie ready. Probes that have not been learnt yet when a batch may be begun belong to later
/// batches than that, as long as fewer than ``lag`` batches are made ahead.
///
/// Saved are the oldest rates that are still wanted, and what was learnt since; the bins of probes are functions of the seed and come again.
/// Of several processes each learns of the probes of all, in the order of their draws: so all have the same rates.
final class PolicyHistory: Sendable {
  /// Batches after which rates act.
  static let lag = 8

  /// What is drawn from.
  let policy: CTAugment
  /// What the probes of a batch used, of all processes, in the order of their draws.
  private let probes: @Sendable (_ batch: Int) -> [[CTAugment.Draw]]
  private let known: Mutex<Known>

  private struct Known: Sendable {
    /// The rates before the first of ``batches``.
    var rates: CTAugmentRates
    /// What was learnt of the latest batches, in their order.
    var batches: [Batch] = []
  }

  private struct Batch: Sendable {
    let position: Int
    /// How close predictions came, a number for each probe.
    let proximities: [Double]
    /// The rates after it.
    let rates: CTAugmentRates
  }

  /// A stream of which nothing has been learnt.
  init(_ policy: CTAugment, probes: @escaping @Sendable (_ batch: Int) -> [[CTAugment.Draw]]) {
    self.policy = policy
    self.probes = probes
    known = Mutex(Known(rates: policy.rates))
  }

  /// The rates that views of a batch are drawn by.
  func rates(forBatch position: Int) -> CTAugmentRates {
    known.withLock { known in
      known.batches.last { $0.position <= position - Self.lag }?.rates ?? known.rates
    }
  }

  /// Learns of the probes of a batch, the one after those that were learnt.
  ///
  /// - Precondition: a number for each probe of all processes; batches come in their order.
  func learn(_ proximities: [Double], ofBatch position: Int) {
    known.withLock { learn(proximities, ofBatch: position, &$0) }
  }

  private func learn(_ proximities: [Double], ofBatch position: Int, _ known: inout Known) {
    let used = probes(position)
    precondition(
      proximities.count == used.count && known.batches.last.map { $0.position < position } ?? true,
      "CTAugment: expected numbers for \(used.count) probes of a later batch, got \(proximities.count) of \(position)")
    var rates = known.batches.last?.rates ?? known.rates
    for (probe, proximity) in zip(used, proximities) {
      rates.learn(probe, proximity: proximity, decay: policy.settings.decay)
    }
    known.batches.append(Batch(position: position, proximities: proximities, rates: rates))
    // The next batch that is made ahead wants the rates after `position + 1 − lag` or later ones.
    while let first = known.batches.first, first.position <= position + 1 - Self.lag {
      known.rates = first.rates
      known.batches.removeFirst()
    }
  }

  /// All that later batches depend on. A number that is none is `null`.
  var state: JSON {
    known.withLock { known in
      let rates = zip(policy.operations, known.rates.values).map { operation, values in
        (operation.name, JSON.array(values.map { JSON($0) }))
      }
      let learnt = known.batches.map { batch -> JSON in
        ["position": JSON(batch.position), "proximities": .array(batch.proximities.map { JSON($0) })]
      }
      return ["lag": JSON(Self.lag), "rates": .object(JSONObject(rates)), "learnt": .array(learnt)]
    }
  }

  /// Goes on from a saved state.
  ///
  /// - Returns: Whether it fits; where not, all stays as it is.
  func restore(_ state: JSON?) -> Bool {
    guard let state, state["lag"]?.int == Self.lag, let learnt = state["learnt"]?.array else { return false }
    let values = policy.operations.compactMap { operation in
      (state["rates"]?[operation.name]?.array?.compactMap(\.double)).flatMap { $0.count == operation.bins ? $0 : nil }
    }
    guard values.count == policy.operations.count else { return false }
    var next = Known(rates: CTAugmentRates(values))
    for batch in learnt {
      guard let position = batch["position"]?.int, let proximities = batch["proximities"]?.array,
        next.batches.last.map({ $0.position < position }) ?? true, proximities.count == probes(position).count
      else { return false }
      learn(proximities.map { $0.double ?? .nan }, ofBatch: position, &next)
    }
    known.withLock { $0 = next }
    return true
  }
}
