// swift-tools-version: 6.0
// The targets form one downward list: a target imports only what stands below it here.
// `swift build --explicit-target-dependency-import-check error` holds the sources to it.
import Foundation
import PackageDescription

// MARK: The engine
// Debian's libtorch (1.13, CPU) is found without a flag. `LIBTORCH=/path/to/torch` (a folder with include/ and lib/)
// builds the same sources against a newer one; `LIBTORCH_RPATH` adds folders where it lies on another machine.
// `LIBTORCH=none` leaves out all that needs an engine: annotation-tool, evaluate and their libraries remain.
// libtorch's headers are read as it was built, without their checks: some of its types have other members with them.
var torchHeaders: [CXXSetting] = [.define("NDEBUG")]
var torchLibraries: [LinkerSetting] = [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]
var cxxStandard: CXXLanguageStandard = .cxx17
let hasEngine = Context.environment["LIBTORCH"] != "none"
if let root = Context.environment["LIBTORCH"], !root.isEmpty, hasEngine {
  requireLibtorch(in: root)
  cxxStandard = .cxx20
  torchHeaders.append(.unsafeFlags(["-isystem", root + "/include"]))
  // By path and not by name: pkg-config's folder for libxml2, where Debian's libtorch may lie too, is searched first.
  let libraries = ["torch_cpu", "c10"].map { root + "/lib/lib" + $0 + ".so" }
  torchLibraries = [
    .unsafeFlags((libraries + ["-rpath", root + "/lib"]).flatMap { ["-Xlinker", $0] })
  ]
  for folder in (Context.environment["LIBTORCH_RPATH"] ?? "").split(separator: ":") {
    torchLibraries.append(.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", String(folder)]))
  }
}

let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// A library and its test target.
func library(_ name: String, _ dependencies: [Target.Dependency], tests: [Target.Dependency] = []) -> [Target] {
  [
    .target(name: name, dependencies: dependencies),
    .testTarget(
      name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies + tests,
      resources: [.copy("Fixtures")]),
  ]
}

// MARK: Programs on the engine
let programs: [Target] = [
  .executableTarget(
    name: "detect-train",
    dependencies: [
      "TrainingProgram", "SemiSupervision", "Detection", "Backbone", "Training", "Samples", "Layers", "Torch",
      "Synthesis", "Reporting",
      "Evaluation", "Annotations", "Imaging", "Documents", "Randomness", "CWaitPolicy", arguments,
    ], path: "Sources/detect-train"),
  .executableTarget(
    name: "seg-train",
    dependencies: [
      "TrainingProgram", "SemiSupervision", "Segmentation", "Detection", "Backbone", "Training", "Samples", "Layers",
      "Torch", "Synthesis", "Reporting", "Evaluation", "Annotations", "Imaging", "Documents", "Randomness",
      "CWaitPolicy", arguments,
    ], path: "Sources/seg-train"),
  .executableTarget(
    name: "predict",
    dependencies: [
      "SemiSupervision", "Detection", "Segmentation", "Backbone", "Training", "Samples", "Layers", "Torch",
      "Reporting", "Evaluation", "Annotations", "Imaging", "Documents", "CWaitPolicy", arguments,
    ], path: "Sources/predict"),
  .executableTarget(
    name: "model-tool",
    dependencies: [
      "Detection", "Segmentation", "Backbone", "Training", "Torch", "Reporting", "Annotations", "Documents",
      "CWaitPolicy", arguments,
    ], path: "Sources/model-tool"),
  .executableTarget(
    name: "benchmark",
    dependencies: [
      "SemiSupervision", "Segmentation", "Detection", "Backbone", "Training", "Samples", "Layers", "Torch", "Views",
      "Annotations", "Imaging", "Documents", "Randomness", "CWaitPolicy", arguments,
    ], path: "Sources/benchmark"),
  // Linked into programs alone, where it acts before the engine is loaded.
  .target(name: "CWaitPolicy"),
]

// MARK: Libraries on the engine
let engineLibraries: [Target] =
  [
    .target(
      name: "TrainingProgram",
      dependencies: [
        "SemiSupervision", "Training", "Torch", "Synthesis", "Reporting", "Annotations", "Documents", arguments,
      ])
  ]
  + library(
    "SemiSupervision",
    [
      "Detection", "Segmentation", "Backbone", "Training", "Samples", "Layers", "Torch", "Views", "Reporting",
      "Evaluation",
      "Annotations", "Imaging", "Documents", "Randomness",
    ], tests: ["TestDevice"])
  + library(
    "Detection",
    [
      "Backbone", "Training", "Samples", "Layers", "Torch", "Views", "Reporting", "Evaluation", "Annotations",
      "Imaging",
      "Documents", "Randomness",
    ], tests: ["TestDevice"])
  + library(
    "Segmentation",
    [
      "Backbone", "Training", "Samples", "Layers", "Torch", "Views", "Reporting", "Evaluation", "Annotations",
      "Imaging",
      "Documents", "Randomness",
    ], tests: ["TestDevice"])
  + library("Backbone", ["Layers", "Torch", "Imaging", "Documents"])
  + library(
    "Training", ["Samples", "Layers", "Torch", "Views", "Reporting", "Documents", "Randomness", yams],
    tests: ["Annotations", "Imaging"])
  + library("Samples", ["Torch", "Views", "Annotations", "Imaging", "Documents", "Randomness"], tests: ["TestDevice"])
  + library("Layers", ["Torch", "Randomness", "Documents"], tests: ["TestDevice"])
  + library("Torch", ["CTorch", "Documents", "Randomness"], tests: ["TestDevice"])
  + [.target(name: "CTorch", cxxSettings: torchHeaders, linkerSettings: torchLibraries)]

// MARK: Programs and libraries without the engine
let engineFree: [Target] =
  [
    .executableTarget(
      name: "annotation-tool",
      dependencies: [
        "Synthesis", "Views", "Reporting", "Annotations", "Imaging", "Documents", "Randomness", arguments,
      ],
      path: "Sources/annotation-tool"),
    .executableTarget(
      name: "evaluate",
      dependencies: ["Reporting", "Evaluation", "Annotations", "Imaging", "Documents", arguments],
      path: "Sources/evaluate"),
  ]
  + library("Synthesis", ["Annotations", "Imaging", "Documents", "Randomness"])
  + library("Views", ["Annotations", "Imaging", "Randomness"], tests: ["Documents"])
  + library("Reporting", ["Evaluation", "Imaging", "Documents"])
  + library("Evaluation", ["Annotations", "Documents", "Randomness"])
  + library("Annotations", ["Imaging", "Documents", "Randomness"], tests: ["Oracles"])
  + library("Imaging", ["CImageCodecs", "CImageKernels", "Documents"])
  + library("Documents", ["CJSON", "CXML", "CDigest", "CFileSystem"], tests: ["Oracles", "Randomness"])
  + library("Randomness", [])
  + [
    .target(name: "CImageCodecs", linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),
    .target(name: "CImageKernels"),
    .target(name: "CJSON", linkerSettings: [.linkedLibrary("json-c")]),
    .systemLibrary(name: "CXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CDigest", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CFileSystem"),
  ]

let engineFreeTests: [Target] = [
  .target(name: "Oracles", dependencies: ["CJSON", "Documents"], path: "Tests/Oracles"),
  .target(name: "TestSupport", dependencies: ["Documents"], path: "Tests/TestSupport"),
  .testTarget(
    name: "ToolTests", dependencies: ["TestSupport", "Annotations", "Imaging", "Documents"], path: "Tests/ToolTests"),
]

// `FUZZ=1` adds the program of `tools/fuzz`, which links only with libFuzzer.
let isFuzzing = Context.environment["FUZZ"] == "1"
let fuzzing: [Target] = [
  .executableTarget(
    name: "fuzz-readers", dependencies: ["CFuzzer", "Oracles", "Annotations", "Imaging", "Documents"],
    path: "Tests/Fuzz/Readers"),
  .target(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
]

let engineTests: [Target] = [
  .target(name: "TestDevice", dependencies: ["COtherDevice", "Torch"], path: "Tests/TestDevice"),
  .target(
    name: "COtherDevice", path: "Tests/COtherDevice", cxxSettings: torchHeaders, linkerSettings: torchLibraries),
  .testTarget(
    name: "ProgramTests", dependencies: ["TestSupport", "Annotations", "Imaging", "Documents"],
    path: "Tests/ProgramTests"),
]

let engineProducts: [Product] = [
  .executable(name: "detect-train", targets: ["detect-train"]),
  .executable(name: "seg-train", targets: ["seg-train"]),
  .executable(name: "predict", targets: ["predict"]),
  .executable(name: "model-tool", targets: ["model-tool"]),
  .library(
    name: "SemiVision",
    targets: ["SemiSupervision", "Detection", "Segmentation", "Backbone", "Training", "Samples", "Views"]),
]

let engineFreeProducts: [Product] = [
  .executable(name: "annotation-tool", targets: ["annotation-tool"]),
  .executable(name: "evaluate", targets: ["evaluate"]),
  .library(
    name: "SemiVisionAnnotations", targets: ["Synthesis", "Reporting", "Evaluation", "Annotations", "Imaging"]),
]

let package = Package(
  name: "SemiVision",
  products: (hasEngine ? engineProducts : []) + engineFreeProducts,
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")]
    + (hasEngine ? [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")] : []),
  targets: (hasEngine ? programs + engineLibraries + engineTests : []) + engineFree + engineFreeTests
    + (isFuzzing ? fuzzing : []),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: cxxStandard
)

/// Ends every `swift` command with one line where LIBTORCH does not name what the sources can be built against.
func requireLibtorch(in root: String) {
  func refuse(_ reason: String) -> Never {
    FileHandle.standardError.write(Data("error: LIBTORCH=\(root) \(reason); see docs/setup.md\n".utf8))
    exit(1)
  }
  let wanted = "wanted is the folder of a libtorch for Linux, 1.13 or 2.x"
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue else {
    refuse("is no folder; \(wanted), with include/ and lib/")
  }
  // libtorch 2.9 moved the numbers to the second of these.
  let headers = ["torch/csrc/api/include/torch/version.h", "torch/headeronly/version.h"].compactMap {
    try? String(contentsOfFile: root + "/include/" + $0, encoding: .utf8)
  }
  guard !headers.isEmpty else { refuse("has no include/torch; \(wanted), with include/ and lib/") }
  func number(_ name: String) -> Int {
    for line in headers.joined(separator: "\n").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 3, words[1] == "TORCH_VERSION_" + name, let value = Int(words[2]) { return value }
    }
    return 0
  }
  let (major, minor) = (number("MAJOR"), number("MINOR"))
  guard major == 2 || major == 1 && minor >= 13 else { refuse("is libtorch \(major).\(minor); \(wanted)") }
  for library in ["torch_cpu", "c10"] where !FileManager.default.fileExists(atPath: root + "/lib/lib\(library).so") {
    let isForMac = FileManager.default.fileExists(atPath: root + "/lib/lib\(library).dylib")
    refuse("has no lib/lib\(library).so\(isForMac ? " but a .dylib: it is for macOS" : ""); \(wanted)")
  }
}
