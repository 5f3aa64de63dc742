import Documents
import Foundation
import Reporting
import SemiSupervision
import Training

/// What `--batch` or `--micro-batch` asks for.
enum BatchOption: Equatable {
  /// So many images a step.
  case images(Int)
  /// As many as fit into memory.
  case auto

  /// Reads `auto` or a number of 1 or more; nil for anything else.
  init?(_ text: String) {
    if text == "auto" {
      self = .auto
    } else if let count = Int(text), count >= 1 {
      self = .images(count)
    } else {
      return nil
    }
  }

  /// The settings with these images a step. `auto` measures steps, each in a process of its own, and shows the figures.
  func appliedToStep<Settings: RunSettings>(of settings: Settings) throws -> Settings {
    let (images, parts) = (settings.method.stepImages, settings.trainer.accumulation)
    switch self {
    case .images(let count):
      let shared = try images.shared(count)
      guard shared.sharedOut(among: parts) != nil else {
        throw RunError.data(
          "--batch \(count): \(shared) images cannot be shared out evenly among the \(parts) micro-batches of"
            + " trainer.accumulation; --micro-batch N beside it says how many are taken at a time")
      }
      return settings.taking(shared)
    case .auto:
      guard parts == 1 else {
        throw RunError.data(
          "--batch auto looks for a step that fits at once, trainer.accumulation is \(parts): --micro-batch auto keeps"
            + " the step and looks for micro-batches that fit")
      }
      let search = BatchSearch(
        unit: images.unit, measure: { try StepMeasurement.measure(settings.taking($0), isFirst: $0 == images.unit) },
        say: Console.standardError.print)
      return settings.taking(try search.run())
    }
  }

  /// The settings with these images at a time, and the same step.
  func appliedToMicroBatch<Settings: RunSettings>(of settings: Settings) throws -> Settings {
    let images = settings.method.stepImages
    guard case .images(let size) = self else {
      let units = images.total / images.unit.total
      // Two micro-batches, since the gradients of the first lie beside the second.
      let search = BatchSearch(
        unit: images.unit, wanted: .microBatch(unitsOfStep: units),
        measure: {
          try StepMeasurement.measure(settings.taking($0.times(2), accumulation: 2), isFirst: $0 == images.unit)
        }, say: Console.standardError.print)
      let fitting = try search.run().total / images.unit.total
      let parts = (1...units).first { units % $0 == 0 && units / $0 <= fitting } ?? units
      return settings.taking(images, accumulation: parts)
    }
    return settings.taking(images, accumulation: try images.microBatches(of: size))
  }
}

/// Measures the memory of a step in a process of its own, since libtorch may end it.
enum StepMeasurement {
  /// What a step takes; nil where it did not fit.
  ///
  /// - Parameter isFirst: Whether nothing has been measured before: what fails then may have other reasons, and is thrown
  ///   in the words of the process, unless they are about memory.
  static func measure(_ settings: some RunSettings, isFirst: Bool) throws -> StepMemory? {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("batch-\(UUID().uuidString)").path
    try Folder.create(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (file, output, errors) = (folder + "/settings.yaml", folder + "/output", folder + "/errors")
    try AtomicFile.write(settings.yaml, to: file)
    for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }

    let process = Process()
    process.executableURL = URL(fileURLWithPath: Path.resolved("/proc/self/exe") ?? CommandLine.arguments[0])
    process.arguments = ["--measure-step", file]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    process.waitUntilExit()
    guard !StopSignals.isStopRequested else { throw StoppedBeforeStart() }

    if process.terminationReason == .exit, process.terminationStatus == 0 {
      let text = try String(contentsOfFile: output, encoding: .utf8)
      if let memory = StepMemory(try JSON(parsing: text, file: "the measurement of a step")) { return memory }
    }
    let said = try String(contentsOfFile: errors, encoding: .utf8)
    let line = said.split(separator: "\n").last { $0.hasPrefix("error: ") }.map { $0.dropFirst("error: ".count) }
    // Without a line it was ended by the kernel, or by an allocation outside of libtorch.
    if isFirst, let line, !line.hasPrefix("out of memory") { throw RunError.data(String(line)) }
    return nil
  }
}

/// A signal came while steps were measured: there is nothing to save yet.
package struct StoppedBeforeStart: Error, CustomStringConvertible {
  /// One line.
  package let description = "stopped before the first step; nothing was written"
}
