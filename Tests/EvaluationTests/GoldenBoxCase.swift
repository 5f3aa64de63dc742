import Documents
import Evaluation
import Foundation
import Testing

/// One case of `Fixtures/box-ap.json`, made by `tools/make-goldens/coco_box_ap.py`.
struct GoldenBoxCase: CustomTestStringConvertible, Sendable {
  /// What the reference says.
  struct Answer: Sendable {
    var figures: [String: Double]
    var classes: [(id: Int, AP: Double, AP50: Double)]
    var precisionDigest: String
    var scoreDigest: String

    init(_ json: JSON) throws {
      figures = [:]
      for member in try #require(json["figures"]?.object).members {
        figures[member.key] = try #require(member.value.double)
      }
      classes = try #require(json["classes"]?.array).map {
        let entry = try #require($0.array)
        return try (#require(entry[0].int), #require(entry[1].double), #require(entry[2].double))
      }
      precisionDigest = try #require(json["precisionDigest"]?.string)
      scoreDigest = try #require(json["scoreDigest"]?.string)
    }
  }

  var name: String
  var truth: [TruthBox]
  var detections: [DetectedBox]
  var categories: [EvaluatedCategory]
  var images: [Int]
  var reference: Answer
  /// What is right where the reference is not.
  var corrected: Answer?

  var testDescription: String { name }

  init(_ json: JSON) throws {
    name = try #require(json["name"]?.string)
    truth = try #require(json["truth"]?.array).map { row in
      let values = try #require(row.array).map { try #require($0.double) }
      return TruthBox(
        image: Int(values[0]), category: Int(values[1]), x: values[2], y: values[3], width: values[4],
        height: values[5], area: values[6], isCrowd: values[7] == 1, isIgnored: values[8] == 1)
    }
    detections = try #require(json["detections"]?.array).map { row in
      let values = try #require(row.array).map { try #require($0.double) }
      return DetectedBox(
        image: Int(values[0]), category: Int(values[1]), x: values[2], y: values[3], width: values[4],
        height: values[5], score: values[6])
    }
    categories = try #require((json["evaluatedCategories"] ?? json["categories"])?.array).map {
      let id = try #require($0.int)
      return EvaluatedCategory(id: id, name: "class \(id)")
    }
    images = try #require((json["evaluatedImages"] ?? json["images"])?.array).map { try #require($0.int) }
    reference = try Answer(#require(json["reference"]))
    corrected = try json["corrected"].map { try Answer($0) }
  }

  /// All cases of the file.
  static let all: [GoldenBoxCase] = {
    do {
      let path = try #require(Bundle.module.url(forResource: "Fixtures/box-ap", withExtension: "json")).path
      let text = try String(contentsOfFile: path, encoding: .utf8)
      return try #require(JSON(parsing: text, file: path).array).map { try GoldenBoxCase($0) }
    } catch {
      fatalError("Fixtures/box-ap.json: \(error)")
    }
  }()

  func evaluate() -> BoxMetrics {
    BoxAveragePrecision.evaluate(truth: truth, detections: detections, categories: categories, images: images)
  }
}
