import Foundation

/// A program of this package while it runs, so that a test can look at its files and send it signals.
public final class RunningProgram {
  private let process: Process
  private let errors: String

  /// Starts `program`; what it says on standard error is kept in the file `errors`.
  public init(_ program: Program, _ arguments: [String], errors: String) throws {
    self.errors = errors
    process = Process()
    process.executableURL = URL(fileURLWithPath: program.path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
  }

  /// Waits until a file is there.
  ///
  /// - Returns: False where the program ended before, or after a minute.
  public func waitForFile(_ path: String) -> Bool {
    for _ in 0..<30_000 {
      if FileManager.default.fileExists(atPath: path) { return true }
      if !process.isRunning { return false }
      usleep(2000)
    }
    return false
  }

  /// Sends a signal.
  public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end: the exit code, 128 + N where signal N ended it, and all of standard error.
  public func wait() throws -> (exitCode: Int32, standardError: String) {
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return (
      signalled ? 128 + process.terminationStatus : process.terminationStatus,
      try String(contentsOfFile: errors, encoding: .utf8)
    )
  }
}
