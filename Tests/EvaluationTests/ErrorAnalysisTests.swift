import Testing

@testable import Evaluation

/// Sums in another order.
private let sameAlgorithm = 1e-12

@Suite("ErrorAnalysis")
struct ErrorAnalysisTests {
  private let categories = [EvaluatedCategory(id: 1, name: "cat"), EvaluatedCategory(id: 2, name: "dog")]

  private func object(_ x: Double, _ category: Int = 1, crowd: Bool = false, difficult: Bool = false) -> TruthBox {
    TruthBox(
      image: 1, category: category, x: x, y: 0, width: 10, height: 10, isCrowd: crowd, isIgnored: difficult)
  }

  private func found(_ x: Double, _ score: Double, _ category: Int = 1) -> DetectedBox {
    DetectedBox(image: 1, category: category, x: x, y: 0, width: 10, height: 10, score: score)
  }

  private func analysis(_ truth: [TruthBox], _ found: [DetectedBox]) -> ErrorAnalysis {
    ErrorAnalysis(truth: truth, detections: found, categories: categories)
  }

  @Test("AP, counts and costs of all box sets are tidecv's, but for what we do otherwise on purpose")
  func golden() throws {
    let answers = try GoldenErrors.answers("box-errors")
    #expect(answers.count > 20 && answers.count { $0["released"] == nil } > 10)
    for answer in answers {
      let golden = try #require(GoldenBoxCase.all.first { $0.name == answer["name"]?.string })
      let errors = ErrorAnalysis(
        truth: golden.truth, detections: golden.detections, categories: golden.categories, images: golden.images)
      GoldenErrors.expect(errors, equals: answer)
    }
  }

  @Test(
    "each kind of error is called by its name",
    arguments: [
      // Overlaps of boxes of 10 pixels that lie d apart are (10 − d) / (10 + d).
      ([(0.0, 1)], (2.0, 1), nil), ([(0, 2)], (0, 1), .classification), ([(0, 1)], (5, 1), .localisation),
      ([(0, 2)], (5, 1), .both), ([(0, 1)], (9, 1), .background), ([(0, 1)], (50, 1), .background),
      // Of its own class half off, of another class in place: the own class is looked at first.
      ([(5, 1), (0, 2)], (0, 1), .localisation),
    ] as [([(Double, Int)], (Double, Int), ErrorAnalysis.Kind?)])
  func kinds(objects: [(Double, Int)], detection: (Double, Int), kind: ErrorAnalysis.Kind?) {
    let errors = analysis(objects.map { object($0.0, $0.1) }, [found(detection.0, 0.9, detection.1)])
    if let kind {
      guard case .wrong(let said, _) = errors.verdicts[0] else {
        Issue.record("\(errors.verdicts[0])")
        return
      }
      #expect(said == kind && errors.counts[kind] == 1)
    } else {
      #expect(errors.verdicts == [.right(truth: 0)] && errors.fates == [.found] && errors.AP == 1)
    }
  }

  @Test("a second detection of a found object is a duplicate, and mending it removes it")
  func duplicates() {
    let errors = analysis([object(0), object(50)], [found(0, 0.9), found(1, 0.8), found(50, 0.7)])
    #expect(errors.verdicts[1] == .wrong(.duplicate, truth: 0))
    // Precision at the second object was 2/3, for 50 of 101 recalls.
    #expect(abs((errors.costs[.duplicate] ?? 0) - 50.0 / 101 / 3) < sameAlgorithm)
    #expect(abs(errors.AP + (errors.costs[.duplicate] ?? 0) - 1) < sameAlgorithm)
  }

  @Test("mending makes one detection right for each object, the surest, and only where the object is free")
  func owners() {
    let errors = analysis([object(0)], [found(5, 0.9), found(4.5, 0.8)])
    #expect(errors.counts[.localisation] == 2 && errors.fates == [.nearlyFound] && errors.counts[.missed] == 0)
    #expect(errors.AP == 0 && errors.costs[.localisation] == 1)
    #expect(errors.falseNegativeCost == 0, "nothing is wanted any more, and what is left is wrong")
    let taken = analysis([object(0)], [found(0, 0.5), found(5, 0.9)])
    #expect(taken.verdicts[1] == .wrong(.localisation, truth: 0))
    #expect(abs((taken.costs[.localisation] ?? 0) - 0.5) < sameAlgorithm)
  }

  @Test("an error about an object of another class is mended on that class")
  func otherClass() {
    let errors = analysis([object(0, 1), object(50, 2)], [found(0, 0.9, 2), found(50, 0.8, 2)])
    // cat: none of one found; dog: found behind a wrong one.
    #expect(abs(errors.AP - 0.25) < sameAlgorithm && abs((errors.costs[.classification] ?? 0) - 0.75) < sameAlgorithm)
  }

  @Test("what lies in a crowd or on a difficult object has no error, and they are not missed")
  func ignored() {
    let errors = analysis(
      [object(0, crowd: true), object(50, difficult: true), object(100)],
      [found(0, 0.9), found(1, 0.8), found(50, 0.7), found(100, 0.6), found(51, 0.5, 2)])
    #expect(errors.verdicts.prefix(4) == [.ignored, .ignored, .ignored, .right(truth: 2)])
    #expect(errors.verdicts[4] == .wrong(.background, truth: nil), "of another class")
    #expect(errors.fates == [.notWanted, .notWanted, .found] && errors.AP == 1)
  }

  @Test("only the best 100 of an image are looked at, and only the images and classes that are judged")
  func leftOut() {
    let many = (0..<120).map { found(Double($0) * 20, 0.9 - 0.001 * Double($0)) }
    let errors = analysis([object(0)], many)
    #expect(errors.verdicts.count { $0 == .leftOut } == 20 && errors.verdicts.suffix(20).allSatisfy { $0 == .leftOut })
    #expect(errors.counts[.background] == 99)
    let one = ErrorAnalysis(
      truth: [object(0), object(20, 2)], detections: [found(0, 0.9), found(20, 0.8, 2)], categories: [categories[0]],
      images: [1])
    #expect(one.verdicts == [.right(truth: 0), .leftOut] && one.fates == [.found, .notWanted])
    let none = ErrorAnalysis(truth: [object(0)], detections: many, categories: categories, images: [7])
    #expect(none.AP == -1 && none.verdicts.allSatisfy { $0 == .leftOut } && none.costs.isEmpty)
  }

  @Test("given overlaps take the place of those of the boxes, as for masks")
  func otherOverlaps() {
    let errors = ErrorAnalysis(
      truth: [object(0), object(50)], detections: [found(0, 0.9), found(50, 0.8)], categories: categories,
      overlap: { detection, truth in detection == 0 && truth == 1 ? 0.9 : 0.05 })
    #expect(errors.verdicts == [.right(truth: 1), .wrong(.background, truth: nil)])
    #expect(errors.fates == [.missed, .found])
  }

  @Test(
    "no mending makes the average precision worse, and every detection has one verdict", arguments: GoldenBoxCase.all)
  func properties(_ golden: GoldenBoxCase) {
    let errors = ErrorAnalysis(
      truth: golden.truth, detections: golden.detections, categories: golden.categories, images: golden.images)
    guard errors.AP >= 0 else { return }
    for kind in ErrorAnalysis.Kind.allCases { #expect((errors.costs[kind] ?? -1) >= -sameAlgorithm, "\(kind)") }
    let right = errors.verdicts.count { $0.isRight }
    #expect(right == errors.fates.count { $0 == .found })
    #expect(Set(errors.verdicts.compactMap { if case .right(let object) = $0 { object } else { nil } }).count == right)
  }
}
