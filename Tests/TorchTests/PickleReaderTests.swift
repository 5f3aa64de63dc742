import TestSupport
import Testing

@testable import Torch

@Suite("PickleReader") struct PickleReaderTests {
  private func read(_ bytes: [UInt8]) throws -> PickleGraph {
    try bytes.withUnsafeBytes { bytes in try PickleReader.read(bytes, file: "f", name: "p").graph }
  }

  private static func text(_ text: String) -> [UInt8] { [0x8c, UInt8(text.utf8.count)] + Array(text.utf8) }

  @Test(
    "a scalar is read as Python wrote it",
    arguments: [
      ([0x4e], PickleGraph.Value.none), ([0x88], .bool(true)), ([0x89], .bool(false)), ([0x4b, 200], .integer(200)),
      ([0x4d, 0x34, 0x12], .integer(0x1234)), ([0x4a, 0xfe, 0xff, 0xff, 0xff], .integer(-2)),
      ([0x8a, 0], .integer(0)), ([0x8a, 1, 0xff], .integer(-1)), ([0x8a, 2, 0xff, 0x00], .integer(255)),
      ([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x80], .integer(.min)),
      ([0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1], .largeInteger([0, 0, 0, 0, 0, 0, 0, 0, 1])),
      ([0x8b, 1, 0, 0, 0, 5], .integer(5)), ([0x49, 0x2d, 0x37, 0x0a], .integer(-7)),
      ([0x49, 0x30, 0x31, 0x0a], .bool(true)),
      ([0x47, 0xc0, 0x04, 0, 0, 0, 0, 0, 0], .double(-2.5)), ([0x58, 2, 0, 0, 0, 0xc3, 0xbc], .string("ü")),
      ([0x55, 1, 0x61], .string("a")), ([0x55, 1, 0xff], .bytes(2..<3)), ([0x43, 2, 1, 2], .bytes(2..<4)),
    ] as [([UInt8], PickleGraph.Value)])
  func scalars(code: [UInt8], value: PickleGraph.Value) throws {
    #expect(try read(code + [0x2e]).root == value)
  }

  @Test("containers hold what was put into them, in order")
  func containers() throws {
    // {"a": (1, [2, 3])}
    let code = [0x7d] + Self.text("a") + [0x4b, 1, 0x5d, 0x28, 0x4b, 2, 0x4b, 3, 0x65, 0x86, 0x73, 0x2e]
    let graph = try read(code)
    let entries = try #require(graph.entries(graph.root))
    #expect(entries.map(\.key) == ["a"])
    let tuple = try #require(graph.sequence(entries[0].value))
    #expect(tuple.first == .integer(1))
    #expect(graph.integers(tuple[1]) == [2, 3])
  }

  @Test("a key that is set twice keeps its place and takes the last value")
  func repeatedKey() throws {
    let code =
      [0x7d, 0x28] + Self.text("a") + [0x4b, 1] + Self.text("b") + [0x4b, 2] + Self.text("a") + [0x4b, 3, 0x75, 0x2e]
    let graph = try read(code)
    let entries = try #require(graph.entries(graph.root))
    #expect(entries.map(\.key) == ["a", "b"])
    #expect(entries.map(\.value) == [.integer(3), .integer(2)])
  }

  @Test("a call is written down, not made")
  func call() throws {
    // os.system("x"), in protocols 2 and 4.
    let old = Array("cos\nsystem\n".utf8) + Self.text("x") + [0x85, 0x52, 0x2e]
    let new = Self.text("os") + Self.text("system") + [0x93] + Self.text("x") + [0x85, 0x52, 0x2e]
    for code in [old, new] {
      let graph = try read(code)
      let node = try #require(graph.node(graph.root))
      #expect(node.kind == .call)
      #expect(node.callable == .global("os.system"))
      #expect(graph.arguments(of: node) == [.string("x")])
    }
  }

  @Test("a list that holds itself is read, and a search through it ends")
  func cycle() throws {
    let graph = try read([0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e])
    #expect(graph.sequence(graph.root) == [graph.root])
    var cleared = Set<Int>()
    #expect(!graph.reachesPersistent(graph.root, cleared: &cleared))
  }

  @Test("a nesting of a million levels is read and released")
  func deepNesting() throws {
    let levels = 1_000_000
    let graph = try read([0x29] + [UInt8](repeating: 0x85, count: levels) + [0x2e])
    #expect(graph.nodes.count == levels + 1)
  }

  @Test(
    "a pickle that is damaged is refused",
    arguments: [
      ([], "ends too early"), ([0x2e], "nothing is stacked"), ([0x4b], "ends too early"),
      ([0x28, 0x2e], "nothing is stacked"),
      ([0x85, 0x2e], "fewer than 1"), ([0x74], "no mark"), ([0x68, 9], "nothing is remembered under 9"),
      ([0x58, 255, 255, 255, 255, 0x61], "4294967295 bytes are announced, 1 are there"),
      ([0x8e, 255, 255, 255, 255, 255, 255, 255, 255], "are announced"), ([0x8c, 1, 0xff], "not UTF-8"),
      ([0x63, 0x61], "line of text"), ([0x4e, 0x4e, 0x61], "no container"),
      ([0x7d, 0x28, 0x4e, 0x75], "key has no value"),
      ([0x28, 0x4e, 0x28, 0x85], "fewer than 1"), ([0x4e, 0x4e, 0x93], "no text"), ([0x49, 0x78, 0x0a], "no integer"),
      ([0x82, 1], "instruction 130 is not known"),
    ] as [([UInt8], String)])
  func refusals(code: [UInt8], message: String) throws {
    let error = try #require(errorMessage { _ = try read(code) })
    #expect(error.contains(message), "\(error)")
    #expect(error.hasPrefix("f: ") && error.contains("p at byte"), "\(error)")
  }
}
