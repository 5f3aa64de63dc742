import Samples
import Torch
import Training

/// Serves steps of a method as repetitions, or prints what their parts take.
struct MethodServer {
  let machine: MachineOptions
  /// Steps whose parts are printed; 0 to serve.
  let parts: Int
  let length: RunLength

  /// Takes steps as the trainer does.
  func serve<Method: TrainingMethod<SampleBatch>>(
    _ method: Method, _ stream: SampleStream, on device: Device
  ) throws {
    var settings = TrainerSettings()
    settings.steps = length.steps
    settings.searchConvolutions = machine.search
    let trainer = Trainer(
      method: method, source: stream, settings: settings, length: length, seed: 1)
    var failure: (any Error)?
    guard parts > 0 else {
      try serveRepetitions(on: device, machine) { do { try trainer.takeStep() } catch { failure = error } }
      if let failure { throw failure }
      return
    }
    for _ in 0..<2 { try trainer.takeStep() }
    try printParts(of: trainer, on: device)
  }

  /// A line for each part of a step and for the whole: name, seconds, operations, bytes and the floor's seconds, each the
  /// median of the steps taken; then one for each figure that the method reports; at last `rates`, as `--rates` takes them.
  private func printParts<Method: TrainingMethod<SampleBatch>>(
    of trainer: Trainer<Method, SampleStream>, on device: Device
  ) throws {
    let peak = try machine.peak(on: device)
    let profile = StepProfile(counter: WorkCounter(peak: peak), synchronize: { device.synchronize() })
    trainer.profile = profile
    var taken: [[(name: String, values: [Double])]] = []
    for _ in 0..<parts {
      profile.reset()
      let report = try profile.measureStep { try trainer.takeStep() }
      if let skip = report.skip { throw RunError.notFinite(step: 0, terms: skip.terms, images: skip.images, count: 1) }
      let rows = (profile.parts + [profile.whole]).map { part in
        let work = part.work
        return (part.name, [part.seconds, Double(work.flops), Double(work.bytes), work.floorSeconds])
      }
      taken.append(rows + report.figures.map { ($0.name, [$0.value]) })
    }
    for row in taken[0] {
      let steps = taken.compactMap { step in step.first { $0.name == row.name }?.values }
      let medians = row.values.indices.map { column in steps.map { $0[column] }.sorted()[steps.count / 2] }
      print(([row.name] + medians.map { "\($0)" }).joined(separator: "\t"))
    }
    let rates = [peak.float32, peak.bfloat16, peak.bytes].compactMap { $0 }
    print("rates\t" + rates.map { "\($0)" }.joined(separator: ","))
  }
}
