import Annotations
import Documents
import Foundation
import TestSupport
import Testing

@testable import Evaluation

/// mmeval's figures are float32.
private let singlePrecision = 1e-6

/// One case of `Fixtures/voc-ap.json`, made by `tools/make-goldens/voc_ap.py`.
struct GoldenVOCCase: CustomTestStringConvertible, Sendable {
  var name: String
  var classes: Int
  var overlap: Double
  /// `image, class, xmin, ymin, xmax, ymax` and whether it is difficult.
  var truth: [[Double]]
  /// The same, and the score.
  var detections: [[Double]]
  /// By convention: the AP of each class, nil without objects.
  var reference: [String: [Double?]]

  var testDescription: String { name }

  init(_ json: JSON) throws {
    name = try #require(json["name"]?.string)
    classes = try #require(json["classes"]?.int)
    overlap = try #require(json["overlap"]?.double)
    truth = try #require(json["truth"]?.array).map { try #require($0.array).compactMap(\.double) }
    detections = try #require(json["detections"]?.array).map { try #require($0.array).compactMap(\.double) }
    reference = [:]
    for member in try #require(json["reference"]?.object).members {
      reference[member.key] = try #require(member.value.array).map(\.double)
    }
  }

  static let all: [GoldenVOCCase] = {
    do {
      let path = try #require(Bundle.module.url(forResource: "Fixtures/voc-ap", withExtension: "json")).path
      return try #require(JSON(parsing: String(contentsOfFile: path, encoding: .utf8), file: path).array)
        .map { try GoldenVOCCase($0) }
    } catch {
      fatalError("Fixtures/voc-ap.json: \(error)")
    }
  }()

  func judged(_ curve: VOCAveragePrecision.Curve, plusOne: Bool) -> VOCAveragePrecision {
    let extra = plusOne ? 1.0 : 0
    return VOCAveragePrecision(
      truth: truth.map {
        TruthBox(
          image: Int($0[0]), category: Int($0[1]), x: $0[2], y: $0[3], width: $0[4] - $0[2] + extra,
          height: $0[5] - $0[3] + extra, isIgnored: $0[6] == 1)
      },
      detections: detections.map {
        DetectedBox(
          image: Int($0[0]), category: Int($0[1]), x: $0[2], y: $0[3], width: $0[4] - $0[2] + extra,
          height: $0[5] - $0[3] + extra, score: $0[6])
      }, categories: (0..<classes).map { EvaluatedCategory(id: $0, name: "class \($0)") }, curve: curve,
      iouThreshold: overlap)
  }
}

@Suite("VOCAveragePrecision")
struct VOCAveragePrecisionTests {
  private let cell = [EvaluatedCategory(id: 1, name: "cell")]

  private func object(_ x: Double, image: Int = 1, difficult: Bool = false) -> TruthBox {
    TruthBox(image: image, category: 1, x: x, y: 0, width: 10, height: 10, isIgnored: difficult)
  }

  private func found(_ x: Double, _ score: Double, image: Int = 1) -> DetectedBox {
    DetectedBox(image: image, category: 1, x: x, y: 0, width: 10, height: 10, score: score)
  }

  @Test("AP of each class is the reference's under each convention", arguments: GoldenVOCCase.all)
  func golden(_ golden: GoldenVOCCase) throws {
    for (name, curve) in [("area", VOCAveragePrecision.Curve.area), ("11points", .elevenPoints)] {
      for plusOne in [false, true] {
        let answer = try #require(golden.reference[name + (plusOne ? "+1" : "")])
        let figures = golden.judged(curve, plusOne: plusOne)
        for (entry, wanted) in zip(figures.classes, answer) {
          #expect(abs(entry.AP - (wanted ?? -1)) < singlePrecision, "\(name) \(plusOne) \(entry.category.name)")
        }
      }
    }
  }

  @Test(
    "AP equals the definition written out with every sum and every maximum taken anew", arguments: GoldenVOCCase.all)
  func definition(_ golden: GoldenVOCCase) {
    for plusOne in [false, true] {
      let area = golden.judged(.area, plusOne: plusOne)
      let points = golden.judged(.elevenPoints, plusOne: plusOne)
      for index in 0..<golden.classes {
        let (byArea, byPoints) = slow(golden, class: index, plusOne: plusOne)
        #expect(abs(area.classes[index].AP - byArea) < 1e-12)
        #expect(abs(points.classes[index].AP - byPoints) < 1e-12)
      }
    }
  }

  /// VOC's definition in whole pixels, the slow obvious way.
  private func slow(_ golden: GoldenVOCCase, class index: Int, plusOne: Bool) -> (area: Double, points: Double) {
    let extra = plusOne ? 1.0 : 0
    let truth = golden.truth.filter { Int($0[1]) == index }
    let wanted = truth.count { $0[6] == 0 }
    guard wanted > 0 else { return (-1, -1) }
    var taken: Set<Int> = []
    var outcomes: [Bool] = []
    for detection in golden.detections.filter({ Int($0[1]) == index }).sorted(by: { $0[6] > $1[6] }) {
      var best = (overlap: 0.0, place: -1)
      for (place, object) in truth.enumerated() where object[0] == detection[0] {
        let across = min(object[4], detection[4]) - max(object[2], detection[2]) + extra
        let down = min(object[5], detection[5]) - max(object[3], detection[3]) + extra
        guard across > 0, down > 0 else { continue }
        func area(_ box: [Double]) -> Double { (box[4] - box[2] + extra) * (box[5] - box[3] + extra) }
        let overlap = across * down / (area(object) + area(detection) - across * down)
        if overlap > best.overlap { best = (overlap, place) }
      }
      if best.overlap <= golden.overlap {
        outcomes.append(false)
      } else if truth[best.place][6] == 0 {
        outcomes.append(taken.insert(best.place).inserted)
      }
    }
    func precision(_ count: Int) -> Double { Double(outcomes.prefix(count).count { $0 }) / Double(count) }
    func recall(_ count: Int) -> Double { Double(outcomes.prefix(count).count { $0 }) / Double(wanted) }
    func highest(from count: Int) -> Double { (count...outcomes.count).map(precision).max() ?? 0 }
    guard !outcomes.isEmpty else { return (0, 0) }
    let area = (1...outcomes.count).reduce(0) { $0 + (recall($1) - recall($1 - 1)) * highest(from: $1) }
    let points = (0...10).map { tenth in
      (1...outcomes.count).filter { recall($0) >= Double(tenth) * 0.1 }.map(precision).max() ?? 0
    }
    return (area, points.reduce(0, +) / 11)
  }

  @Test("an overlap of exactly the threshold is not enough, a little more is")
  func strict() {
    // 5 of 10 columns: an overlap of 1/3.
    let truth = [object(0)]
    func right(_ least: Double) -> Int {
      VOCAveragePrecision(truth: truth, detections: [found(5, 0.9)], categories: cell, iouThreshold: least)
        .classes[0].right
    }
    #expect(right(50.0 / 150.0) == 0 && right(0.333) == 1)
  }

  @Test("a detection whose best object is taken is wrong, even if another free object overlaps enough")
  func noSecondBest() {
    let truth = [object(0), object(2)]
    let figures = VOCAveragePrecision(truth: truth, detections: [found(0, 0.9), found(0.5, 0.8)], categories: cell)
    #expect(figures.classes[0].right == 1 && figures.classes[0].wrong == 1)
    // COCO would give it the second object.
    let coco = BoxAveragePrecision.evaluate(
      truth: truth, detections: [found(0, 0.9), found(0.5, 0.8)], categories: cell)
    #expect(coco.AP50 == 1)
  }

  @Test("difficult objects and crowds are neither wanted, nor is what finds them right or wrong, however often")
  func difficult() {
    let crowd = TruthBox(image: 1, category: 1, x: 40, y: 0, width: 50, height: 50, isCrowd: true)
    let figures = VOCAveragePrecision(
      truth: [object(0, difficult: true), object(20), crowd],
      detections: [found(0, 0.9), found(1, 0.8), found(20, 0.7), found(50, 0.6), found(60, 0.5)], categories: cell)
    let entry = figures.classes[0]
    #expect(entry.AP == 1 && entry.right == 1 && entry.wrong == 0 && entry.truthCount == 1 && entry.ignoredCount == 2)
    #expect(figures.mAP == 1)
  }

  @Test("classes without wanted objects have no figure and no part in the mean; without any there is none")
  func absent() {
    let two = cell + [EvaluatedCategory(id: 2, name: "plate")]
    let figures = VOCAveragePrecision(truth: [object(0)], detections: [found(0, 0.5)], categories: two)
    #expect(figures.classes.map(\.AP) == [1, -1] && figures.mAP == 1)
    #expect(VOCAveragePrecision(truth: [], detections: [found(0, 0.5)], categories: two).mAP == -1)
    #expect(VOCAveragePrecision(truth: [object(0)], detections: [], categories: cell).mAP == 0)
  }

  @Test("of equal scores the earlier detection goes first, and images that are not judged play no part")
  func orderAndImages() {
    let truth = [object(0), object(0, image: 2)]
    let first = VOCAveragePrecision(
      truth: truth, detections: [found(0, 0.5), found(50, 0.5)], categories: cell, images: [1])
    let second = VOCAveragePrecision(
      truth: truth, detections: [found(50, 0.5), found(0, 0.5), found(50, 0.9, image: 2)], categories: cell, images: [1]
    )
    #expect(first.mAP == 1 && second.mAP == 0.5)
  }
}
