import Documents
import Foundation

/// A program of this package, run as a user runs it, from the build folder that the tests lie in.
public struct Program: Sendable {
  /// Where the program is.
  public let path: String

  /// What a finished program left behind.
  public struct Outcome: Sendable {
    /// The exit code; 128 + N where signal N ended it.
    public let exitCode: Int32
    /// All of standard output.
    public let standardOutput: String
    /// All of standard error.
    public var standardError: String
  }

  /// The program `name`, found beside the test bundle.
  public init(named name: String) {
    var folder = Path.folder(of: Path.resolved("/proc/self/exe") ?? CommandLine.arguments[0])
    // Swift Testing runs the bundle directly, or through a helper that is given the bundle's path.
    for argument in CommandLine.arguments where argument.hasSuffix(".xctest") { folder = Path.folder(of: argument) }
    path = Path.join(folder, name)
    precondition(Folder.hasFile(path), "the program \(name) is not in \(folder): build it first")
  }

  /// The program at a path, such as one of the system.
  public init(path: String) { self.path = path }

  /// Runs the program to its end with nothing on standard input. `environment` is laid over that of the tests.
  public func run(
    _ arguments: [String], environment: [String: String] = [:], currentDirectory: String? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    if let currentDirectory { process.currentDirectoryURL = URL(fileURLWithPath: currentDirectory) }
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: a program that writes much never waits for its reader.
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("program-\(UUID().uuidString)").path
    try Folder.create(scratch)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let output = try Self.sink(scratch + "/output")
    let error = try Self.sink(scratch + "/error")
    process.standardOutput = output
    process.standardError = error
    try process.run()
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return Outcome(
      exitCode: signalled ? 128 + process.terminationStatus : process.terminationStatus,
      standardOutput: try String(contentsOfFile: scratch + "/output", encoding: .utf8),
      standardError: try String(contentsOfFile: scratch + "/error", encoding: .utf8))
  }

  private static func sink(_ path: String) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }
}
