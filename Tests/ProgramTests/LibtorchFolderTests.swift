import Documents
import Foundation
import TestSupport
import Testing

/// What SwiftPM says where `LIBTORCH` does not name a libtorch, asked of a copy of this package's manifest.
@Suite("LIBTORCH", .serialized)
struct LibtorchFolderTests {
  private static let package = Path.folder(of: Path.folder(of: Path.folder(of: #filePath)))
  private static let header = "include/torch/csrc/api/include/torch/version.h"
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    _ = try folder.write(
      String(contentsOfFile: Self.package + "/Package.swift", encoding: .utf8), to: "package/Package.swift")
  }

  private func describe(_ libtorch: String) throws -> Program.Outcome {
    try Program(path: "/usr/bin/env").run(
      ["swift", "package", "--package-path", folder.path + "/package", "dump-package"],
      environment: ["LIBTORCH": libtorch])
  }

  @discardableResult private func version(_ major: Int, _ minor: Int, in name: String, _ header: String = header) throws
    -> String
  {
    try folder.write(
      "#define TORCH_VERSION_MAJOR \(major)\n#define TORCH_VERSION_MINOR \(minor)\n", to: name + "/" + header)
  }

  @Test("a folder that is no libtorch, or not one of this platform and age, is named in one line with what is wanted")
  func refused() throws {
    _ = try folder.write("", to: "empty/readme")
    try version(2, 5, in: "headers")
    try version(1, 8, in: "old")
    try version(3, 0, in: "new", "include/torch/headeronly/version.h")
    try version(2, 5, in: "mac")
    _ = try folder.write("", to: "mac/lib/libtorch_cpu.dylib")
    for (name, reason) in [
      ("nowhere", "is no folder; wanted"), ("empty", "has no include/torch; wanted"),
      ("headers", "has no lib/libtorch_cpu.so; wanted"), ("old", "is libtorch 1.8; wanted"),
      ("new", "is libtorch 3.0; wanted"), ("mac", "has no lib/libtorch_cpu.so but a .dylib: it is for macOS; wanted"),
    ] {
      let path = folder.path + "/" + name
      let outcome = try describe(path)
      #expect(outcome.exitCode != 0)
      let lines = (outcome.standardOutput + outcome.standardError).split(separator: "\n")
      #expect(
        lines.contains {
          $0.hasPrefix("error: LIBTORCH=\(path) \(reason) is the folder of a libtorch for Linux, 1.13 or 2.x")
        },
        "\(lines)")
    }
  }

  @Test("one that holds what is needed is taken, with its version in either header")
  func taken() throws {
    try version(2, 5, in: "usual")
    _ = try folder.write("#include <torch/headeronly/version.h>\n", to: "recent/" + Self.header)
    try version(2, 9, in: "recent", "include/torch/headeronly/version.h")
    for name in ["usual", "recent"] {
      for library in ["torch_cpu", "c10"] { _ = try folder.write("", to: "\(name)/lib/lib\(library).so") }
      let outcome = try describe(folder.path + "/" + name)
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
      let flags = outcome.standardOutput.filter { $0 != "\\" }
      #expect(flags.contains("\(folder.path)/\(name)/lib/libtorch_cpu.so"), "\(flags)")
    }
  }
}
