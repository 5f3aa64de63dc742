import Reporting

/// Runs what reads files through, with progress where there are many.
func hashing<Result>(_ count: Int, _ work: (@escaping (Int) -> Void) throws -> Result) throws -> Result {
  guard count >= 1000 else { return try work { _ in } }
  let progress = Progress(total: count, label: "hashing", unit: "file")
  defer { progress.finish() }
  return try work { progress.update(step: $0) }
}
