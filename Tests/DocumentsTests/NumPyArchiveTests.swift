import Foundation
import TestSupport
import Testing

@testable import Documents

@Suite("NumPyArchive")
struct NumPyArchiveTests {
  @Test("checksums are those of ISO 3309's test value")
  func checksum() {
    #expect(CRC32.checksum(of: Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.checksum(of: []) == 0)
  }

  @Test("an archive is stored files with NPY's headers, the same for the same arrays")
  func layout() throws {
    let folder = try ScratchFolder()
    var archive = NumPyArchive()
    archive.add("a", [1.5, -2], shape: [2, 1])
    archive.add("n", [7], shape: [1])
    let path = folder.path + "/x.npz"
    try archive.write(to: path)
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    try archive.write(to: path)
    #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
    // A local header of 30 bytes and the name, then a header that ends at a multiple of 64.
    #expect(bytes.starts(with: [0x50, 0x4B, 3, 4, 20, 0]) && Array(bytes[30..<35]) == Array("a.npy".utf8))
    let file = Array(bytes[35..<35 + 128 + 16])
    #expect(file.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]))
    #expect(
      String(decoding: file[10..<128], as: UTF8.self).hasPrefix(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1,), }"))
    #expect(file[127] == UInt8(ascii: "\n"))
    #expect(Array(file[128...]) == [1.5, -2].flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } })
    let crc = bytes[14..<18].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    #expect(crc == CRC32.checksum(of: file))
    // Two entries in the directory at the end.
    #expect(Array(bytes.suffix(22).prefix(12)) == [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 2, 0, 2, 0])
  }
}
