import Foundation
import TestSupport
import Testing

/// What the programs say about a GPU that is not there.
@Suite(
  "programs with --device cuda", .serialized,
  .disabled(if: FileManager.default.fileExists(atPath: "/dev/nvidia0"), "there is a GPU"))
struct UnavailableDeviceTests {
  private let folder: ScratchFolder
  private static let compiler = ["/usr/bin/clang", "/usr/bin/gcc", "/usr/bin/cc"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  init() throws { folder = try ScratchFolder() }

  /// The error of a training on the first GPU, with libraries of `folder` found before others.
  private func error() throws -> String {
    let outcome = try TinyTraining.run(
      TinyTraining.arguments(["--device", "cuda:0", "--dry-run"]), environment: ["LD_LIBRARY_PATH": folder.path])
    #expect(outcome.exitCode == 1 && outcome.standardOutput.isEmpty)
    return outcome.standardError
  }

  private func compile(_ source: String, _ flags: [String] = []) throws {
    let file = try folder.write(source, to: "fake.c")
    let compiled = try Program(path: Self.compiler ?? "").run(
      ["-shared", "-fPIC", "-o", folder.path + "/libtorch_cuda.so", file] + flags)
    try #require(compiled.exitCode == 0, "\(compiled.standardError)")
  }

  @Test(
    "a build for CPUs says that it is one",
    .enabled(if: ProcessInfo.processInfo.environment["LIBTORCH"] == nil, "LIBTORCH may have CUDA"))
  func cpuBuild() throws {
    let line = try error()
    #expect(
      line.hasPrefix(
        "error: device 'cuda:0' is not available: the program was built with a libtorch for CPUs alone (1.13"))
    #expect(line.count { $0 == "\n" } == 1)
  }

  @Test(
    "a build with CUDA whose driver does not answer says what the CUDA runtime says",
    .enabled(if: compiler != nil, "no C compiler to make a CUDA runtime that fails"))
  func noDriver() throws {
    try compile(
      """
      int cudaGetDeviceCount(int *count) { *count = 0; return 35; }
      const char *cudaGetErrorString(int code) {
        return code == 35 ? "CUDA driver version is insufficient for CUDA runtime version" : "another";
      }
      """)
    #expect(
      try error()
        == "error: device 'cuda:0' is not available: the build has CUDA, but no GPU answers: CUDA driver version is"
        + " insufficient for CUDA runtime version; `nvidia-smi` shows whether the driver runs and which GPUs it sees\n")
  }

  @Test(
    "a build with CUDA that lacks one of its libraries names it",
    .enabled(if: compiler != nil, "no C compiler to make a library that lacks another"))
  func missingLibrary() throws {
    try compile("int cudnn(void) { return 0; }\n", ["-Wl,-soname,libcudnn_fake.so.9"])
    try FileManager.default.moveItem(
      atPath: folder.path + "/libtorch_cuda.so", toPath: folder.path + "/libcudnn_fake.so.9")
    try compile(
      "int cudnn(void); int torch(void) { return cudnn(); }\n", [folder.path + "/libcudnn_fake.so.9"])
    try FileManager.default.removeItem(atPath: folder.path + "/libcudnn_fake.so.9")
    #expect(
      try error().contains("the build has CUDA, but no GPU answers: libcudnn_fake.so.9: cannot open shared object"))
  }
}
