import Foundation
import Testing

@testable import Randomness

/// One line of `Fixtures/randomstate.txt`, written by `tools/make-goldens/randomness.py`.
struct RandomStateCase: CustomStringConvertible, Sendable {
  let operation: String
  let seed: UInt32
  let arguments: [Int]
  let values: [String]

  var description: String { "\(operation)\(arguments) seed \(seed)" }

  static let all: [RandomStateCase] = {
    let url = Bundle.module.url(forResource: "Fixtures/randomstate", withExtension: "txt")!
    return try! String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      return RandomStateCase(
        operation: String(words[0]), seed: UInt32(words[1])!,
        arguments: words[2] == "-" ? [] : words[2].split(separator: ",").map { Int($0)! },
        values: words.dropFirst(3).map(String.init))
    }
  }()

  /// The case's draws, made by the generator under test.
  func draw() -> [String]? {
    var generator = NumPyLegacyGenerator(seed: seed)
    func bits(_ value: Double) -> String {
      let digits = String(value.bitPattern, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    switch operation {
    case "random_sample":
      return (0..<700).map { _ in bits(generator.randomSample()) }.suffix(8)
    case "standard_normal":
      return (0..<9).map { _ in bits(generator.standardNormal()) }
    case "randint":
      return generator.randint(arguments[0], arguments[1], count: values.count).map(String.init)
    case "choice":
      return generator.choice(arguments[0], count: arguments[1], replacing: arguments[2] == 1).map(String.init)
    case "permutation":
      return generator.permutation(arguments[0]).map(String.init)
    case "first":
      let drawn = generator.choice(arguments[0], count: arguments[1], replacing: arguments[2] == 1)
      return drawn.prefix(values.count).map(String.init)
    case "unique":
      return [String(Set(generator.choice(arguments[0], count: arguments[1], replacing: true)).count)]
    default:
      return nil
    }
  }
}

@Suite("NumPyLegacyGenerator")
struct NumPyLegacyGeneratorTests {
  @Test("draws are bit-equal to numpy.random.RandomState", arguments: RandomStateCase.all)
  func equalsNumPy(_ golden: RandomStateCase) {
    #expect(golden.draw() == golden.values)
  }

  @Test("the golden file has all operations and seeds")
  func goldenIsWhole() {
    #expect(RandomStateCase.all.count == 4 * 14 + 5 * 6)
    #expect(Set(RandomStateCase.all.map(\.operation)).count == 7)
  }

  @Test("the published 10 % list of seed 1 holds 11285 different images")
  func publishedSplit() {
    var generator = NumPyLegacyGenerator(seed: 1)
    let picked = generator.choice(118_287, count: 11_828, replacing: true)
    #expect(picked.count == 11_828)
    #expect(Set(picked).count == 11_285)
  }
}
