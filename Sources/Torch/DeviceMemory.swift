import CTorch
import FoundationEssentials

extension Device {
  /// Bytes that a program started now could take: on the CPU what the system, its control groups and the process's own
  /// limit leave, on a GPU what is free there. Nil where it cannot be found out.
  public var freeMemory: Int? {
    switch self {
    // A device from outside has no common way to ask it; the tests' one has the host's memory.
    case .cpu, .privateUse:
      let limit = Int(ct_memory_limit())
      let limits = [SystemMemory().available, limit < 0 ? nil : limit].compactMap { $0 }
      return limits.min()
    case .cuda:
      guard isAvailable else { return nil }
      var (free, total) = (Int64(0), Int64(0))
      Engine.check(ct_cuda_memory(handle, &free, &total), "ask for the free memory of \(self)")
      return Int(free)
    }
  }
}

/// The memory that Linux says is free: `MemAvailable`, or less where a control group of the process sets a limit.
///
/// Sources: proc(5); the kernel's documents on control groups, version 2 (`memory.max`) and 1 (`memory.limit_in_bytes`).
struct SystemMemory {
  /// In front of all paths, for tests.
  var root = ""

  /// Bytes, page cache that can be given up included; nil where `/proc/meminfo` does not say it.
  var available: Int? {
    guard let free = entry("MemAvailable", in: "/proc/meminfo") else { return nil }
    return ([free * 1024] + groupRests).min()
  }

  /// What each control group with a limit has left, from the process's own group up to the topmost that can be seen.
  private var groupRests: [Int] {
    lines(of: "/proc/self/cgroup").flatMap { line -> [Int] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3 else { return [] }
      if parts[1].isEmpty {
        return rests(below: "/sys/fs/cgroup", parts[2], limit: "memory.max", used: "memory.current", "inactive_file")
      }
      guard parts[1].split(separator: ",").contains("memory") else { return [] }
      return rests(
        below: "/sys/fs/cgroup/memory", parts[2], limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes",
        "total_inactive_file")
    }
  }

  private func rests(
    below top: String, _ path: String, limit: String, used: String, _ reclaimable: String
  ) -> [Int] {
    var names = path.split(separator: "/").map(String.init)
    var found: [Int] = []
    while true {
      let folder = ([top] + names).joined(separator: "/")
      // A group without a limit says `max`, or in version 1 a number near 2⁶³.
      if let limit = number(folder + "/" + limit), let used = number(folder + "/" + used), limit < 1 << 62 {
        found.append(max(0, limit - used + (entry(reclaimable, in: folder + "/memory.stat") ?? 0)))
      }
      if names.popLast() == nil { return found }
    }
  }

  /// The number behind a name at the beginning of a line.
  private func entry(_ name: String, in path: String) -> Int? {
    for line in lines(of: path) {
      let words = line.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "\t" })
      if words.count >= 2, words[0] == name { return Int(words[1]) }
    }
    return nil
  }

  private func number(_ path: String) -> Int? { lines(of: path).first.flatMap { Int($0) } }

  private func lines(of path: String) -> [String] {
    let text = try? String(contentsOfFile: root + path, encoding: .utf8)
    return (text ?? "").split(separator: "\n").map(String.init)
  }
}
