import Documents
import TestSupport
import Testing

@testable import Torch

@Suite("ZipArchive") struct ZipArchiveTests {
  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// An archive of stored records, written out from the specification.
  /// - Parameter wide: whether sizes and offsets stand in zip64 fields only, as in archives of 4 GiB and more.
  static func archive(
    _ records: [(name: String, bytes: [UInt8])], wide: Bool = false, method: UInt16 = 0, comment: String = ""
  ) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in records {
      let offset = file.count
      let size = wide ? UInt32.max : UInt32(bytes.count)
      let extra = wide ? little(UInt16(1)) + little(UInt16(16)) + little(bytes.count) + little(bytes.count) : []
      let common: [UInt8] =
        little(UInt16(0)) + little(method) + little(UInt32(0)) + little(UInt32(0)) + little(size) + little(size)
      let padding: [UInt8] = [0x46, 0x42, 3, 0, 0, 0, 0]
      file += little(UInt32(0x0403_4b50)) + little(UInt16(45)) + common
      file += little(UInt16(name.utf8.count)) + little(UInt16(padding.count)) + Array(name.utf8) + padding + bytes
      let entryExtra =
        wide
        ? [0xaa, 0xaa, 1, 0, 7] + little(UInt16(1)) + little(UInt16(24)) + extra.dropFirst(4) + little(offset) : []
      directory += little(UInt32(0x0201_4b50)) + little(UInt16(45)) + little(UInt16(45)) + common
      directory += little(UInt16(name.utf8.count)) + little(UInt16(entryExtra.count)) + little(UInt16(0))
      directory +=
        [UInt8](repeating: 0, count: 8) + little(wide ? UInt32.max : UInt32(offset)) + Array(name.utf8) + entryExtra
    }
    let start = file.count
    file += directory
    if wide {
      let end64 = file.count
      file += little(UInt32(0x0606_4b50)) + little(44) + [UInt8](repeating: 0, count: 12)
      file += little(records.count) + little(records.count) + little(directory.count) + little(start)
      file += little(UInt32(0x0706_4b50)) + little(UInt32(0)) + little(end64) + little(UInt32(1))
    }
    let count = wide ? UInt16.max : UInt16(records.count)
    file += little(UInt32(0x0605_4b50)) + little(UInt32(0)) + little(count) + little(count)
    file += little(UInt32(directory.count)) + little(wide ? UInt32.max : UInt32(start))
    return file + little(UInt16(comment.utf8.count)) + Array(comment.utf8)
  }

  private func open(_ bytes: [UInt8]) throws -> ZipArchive {
    let file = try ScratchFile(bytes)
    return try withExtendedLifetime(file) { try ZipArchive(MappedFile(path: file.path)) }
  }

  @Test(
    "records are found by name, with and without zip64 and a comment", arguments: [false, true], ["", "a comment"])
  func records(wide: Bool, comment: String) throws {
    let archive = try open(Self.archive([("a/x", [1, 2, 3]), ("a/y", []), ("ü", [4])], wide: wide, comment: comment))
    #expect(archive.names == ["a/x", "a/y", "ü"])
    #expect(try archive.record("a/x").map(Array.init) == [1, 2, 3])
    #expect(try archive.record("a/y").map(Array.init) == [])
    #expect(try archive.record("ü").map(Array.init) == [4])
    #expect(try archive.record("z") == nil)
  }

  @Test("a compressed record is refused by name, the others are read")
  func compressed() throws {
    let archive = try open(Self.archive([("a", [1])], method: 8))
    #expect(errorMessage { _ = try archive.record("a") }?.contains("zip record 'a': it is compressed") == true)
  }

  @Test("a name that occurs twice is refused")
  func twice() throws {
    #expect(
      errorMessage { _ = try open(Self.archive([("a", [1]), ("a", [2])])) }?.contains("'a' occurs twice") == true)
  }

  @Test("an archive without its end is refused as cut off")
  func cutOff() throws {
    let whole = Self.archive([("a", [1])])
    #expect(errorMessage { _ = try open(Array(whole.dropLast())) }?.contains("may be cut off") == true)
  }
}
