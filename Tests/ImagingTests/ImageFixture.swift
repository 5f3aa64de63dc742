import Documents
import Foundation
import Testing

@testable import Imaging

/// One line of a golden list written by `tools/make-goldens/imaging.py`: a file and the pixels to be read from it.
struct ImageFixture: CustomStringConvertible, Sendable {
  let file: String
  /// The file is to be decoded at one `reduction`-th of its size.
  let reduction: Int
  let height: Int
  let width: Int
  let digest: String

  var description: String { reduction == 1 ? file : "\(file) at 1/\(reduction)" }
  var path: String { ImageFixture.path(file) }

  static let decoded = list("decoded")
  static let labels = list("labels")

  static func path(_ file: String) -> String {
    Bundle.module.url(forResource: "Fixtures/images", withExtension: nil)!.appendingPathComponent(file).path
  }

  static func bytes(_ file: String) -> [UInt8] {
    [UInt8](FileManager.default.contents(atPath: path(file))!)
  }

  static func digest(_ pixels: [UInt8]) -> String {
    var digest = SHA256()
    pixels.withUnsafeBytes { digest.update($0) }
    return digest.hexDigest()
  }

  private static func list(_ name: String) -> [ImageFixture] {
    let url = Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "txt")!
    return try! String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      let words = line.split(separator: " ").map(String.init)
      let name = words[0].split(separator: "@").map(String.init)
      return ImageFixture(
        file: name[0], reduction: name.count > 1 ? Int(name[1])! : 1, height: Int(words[1])!, width: Int(words[2])!,
        digest: words[3])
    }
  }
}
