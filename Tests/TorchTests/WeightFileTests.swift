import Documents
import Randomness
import TestSupport
import Testing

@testable import Torch

@Suite("WeightFile") struct WeightFileTests {
  private static let files =
    ["pth/views.pth", "pth/views-legacy.pth", "pth/checkpoint.pth", "pth/checkpoint-legacy.pth"]
    + ["pth/types-protocol4.pth", "safetensors/reference.safetensors"]

  @Test(
    "a file in no known format is refused, also an empty one", arguments: [[], [1, 2, 3], Array("{\"a\": 1}".utf8)])
  func unknown(bytes: [UInt8]) throws {
    let file = try ScratchFile(bytes)
    let error = try #require(errorMessage { _ = try file.weights() })
    #expect(error.contains("wanted is safetensors or a PyTorch file"), "\(error)")
  }

  @Test("a file that is not there is refused by its name")
  func missing() {
    #expect(
      errorMessage { _ = try WeightFile.read("/nowhere/w.pth") }?.hasPrefix("/nowhere/w.pth: cannot read") == true)
  }

  @Test("a safetensors file has no keys to choose from")
  func keyOfSafetensors() {
    let path = WeightFixtures.path("safetensors/reference.safetensors")
    #expect(errorMessage { _ = try WeightFile.read(path, key: "ema") }?.contains("holds one set of tensors") == true)
  }

  /// Reads a file and all of its tensors, so that a range outside the file would be touched.
  private func readThrough(_ bytes: [UInt8], in file: ScratchFile) throws {
    try file.replace(with: bytes)
    var sum = 0
    for entry in try file.weights().entries {
      entry.tensor.withUnsafeBytes { bytes in for byte in bytes { sum &+= Int(byte) } }
    }
    #expect(sum >= 0)
  }

  @Test("a file that is cut off anywhere is refused, in one line", arguments: files)
  func truncation(name: String) throws {
    let whole = try WeightFixtures.bytes(name)
    let file = try ScratchFile([])
    for length in 0..<whole.count {
      let error = errorMessage { try readThrough(Array(whole[..<length]), in: file) }
      #expect(error?.contains("\n") == false, "\(length) bytes of \(whole.count)")
    }
  }

  @Test("a file with changed bytes is read or refused, and harms nothing", arguments: files)
  func changedBytes(name: String) throws {
    let whole = try WeightFixtures.bytes(name)
    let file = try ScratchFile([])
    var generator = SeededGenerator(seed: 7)
    var refused = 0
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<(1 + generator.integer(below: 4)) {
        bytes[generator.integer(below: bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
      }
      if errorMessage({ try readThrough(bytes, in: file) }) != nil { refused += 1 }
    }
    #expect(refused > 0)
  }
}
