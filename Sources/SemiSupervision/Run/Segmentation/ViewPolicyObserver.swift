import Documents
import Training
import Views

/// Keeps `view-policy.json` up to date: what CTAugment has learnt of probes, which levels of each operation strong views are drawn from.
final class ViewPolicyObserver: TrainingObserver {
  private let policy: CTAugment
  private let every: Int
  private let file: String

  /// Writes every `every` steps (0: only in the end).
  init(_ policy: CTAugment, every: Int, folder: RunFolder) {
    self.policy = policy
    self.every = every
    file = folder.viewPolicyFile
  }

  func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    if every > 0, report.stepsDone % every == 0, !run.isComplete { try write(run) }
  }

  func runDidEnd(_ run: any TrainingRun) throws {
    if run.stepsDone > 0 { try write(run) }
  }

  private func write(_ run: any TrainingRun) throws {
    guard let json = Self.json(policy, rates: run.snapshot().source["policy"]?["rates"], step: run.stepsDone) else {
      return
    }
    try AtomicFile.write(json.serialized(pretty: true), to: file)
  }

  /// Rates and weights of the bins of each operation; nil where there are no such rates.
  static func json(_ policy: CTAugment, rates saved: JSON?, step: Int) -> JSON? {
    let values = policy.operations.compactMap { saved?[$0.name]?.array?.compactMap(\.double) }
    guard values.count == policy.operations.count else { return nil }
    let (rates, settings) = (CTAugmentRates(values), policy.settings)
    func list(_ numbers: [Double]) -> JSON { .array(numbers.map { JSON($0) }) }
    let operations = policy.operations.indices.map { index -> (String, JSON) in
      let weights = rates.weights(of: index, decay: settings.decay, threshold: settings.threshold)
      return (policy.operations[index].name, ["rates": list(values[index]), "weights": list(weights)])
    }
    return ["step": JSON(step), "operations": .object(JSONObject(operations))]
  }
}

extension RunFolder {
  /// What CTAugment has learnt.
  var viewPolicyFile: String { Path.join(path, "view-policy.json") }
}
