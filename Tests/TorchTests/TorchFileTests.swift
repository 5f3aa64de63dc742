import Documents
import Foundation
import TestSupport
import Testing

@testable import Torch

@Suite("TorchFile") struct TorchFileTests {
  @Test("there is a case for every form")
  func casesAreThere() {
    #expect(WeightFixtures.torch.count >= 20)
  }

  @Test("a file that torch.save wrote gives its tensors", arguments: WeightFixtures.torch.filter { $0.error == nil })
  func reading(expected: WeightFixtures.Case) throws {
    let weights = try WeightFile.read(WeightFixtures.path("pth/" + expected.file), key: expected.key)
    #expect(weights.format == (expected.file.contains("legacy") ? .torchLegacy : .torchArchive))
    #expect(weights.entries.map(\.name) == expected.entries.map(\.name))
    for (entry, wanted) in zip(weights.entries, expected.entries) {
      #expect(entry.tensor.elementType.rawValue == wanted.type, "\(entry.name)")
      #expect(entry.tensor.shape == wanted.shape, "\(entry.name)")
      #expect(WeightFixtures.hexadecimal(entry.tensor) == wanted.bytes, "\(entry.name)")
      #expect(weights[entry.name]?.shape == wanted.shape)
    }
    for note in expected.notes { #expect(weights.notes.contains { $0.contains(note) }, "\(weights.notes)") }
    if expected.notes.isEmpty { #expect(weights.notes == []) }
  }

  @Test("what is no set of tensors is refused, and named", arguments: WeightFixtures.torch.filter { $0.error != nil })
  func refusing(expected: WeightFixtures.Case) throws {
    let path = WeightFixtures.path("pth/" + expected.file)
    let error = try #require(errorMessage { _ = try WeightFile.read(path, key: expected.key) })
    #expect(error.contains(expected.error ?? "-"), "\(error)")
    #expect(error.hasPrefix(path + ": ") && !error.contains("\n"), "\(error)")
  }

  @Test("a key that is not there is refused with those that are")
  func unknownKey() throws {
    let path = WeightFixtures.path("pth/checkpoint.pth")
    let error = try #require(errorMessage { _ = try WeightFile.read(path, key: "teacher") })
    #expect(error.contains("no key 'teacher'") && error.contains("'model'") && error.contains("'ema'"), "\(error)")
    let number = try #require(errorMessage { _ = try WeightFile.read(path, key: "epoch") })
    #expect(number.contains("'epoch' holds no tensors but a number"), "\(number)")
  }

  @Test("tensors that share a storage lie at the same place, and stay after the file is gone")
  func sharing() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("copy.pth")
    try AtomicFile.write(try WeightFixtures.bytes("pth/views.pth"), to: path)
    let weights = try WeightFile.read(path)
    try FileManager.default.removeItem(atPath: path)
    let whole = try #require(weights["shared"])
    let part = try #require(weights["offset"])
    let distance = whole.withUnsafeBytes { whole in
      part.withUnsafeBytes { part in UInt(bitPattern: part.baseAddress) - UInt(bitPattern: whole.baseAddress) }
    }
    #expect(distance == 16)
  }

  @Test("a file of a big-endian machine gives the same numbers")
  func bigEndian() throws {
    // A float32 storage [1, 2] in big-endian order, in an archive made by hand.
    var pickle: [UInt8] =
      [0x80, 2, 0x7d, 0x8c, 1, 0x61] + Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8) + [0x28, 0x28]
    pickle += [0x8c, 7] + Array("storage".utf8) + Array("ctorch\nFloatStorage\n".utf8)
    pickle += [0x8c, 1, 0x30, 0x8c, 3] + Array("cpu".utf8) + [0x4b, 2, 0x74, 0x51]
    pickle += [0x4b, 0, 0x4b, 2, 0x85, 0x4b, 1, 0x85, 0x89, 0x4e, 0x74, 0x52, 0x73, 0x2e]
    let archive = ZipArchiveTests.archive([
      ("m/data.pkl", pickle), ("m/byteorder", Array("big".utf8)), ("m/data/0", [0x3f, 0x80, 0, 0, 0x40, 0, 0, 0]),
    ])
    let file = try ScratchFile(archive)
    let tensor = try #require(try file.weights()["a"])
    #expect(WeightFixtures.hexadecimal(tensor) == "0000803f00000040")
  }

  @Test("a small file that claims a huge view is refused")
  func hugeView() throws {
    // torch.zeros(1).expand(1 << 31, 1 << 20): 2⁵³ bytes from four.
    var pickle: [UInt8] =
      [0x80, 2, 0x7d, 0x8c, 1, 0x61] + Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8) + [0x28, 0x28]
    pickle += [0x8c, 7] + Array("storage".utf8) + Array("ctorch\nFloatStorage\n".utf8)
    pickle += [0x8c, 1, 0x30, 0x8c, 3] + Array("cpu".utf8) + [0x4b, 1, 0x74, 0x51]
    pickle += [0x4b, 0, 0x8a, 5, 0, 0, 0, 0x80, 0, 0x4a, 0, 0, 0x10, 0, 0x86, 0x4b, 0, 0x4b, 0, 0x86]
    pickle += [0x89, 0x4e, 0x74, 0x52, 0x73, 0x2e]
    let file = try ScratchFile(ZipArchiveTests.archive([("m/data.pkl", pickle), ("m/data/0", [0, 0, 0, 0])]))
    let error = try #require(errorMessage { _ = try file.weights() })
    #expect(error.contains("far larger than what is stored"), "\(error)")
  }
}
