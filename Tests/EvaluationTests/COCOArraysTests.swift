import Documents
import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("AveragePrecisionArrays")
struct COCOArraysTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("arrays and figures of boxes and masks equal pycocotools' in every bit", arguments: COCOSet.all)
  func arrays(_ set: COCOSet) throws {
    let truth = try folder.write(set.labels.serialized(), to: "labels.json")
    let predictions = try folder.write(set.results.serialized(), to: "results.json")
    let result: AveragePrecision
    if set.kind == "bbox" {
      result = try BoxEvaluation.read(truth: truth, predictions: predictions, parity: .strict).evaluation
        .averagePrecision(maxDetections: set.limits)
    } else {
      result = try MaskEvaluation.read(truth: truth, predictions: predictions, parity: .strict).evaluation
        .averagePrecision(maxDetections: set.limits)
    }
    let arrays = result.arrays
    #expect(arrays.maxDetections == set.limits.sorted())
    for (name, values) in [("precision", arrays.precision), ("scores", arrays.scores), ("recall", arrays.recall)] {
      var hash = SHA256()
      values.withUnsafeBytes { hash.update($0) }
      #expect(hash.hexDigest() == set.digests[name], "\(name)")
    }
    if let figures = set.figures {
      let metrics = result.metrics
      let ours =
        [metrics.AP, metrics.AP50, metrics.AP75, metrics.APs, metrics.APm, metrics.APl] + metrics.AR.prefix(3)
        + [metrics.ARs, metrics.ARm, metrics.ARl]
      #expect(ours == figures)
    }
  }

  @Test("the sets have boxes and masks, crowds, ids of 0, several ladders")
  func coverage() {
    #expect(COCOSet.all.count == 40)
    #expect(COCOSet.all.count { $0.kind == "segm" } >= 10 && COCOSet.all.count { $0.kind == "bbox" } >= 10)
    #expect(Set(COCOSet.all.map(\.limits)).count >= 4)
    let objects = COCOSet.all.flatMap { $0.labels["annotations"]?.array ?? [] }
    #expect(objects.contains { $0["id"]?.int == 0 } && objects.contains { $0["iscrowd"]?.int == 1 })
  }

  @Test("an archive holds the arrays under pycocotools' names")
  func archive() throws {
    let arrays = BoxAveragePrecision.accumulate(
      truth: [TruthBox(image: 1, category: 3, x: 0, y: 0, width: 10, height: 10)],
      detections: [DetectedBox(image: 1, category: 3, x: 0, y: 0, width: 10, height: 10, score: 0.5)],
      categories: [EvaluatedCategory(id: 3, name: "three"), EvaluatedCategory(id: 1, name: "one")]
    ).arrays
    #expect(arrays.counts == [10, 101, 2, 4, 3] && arrays.categoryIDs == [1, 3])
    // Class 1 has nothing to be found.
    #expect(arrays.recall[0] == -1 && arrays.recall[12] == 1 && arrays.scores[12] == 0.5)
    let path = folder.path + "/arrays.npz"
    try arrays.archive.write(to: path)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for name in ["precision", "scores", "recall", "iouThrs", "recThrs", "catIds", "areaRng", "maxDets"] {
      #expect(bytes.range(of: Data("\(name).npy".utf8)) != nil, "\(name)")
    }
    #expect(bytes.range(of: Data("(10, 101, 2, 4, 3,)".utf8)) != nil)
  }
}

/// One set of `Fixtures/coco-arrays.json`, made by `tools/make-goldens/coco_arrays.py`.
struct COCOSet: CustomTestStringConvertible, Sendable {
  var name: String
  var kind: String
  var limits: [Int]
  var labels: JSON
  var results: JSON
  var digests: [String: String]
  /// The reference's twelve figures; nil where it cannot compute them.
  var figures: [Double]?

  var testDescription: String { name }

  init(_ json: JSON) throws {
    name = try #require(json["name"]?.string)
    kind = try #require(json["kind"]?.string)
    limits = try #require(json["limits"]?.array).map { try #require($0.int) }
    labels = try #require(json["labels"])
    results = try #require(json["results"])
    digests = [:]
    for member in try #require(json["digests"]?.object).members { digests[member.key] = member.value.string }
    figures = try json["figures"]?.array.map { try $0.map { try #require($0.double) } }
  }

  static let all: [COCOSet] = {
    do {
      let path = try #require(Bundle.module.url(forResource: "Fixtures/coco-arrays", withExtension: "json")).path
      let text = try String(contentsOfFile: path, encoding: .utf8)
      return try #require(JSON(parsing: text, file: path).array).map { try COCOSet($0) }
    } catch {
      fatalError("Fixtures/coco-arrays.json: \(error)")
    }
  }()
}
