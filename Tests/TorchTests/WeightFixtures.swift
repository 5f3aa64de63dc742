import Documents
import Foundation
import TestSupport
import Testing

@testable import Torch

/// The files that tools/make-goldens wrote, and what they hold.
enum WeightFixtures {
  /// What is expected of one reading of one file.
  struct Case: CustomTestStringConvertible, Sendable {
    let file: String
    let key: String?
    let error: String?
    let notes: [String]
    let entries: [(name: String, type: String, shape: [Int], bytes: String)]

    var testDescription: String { key.map { "\(file), key '\($0)'" } ?? file }
  }

  static func path(_ name: String) -> String {
    Bundle.module.resourcePath.map { "\($0)/Fixtures/\(name)" } ?? name
  }

  static func bytes(_ name: String) throws -> [UInt8] { try contents(of: path(name)) }

  static func contents(of path: String) throws -> [UInt8] { try MappedFile(path: path).withBytes { Array($0) } }

  /// All cases of `expected.json`.
  static let torch: [Case] = {
    do {
      let json = try JSON(parsing: bytes("pth/expected.json"), file: "expected.json")
      return (json.object?.members ?? []).flatMap { member in
        (member.value.array ?? []).map { parse($0, file: member.key) }
      }
    } catch {
      fatalError("\(error)")
    }
  }()

  private static func parse(_ json: JSON, file: String) -> Case {
    Case(
      file: file, key: json["key"]?.string, error: json["error"]?.string,
      notes: (json["notes"]?.array ?? []).compactMap(\.string),
      entries: (json["entries"]?.array ?? []).map { entry in
        (
          entry["name"]?.string ?? "", entry["type"]?.string ?? "", (entry["shape"]?.array ?? []).compactMap(\.int),
          entry["bytes"]?.string ?? ""
        )
      })
  }

  static func hexadecimal(_ tensor: StoredTensor) -> String {
    tensor.withUnsafeBytes { bytes in bytes.map { String(format: "%02x", $0) }.joined() }
  }
}

/// Bytes in a file of their own, removed with this object.
final class ScratchFile {
  private let folder: ScratchFolder
  let path: String

  init(_ bytes: [UInt8]) throws {
    folder = try ScratchFolder()
    path = try folder.file("file")
    try replace(with: bytes)
  }

  /// Writes other bytes into the same file, without waiting for the disk: thousands may follow one another.
  func replace(with bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// Reads the weights in the file.
  func weights(key: String? = nil) throws -> StoredWeights {
    try withExtendedLifetime(self) { try WeightFile.read(path, key: key) }
  }
}
