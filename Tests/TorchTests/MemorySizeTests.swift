import Testing

@testable import Torch

@Suite struct MemorySizeTests {
  @Test(
    "sizes are in the unit in which they are at least 1",
    arguments: [
      (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (33_030_144, "31.5 MiB"), (250_609_664, "239 MiB"),
      (3 << 30, "3.0 GiB"), (5 << 50, "5120 TiB"),
    ])
  func sizes(bytes: Int, wanted: String) { #expect(MemorySize(bytes).description == wanted) }
}
