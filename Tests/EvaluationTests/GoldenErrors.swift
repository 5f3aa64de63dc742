import Documents
import Foundation
import Testing

@testable import Evaluation

/// What tidecv says of sets of boxes or masks, from a fixture of `tools/make-goldens`.
enum GoldenErrors {
  /// Sums in another order.
  private static let sameAlgorithm = 1e-12

  /// The answers of a fixture, each with its set's name.
  static func answers(_ fixture: String) throws -> [JSON] {
    let path = try #require(Bundle.module.url(forResource: "Fixtures/" + fixture, withExtension: "json")).path
    return try #require(JSON(contentsOf: path).array)
  }

  /// Holds an analysis against an answer: AP, counts and costs.
  static func expect(_ errors: ErrorAnalysis, equals answer: JSON) {
    let name = answer["name"]?.string ?? ""
    func near(_ value: Double?, _ wanted: JSON?) -> Bool {
      abs((value ?? .nan) - (wanted?.double ?? .nan)) < sameAlgorithm
    }
    #expect(near(errors.AP, answer["AP"]), "\(name): AP \(errors.AP)")
    for kind in ErrorAnalysis.Kind.allCases {
      let (cost, wanted) = (errors.costs[kind], answer["costs"]?[kind.rawValue])
      #expect(near(cost, wanted), "\(name), \(kind): \(String(describing: cost)), wanted \(String(describing: wanted))")
      #expect(errors.counts[kind] == answer["counts"]?[kind.rawValue]?.int, "\(name), \(kind)")
    }
    #expect(near(errors.falsePositiveCost, answer["falsePositives"]), "\(name)")
    #expect(near(errors.falseNegativeCost, answer["falseNegatives"]), "\(name)")
  }
}
