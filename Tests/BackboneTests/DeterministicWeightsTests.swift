import Documents
import Foundation
import TestSupport
import Testing

@Suite("Deterministic weights") struct DeterministicWeightsTests {
  /// Written by `tools/make-goldens/deterministic_weights.py`.
  static let cases: [[String]] = {
    let url = Bundle.module.url(forResource: "Fixtures/deterministic_weights", withExtension: "txt")!
    return try! String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
  }()

  @Test("the same elements come out here and in Python", arguments: cases)
  func agreement(line: [String]) {
    let shape = line[1] == "-" ? [] : line[1].split(separator: ",").map { Int($0)! }
    let digest = DeterministicWeights.elements(line[0], shape: shape).withUnsafeBytes(SHA256.hexDigest(of:))
    #expect(digest == line[2])
  }
}
