import Documents
import TestSupport
import Testing

@testable import Torch

@Suite("SafetensorsFile") struct SafetensorsFileTests {
  private static func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + (0..<data).map { UInt8(truncatingIfNeeded: $0) }
  }

  @Test("a file of the reference library gives its tensors and its metadata")
  func reference() throws {
    let weights = try WeightFile.read(WeightFixtures.path("safetensors/reference.safetensors"))
    #expect(weights.format == .safetensors)
    #expect(weights.metadata == ["format": "pt"])
    #expect(
      weights.entries.map(\.name) == [
        "count", "double", "conv.bias", "conv.weight", "empty", "ints", "brain", "half", "short", "signed", "byte",
        "quote\"\\nü", "mask",
      ])
    let wanted: [(String, ElementType, [Int], String)] = [
      ("count", .int64, [], "f9ffffffffffffff"), ("double", .float64, [1], "9a9999999999b93f"),
      ("conv.bias", .float32, [2], "0000003f000000bf"), ("empty", .float32, [0, 4], ""),
      ("brain", .bfloat16, [2], "803f0040"), ("half", .float16, [3], "003c00400042"),
      ("mask", .bool, [1, 3], "010001"),
      ("short", .int16, [1], "d4fe"), ("signed", .int8, [1], "80"), ("byte", .uint8, [3], "0102ff"),
      ("ints", .int32, [2], "ffffffff01000000"),
    ]
    for (name, type, shape, bytes) in wanted {
      let tensor = try #require(weights[name])
      #expect(tensor.elementType == type && tensor.shape == shape, "\(name)")
      #expect(WeightFixtures.hexadecimal(tensor) == bytes, "\(name)")
    }
    #expect(weights.sha256() == (try SHA256.hexDigest(ofFile: weights.path)))
  }

  @Test("what is written is what the reference library writes, byte for byte, whatever the order given")
  func writing() throws {
    let original = WeightFixtures.path("safetensors/reference.safetensors")
    let weights = try WeightFile.read(original)
    let folder = try ScratchFolder()
    let copy = try folder.file("copy.safetensors")
    try SafetensorsFile.write(weights.entries.reversed(), metadata: weights.metadata, to: copy)
    #expect(try WeightFixtures.contents(of: copy) == WeightFixtures.contents(of: original))
  }

  @Test("no tensor at all, and metadata in any order, are written and read")
  func metadata() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("m.safetensors")
    let metadata = ["b": "2", "a": "line\nbreak", "ü": "\""]
    try SafetensorsFile.write([StoredWeights.Entry](), metadata: metadata, to: path)
    let weights = try WeightFile.read(path)
    #expect(weights.metadata == metadata)
    #expect(weights.entries.isEmpty)
  }

  @Test(
    "a file that breaks the format's rules is refused",
    arguments: [
      ("{}", 1, "the tensors take 0 bytes, after the header are 1"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}"#, 1, "1 bytes for U8 [2], wanted are 2"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2, "leaves a hole"),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        3,
        "tensor 'b': it begins at byte 1, which overlaps"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
        2,
        "a"
      ),
      (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, 3, "may be cut off"),
      (#"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, 1, "the dtype 'F8_E4M3'"),
      (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1, "no list of sizes"),
      (#"{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}"#, 1, "no list of sizes"),
      (
        #"{"a":{"dtype":"F64","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}"#, 0, "no list of sizes"
      ),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1, "not [begin, end]"),
      (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1, "not [begin, end]"), (#"{"a":7}"#, 0, "no dtype"),
      (#"{"__metadata__":{"a":1}}"#, 0, "__metadata__.a: it is a number"),
      (#"{"__metadata__":[]}"#, 0, "wanted is an object of strings"), (#"{"a":"#, 0, "a"),
    ] as [(String, Int, String)])
  func refusals(header: String, data: Int, message: String) throws {
    let file = try ScratchFile(Self.file(header, data: data))
    let error = try #require(errorMessage { _ = try file.weights() })
    #expect(error.contains(message) && error.hasPrefix(file.path), "\(error)")
  }

  @Test("a header that is longer than the file, or than 100 MB, is refused")
  func headerLength() throws {
    for (length, message) in [
      (UInt64(3), "the file has 10 bytes"), (100_000_001, "the most is"), (.max, "the most is"),
    ] {
      let file = try ScratchFile(Self.file("{}", length: length))
      #expect(errorMessage { _ = try file.weights() }?.contains(message) == true)
    }
  }
}
