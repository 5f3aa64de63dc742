import Annotations
import Evaluation
import Testing

@Suite struct LabelSuspectsTests {
  typealias Label = LabelSuspects.Label
  typealias Detection = LabelSuspects.Detection

  /// A box of 10×10 at x; two such boxes that are d apart overlap by (10 − d) / (10 + d).
  private static func box(_ x: Double, y: Double = 0) -> Box { Box(x: x, y: y, width: 10, height: 10) }

  private static func label(_ x: Double, _ classIndex: Int? = 0, isExempt: Bool = false, isCrowd: Bool = false) -> Label
  {
    Label(id: 1, classIndex: classIndex, box: box(x), isExempt: isExempt, isCrowd: isCrowd)
  }

  /// Twice as long and high as the others.
  private static func wide(_ classIndex: Int) -> Detection {
    Detection(classIndex: classIndex, box: Box(x: 0, y: 0, width: 20, height: 20), score: 0.9, uncertainty: 0.01)
  }

  private static func detection(
    _ x: Double, _ classIndex: Int = 0, _ score: Double = 0.9, spread: Double? = 0.01
  ) -> Detection {
    Detection(classIndex: classIndex, box: box(x), score: score, uncertainty: spread)
  }

  @Test(
    "each rule, at its edges",
    arguments: [
      ("agreement", [label(0)], [detection(1)], []),
      ("other class, confident", [label(0)], [detection(1, 1, 0.8)], ["wrong class"]),
      ("other class, not confident", [label(0)], [detection(1, 1, 0.79)], []),
      ("other class, overlap over 0.5", [label(0)], [detection(3.3, 1)], ["wrong class"]),
      ("other class, overlap below 0.5", [label(0)], [detection(3.5, 1)], []),
      ("other class, own class surer", [label(0)], [detection(1, 1, 0.85), detection(0, 0, 0.9)], []),
      ("other class, own class less sure", [label(0)], [detection(1, 1, 0.9), detection(0, 0, 0.5)], ["wrong class"]),
      ("other class that is labelled, too", [label(0), label(2, 1)], [detection(1, 1, 0.9)], []),
      ("one detection, two labels", [label(0), label(1)], [detection(0.5, 1, 0.9)], ["wrong class"]),
      ("nothing there", [label(0)], [], ["not found"]),
      ("too little there", [label(0)], [detection(0, 0, 0.19)], ["not found"]),
      ("something there", [label(0)], [detection(8, 1, 0.2)], []),
      ("something beside it", [label(0)], [detection(8.5, 1, 0.5)], ["not found"]),
      ("no label", [], [detection(0)], ["missing label"]),
      ("no label, not confident", [], [detection(0, 0, 0.79)], []),
      ("no label, two classes at one place", [], [detection(0), detection(1, 1, 0.85)], ["missing label"]),
      ("no label, two places", [], [detection(0), detection(20)], ["missing label", "missing label"]),
      ("around a label", [label(0)], [detection(0, 0, 0.5), wide(0)], []),
      ("around a label of another class", [label(0)], [detection(0, 0, 0.5), wide(1)], ["missing label"]),
      ("label nearby", [label(0)], [detection(0), detection(6)], ["missing label"]),
      ("shifted", [label(0)], [detection(3)], ["badly placed"]),
      ("shifted less", [label(0)], [detection(2.5)], []),
      ("shifted more", [label(0)], [detection(6)], ["missing label"]),
      ("shifted, uncertain", [label(0)], [detection(3, spread: 0.02)], []),
      ("shifted, not measured", [label(0)], [detection(3, spread: nil)], []),
      ("shifted, another fits", [label(0)], [detection(3), detection(0, 0, 0.3)], []),
      ("shifted to another label", [label(0), label(4)], [detection(3.5)], []),
      ("exempt", [label(0, isExempt: true), label(50, isCrowd: true), label(90, nil)], [], []),
      ("in a crowd", [label(0, isCrowd: true)], [detection(5)], []),
    ] as [(String, [Label], [Detection], [String])])
  func rules(name: String, labels: [Label], detections: [Detection], kinds: [String]) {
    let found = LabelSuspects([(image: 7, labels: labels, detections: detections)])
    #expect(found.suspects.map(\.kind.rawValue) == kinds, "\(name)")
    #expect(found.suspects.allSatisfy { $0.image == 7 })
  }

  @Test("the surest come first; a label that was not found counts by how well its class is found")
  func order() {
    let found = LabelSuspects([
      (image: 1, labels: [Self.label(0), Self.label(40, 1)], detections: [Self.detection(0)]),
      (image: 2, labels: [Self.label(0), Self.label(30, nil)], detections: [Self.detection(0)]),
      (image: 3, labels: [Self.label(0)], detections: [Self.detection(50, 1, 0.95), Self.detection(80, 1, 0.81)]),
      (image: 4, labels: [Self.label(0)], detections: [Self.detection(1, 1, 0.85)]),
    ])
    #expect(
      found.suspects.map { "\($0.image) \($0.kind.rawValue)" }
        == ["3 missing label", "4 wrong class", "3 missing label", "3 not found", "1 not found"])
    #expect(found.suspects.map(\.confidence) == [0.95, 0.85, 0.81, 0.75, 0])
    #expect(found.labelCount == 6 && found.unknownCount == 1)
    #expect(found.count(.missingLabel) == 2 && found.count(.badlyPlaced) == 0)
    #expect(found.suspects[1].overlap == Self.box(0).intersectionOverUnion(with: Self.box(1)))
    #expect(found.suspects[0].label == nil && found.suspects[3].detection == nil)
  }

  @Test("the order of the detections does not matter")
  func anyOrder() {
    let detections = [Self.detection(1, 1, 0.85), Self.detection(0.5, 1, 0.95), Self.detection(20, 0, 0.9)]
    let one = LabelSuspects([(image: 1, labels: [Self.label(0)], detections: detections)])
    let other = LabelSuspects([(image: 1, labels: [Self.label(0)], detections: detections.reversed())])
    #expect(one.suspects == other.suspects)
    #expect(one.suspects.first?.detection?.score == 0.95)
    #expect(LabelSuspects([]).suspects.isEmpty)
  }
}
