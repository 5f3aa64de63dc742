import TestSupport

extension Program {
  /// Runs it with so much processor time and memory, both held by the system.
  func run(_ arguments: [String], kibibytes: Int, seconds: Int = 1) throws -> Outcome {
    try Program(path: "/bin/sh").run(
      ["-c", "ulimit -t \(seconds); ulimit -v \(kibibytes); exec \"$0\" \"$@\"", path] + arguments,
      environment: ["SWIFT_BACKTRACE": "enable=no", "MALLOC_ARENA_MAX": "1"])
  }
}
