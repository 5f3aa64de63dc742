import ArgumentParser
import Torch
import Training

/// Times parts of the toolkit step by step, on request of `tools/benchmark`, which runs a peer in turn with it.
///
/// It prepares its work, prints `ready`, and then does one repetition for each line `step` on standard input, answering
/// with the seconds it took; at the end of input it prints the peak resident memory in bytes.
@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Times one part, a repetition for each line on standard input.",
    subcommands: [
      DetectStep.self, MethodStep.self, SegmentMethodStep.self, RoIAlignRepetition.self, SuppressionRepetition.self,
      LoaderRepetition.self,
      PredictRepetition.self, SegmentStep.self, SegmentLabelRepetition.self,
    ])
}

/// What every subcommand takes.
struct MachineOptions: ParsableArguments {
  @Option(help: "Threads of the engine.") var threads = 2
  @Option(help: "Threads that read images beside a method's steps.") var workers = 2
  @Option(help: "Steps in a repetition, whose mean time is said: a device is waited for after the last.") var steps = 1
  @Option(help: "cpu or cuda:N.") var device = "cpu"
  @Option(help: "What networks compute in: float32, bfloat16 or auto.") var precision = "float32"

  @Flag(help: "On a GPU: times the algorithms of convolutions and keeps to the fastest.") var search = false
  @Flag(
    help: "Prints the seconds that the work of a repetition needs at least, its operations and its bytes, and ends.")
  var floor = false
  @Flag(
    help: "Prints what each operator took in a repetition, the longest first: name, calls, seconds, floor; and ends.")
  var operators = false

  @Flag(help: "With --operators: waits for a GPU behind each, to see what it takes there.") var waits = false
  @Option(
    help: "What floors are made of: operations a second in float32, in bfloat16, and bytes; measured where not given.")
  var rates: String?

  /// Sets the engine up and gives the device.
  func configure() throws -> Device {
    guard let device = Device(device), device.isAvailable else {
      throw ValidationError("--device \(device): not available here")
    }
    Engine.configure(threadCount: threads)
    Engine.searchConvolutions(search)
    return device
  }

  /// What networks compute in on a device; nil for the type of the images.
  func computeType(on device: Device) throws -> ElementType? {
    guard let precision = Precision(rawValue: precision) else {
      throw ValidationError("--precision \(precision): float32, bfloat16 or auto is wanted")
    }
    return try precision.resolved(on: device).computeType
  }
}

extension MachineOptions {
  /// What floors are made of: the rates that are given, which floors that are held against each other have in common, or measured ones.
  func peak(on device: Device) throws -> MachinePeak {
    guard let rates else {
      return .measured(on: device, bfloat16: try computeType(on: device) == .bfloat16)
    }
    let numbers = rates.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? 0 }
    guard [2, 3].contains(numbers.count), numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ValidationError("--rates \(rates): operations and bytes a second are wanted, such as 1e11,2e10")
    }
    return MachinePeak(
      float32: numbers[0], bfloat16: numbers.count == 3 ? numbers[1] : nil, bytes: numbers[numbers.count - 1])
  }
}

/// Answers each line of standard input with the seconds that a step of one repetition takes; or says what one needs at least.
func serveRepetitions(on device: Device, _ machine: MachineOptions, _ repetition: () -> Void) throws {
  repetition()
  if machine.floor || machine.operators {
    let counter = WorkCounter(peak: try machine.peak(on: device), waits: machine.waits)
    counter.count(repetition)
    let work = counter.total
    guard machine.operators else { return print(work.floorSeconds, work.flops, work.bytes) }
    for (name, work) in counter.operators.sorted(by: { $0.work.seconds > $1.work.seconds }) + [("all", work)] {
      print(name, work.calls, work.seconds, work.floorSeconds, separator: "\t")
    }
    return
  }
  print("ready", flushing: true)
  let clock = ContinuousClock()
  while readLine() != nil {
    let duration = clock.measure {
      for _ in 0..<machine.steps { repetition() }
      device.synchronize()
    }
    print("\(duration / .seconds(1) / Double(machine.steps))", flushing: true)
  }
  print("\(Engine.peakMemory)", flushing: true)
}
