import TestSupport
import Testing

@testable import Torch

@Suite struct DeviceMemoryTests {
  private let folder: ScratchFolder
  private let mebibyte = 1 << 20

  init() throws {
    folder = try ScratchFolder()
    _ = try folder.write("MemTotal: 8388608 kB\nMemFree: 1048576 kB\nMemAvailable: 2097152 kB\n", to: "proc/meminfo")
  }

  private var available: Int? { SystemMemory(root: folder.path).available }

  private func write(_ files: [(String, String)]) throws {
    for (name, text) in files { _ = try folder.write(text + "\n", to: name) }
  }

  @Test("without control groups it is what the system says is available")
  func system() throws {
    #expect(available == 2048 * mebibyte)
    try write([("proc/self/cgroup", "0::/some/group"), ("sys/fs/cgroup/some/group/memory.max", "max")])
    #expect(available == 2048 * mebibyte)
  }

  @Test("a limit of version 2 counts less what is used of it, page cache aside; also one of a group above")
  func versionTwo() throws {
    try write([
      ("proc/self/cgroup", "0::/some/group"), ("sys/fs/cgroup/some/group/memory.max", "max"),
      ("sys/fs/cgroup/some/group/memory.current", "1048576"), ("sys/fs/cgroup/some/memory.max", "\(512 * mebibyte)"),
      ("sys/fs/cgroup/some/memory.current", "\(200 * mebibyte)"),
      ("sys/fs/cgroup/some/memory.stat", "anon 5\ninactive_file \(100 * mebibyte)\nactive_file 7"),
    ])
    #expect(available == 412 * mebibyte)
  }

  @Test("a limit of version 1 counts, in a container whose own group is the topmost; a number near 2⁶³ is none")
  func versionOne() throws {
    try write([
      ("proc/self/cgroup", "9:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n0::/"),
      ("sys/fs/cgroup/memory/memory.limit_in_bytes", "\(1024 * mebibyte)"),
      ("sys/fs/cgroup/memory/memory.usage_in_bytes", "\(1000 * mebibyte)"),
    ])
    #expect(available == 24 * mebibyte)
    try write([("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712")])
    #expect(available == 2048 * mebibyte)
  }

  @Test("this machine says how much memory a program may take, and a limit of the process lowers it")
  func here() async throws {
    #expect(try #require(Device.cpu.freeMemory) > 1 << 20)
    #expect(Device.cuda(1000).freeMemory == nil)
    await #expect(processExitsWith: .success) {
      let limit = 300 << 20
      Engine.limitMemory(to: limit)
      precondition((Device.cpu.freeMemory ?? .max) <= limit)
    }
    await #expect(processExitsWith: .exitCode(1)) {
      Engine.limitMemory(to: 300 << 20)
      _ = Tensor.ones([400 << 20], .uint8)
    }
  }
}
