import Documents
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a run records while it goes on: `metrics.csv`, `metrics.jsonl` and `log.txt` in its folder.
///
/// - `metrics.csv`: one row a step, with the columns named at the start; for spreadsheets.
/// - `metrics.jsonl`: one object for each record, `{"step": 20, "loss": 1.5, …}`, with every value; NaN becomes `null`.
/// - `log.txt`: messages with the time (UTC).
///
/// Each line is handed to the system at once: a killed process loses none of them. ``flush()`` waits for the disk. A
/// full disk does not stop a training: the first failed write is printed once and kept for ``close()``.
public final class RunLog: Sendable {
  private struct Files {
    var rows: MetricRows
    let records: LineFile
    let log: LineFile
    var failure: DocumentError?
  }

  private let files: Mutex<Files>
  private let console: Console?

  /// Begins the three files, or goes on with them.
  ///
  /// - Parameters:
  ///   - folder: the run folder, made where it does not exist.
  ///   - columns: the columns of `metrics.csv` after `step`. A resumed file keeps its own.
  ///   - step: in a resumed run the step of its checkpoint: rows and records of later steps are cut off, so that the
  ///     steps done again are not there twice. `nil` for a new run, whose files must not exist.
  ///   - console: where messages are also printed; `nil` for nowhere.
  public init(
    folder: String, columns: [String], resumedAt step: Int? = nil, console: Console? = .standardError
  ) throws(DocumentError) {
    try Folder.create(folder)
    self.console = console
    let rows = try MetricRows(path: Path.join(folder, "metrics.csv"), columns: columns, resumedAt: step)
    let records = try Self.records(Path.join(folder, "metrics.jsonl"), resumedAt: step)
    let path = Path.join(folder, "log.txt")
    let log = try step == nil ? LineFile(creating: path) : LineFile(appending: path)
    files = Mutex(Files(rows: rows, records: records, log: log))
    if let step { note("resumed at step \(step)") }
  }

  /// Records values of a step. Steps must not go backwards.
  public func record(step: Int, values: [(String, Double)]) {
    var object = JSONObject()
    object["step"] = JSON(step)
    for (name, value) in values { object[name] = JSON(value) }
    let line = JSON.object(object).serialized()
    attempt { files throws(DocumentError) in
      try files.records.append(line)
      try files.rows.record(step: step, values: values)
    }
  }

  /// Writes a message to `log.txt` and prints it. Each line of it gets the time.
  public func message(_ text: String) {
    note(text)
    console?.print(text)
  }

  /// Waits until all that was recorded is on the disk; to be called before a checkpoint becomes the last one.
  public func flush() {
    attempt { files throws(DocumentError) in
      try files.records.synchronize()
      try files.rows.synchronize()
      try files.log.synchronize()
    }
  }

  /// Flushes, and says whether a write has failed since the start.
  public func close() throws(DocumentError) {
    flush()
    if let failure = files.withLock({ $0.failure }) { throw failure }
  }

  private func note(_ text: String) {
    let time = Self.timestamp()
    attempt { files throws(DocumentError) in
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        try files.log.append("\(time) \(line)")
      }
    }
  }

  private func attempt(_ body: (inout Files) throws(DocumentError) -> Void) {
    let failure = files.withLock { files -> DocumentError? in
      guard files.failure == nil else { return nil }
      do throws(DocumentError) {
        try body(&files)
        return nil
      } catch {
        files.failure = error
        return error
      }
    }
    if let failure { (console ?? .standardError).print("warning: \(failure): nothing more is recorded") }
  }

  private static func records(_ path: String, resumedAt step: Int?) throws(DocumentError) -> LineFile {
    guard let step else { return try LineFile(creating: path) }
    guard Folder.hasFile(path) else { return try LineFile(appending: path) }
    var end = 0
    for line in try LineFile.lines(of: path) {
      guard let recorded = try? JSON(parsing: Array(line.text.utf8), file: path)["step"]?.int, recorded <= step else {
        break
      }
      end = line.offset + line.text.utf8.count + 1
    }
    let file = try LineFile(appending: path)
    try file.truncate(to: end)
    return file
  }

  private static func timestamp() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : String(value) }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }
}
