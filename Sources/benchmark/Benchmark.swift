import ArgumentParser
import Torch

/// Times parts of the toolkit step by step, on request of `tools/benchmark`, which runs a peer in turn with it.
///
/// It prepares its work, prints `ready`, and then does one repetition for each line `step` on standard input, answering
/// with the seconds it took; at the end of input it prints the peak resident memory in bytes.
@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Times one part, a repetition for each line on standard input.",
    subcommands: [DetectStep.self, MethodStep.self, RoIAlignRepetition.self, SuppressionRepetition.self])
}

/// What every subcommand takes.
struct MachineOptions: ParsableArguments {
  @Option(help: "Threads of the engine.") var threads = 2
  @Option(help: "cpu or cuda:N.") var device = "cpu"

  /// Sets the engine up and gives the device.
  func configure() throws -> Device {
    guard let device = Device(device), device.isAvailable else {
      throw ValidationError("--device \(device): not available here")
    }
    Engine.configure(threadCount: threads)
    return device
  }
}

/// Answers each line of standard input with the seconds that one repetition takes.
func serveRepetitions(on device: Device, _ repetition: () -> Void) {
  repetition()
  print("ready", flushing: true)
  let clock = ContinuousClock()
  while readLine() != nil {
    let duration = clock.measure {
      repetition()
      device.synchronize()
    }
    print("\(Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)", flushing: true)
  }
  print("\(Engine.peakMemory)", flushing: true)
}
