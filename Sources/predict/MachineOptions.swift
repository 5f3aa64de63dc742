import ArgumentParser
import Torch
import Training

/// What computes.
struct MachineOptions: ParsableArguments {
  @Option(help: "cpu, cuda or cuda:N.") var device = "cpu"
  @Option(help: "Threads of the engine; by default one for each core.") var threads: Int?
  @Option(help: "Threads that decode images.") var workers = 2
  @Option(help: "Images at a time; a detector's are padded to one size, a segmenter's must be of one.")
  var batchSize = 1
  @Option(help: "float32, with the figures that training judged; bfloat16, faster and near to them; auto.")
  var precision = Precision.float32

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): a number of 1 or more is wanted.") }
    if workers < 0 { throw ValidationError("--workers \(workers): a number of 0 or more is wanted.") }
    if batchSize < 1 { throw ValidationError("--batch-size \(batchSize): a number of 1 or more is wanted.") }
  }

  /// Sets the engine up.
  func configure() throws -> Device {
    guard let found = Device(device) else {
      throw ValidationError("--device \(device): cpu, cuda or cuda:N is wanted.")
    }
    try found.requireAvailable()
    Engine.configure(threadCount: threads ?? Engine.processorCount)
    return found
  }

  /// What takes less memory than these options.
  ///
  /// - Parameter smaller: How images become smaller.
  func memoryAdvice(_ smaller: String, precision: Precision) -> String {
    let ways = [
      batchSize > 1 ? "fewer images at a time (--batch-size, now \(batchSize))" : nil, smaller,
      precision == .bfloat16 ? nil : "--precision bfloat16",
    ]
    return "less is taken by " + ways.compactMap { $0 }.joined(separator: ", ")
  }
}

extension Precision: ExpressibleByArgument {}
