@testable import Annotations
@testable import Detection
import Evaluation
import Samples
import Testing
import Torch

@testable import SemiSupervision

@Suite struct PseudoBoxAuditTests {
  private static let classes = ["disc", "box"]

  /// Hidden objects of the image at place 4: a disc, a box, a crowd of discs, a difficult box; the image at place 5 has none,
  /// others are not covered.
  private static var truth: HiddenTruth {
    get throws {
      let set = AnnotationSet(
        categories: [Category(id: 7, name: "disc"), Category(id: 9, name: "box")],
        images: [
          ImageRecord(id: 1, fileName: "4.jpg", height: 100, width: 200),
          ImageRecord(id: 2, fileName: "5.jpg", height: 100, width: 200),
        ],
        objects: [
          ObjectAnnotation(id: 1, imageID: 1, categoryID: 7, box: Box(x: 10, y: 10, width: 40, height: 40)),
          ObjectAnnotation(id: 2, imageID: 1, categoryID: 9, box: Box(x: 100, y: 10, width: 40, height: 40)),
          ObjectAnnotation(
            id: 3, imageID: 1, categoryID: 7, box: Box(x: 10, y: 60, width: 80, height: 40), isCrowd: true),
          ObjectAnnotation(
            id: 4, imageID: 1, categoryID: 9, box: Box(x: 150, y: 60, width: 40, height: 40), isDifficult: true),
        ])
      let images = (0..<8).map { PooledImage(path: "nowhere/\($0).jpg", name: "\($0).jpg", id: $0 + 1) }
      return try HiddenTruth(
        AnnotationReading(source: "hidden", form: .coco, set: set, problems: .init(), imageFolder: "nowhere"),
        of: ImagePool(name: "unlabeled", images: images), classes: classes)
    }
  }

  /// A box of the image as it lies in the weak view: doubled and mirrored.
  private static func weak(_ x: Float, _ y: Float, _ width: Float, _ height: Float) -> [Float] {
    [400 - 2 * (x + width), 2 * y, 400 - 2 * x, 2 * (y + height)]
  }

  /// A box of the image as it lies in the strong view: doubled.
  private static func strong(_ x: Float, _ y: Float, _ width: Float, _ height: Float) -> [Float] {
    [2 * x, 2 * y, 2 * (x + width), 2 * (y + height)]
  }

  private func audit(_ step: TaughtStep) throws -> PseudoBoxAudit {
    var audit = PseudoBoxAudit(classCount: 2)
    try audit.add(step, Self.truth)
    return audit
  }

  @Test("boxes are right that overlap an object of their class by half, each object once; objectness asks for no class")
  func filters() throws {
    let found: [TaughtImages.Found] = [
      (Self.weak(10, 10, 40, 40), 0.99, 1),  // the disc
      (Self.weak(12, 10, 40, 40), 0.98, 1),  // the disc again
      (Self.weak(100, 10, 40, 40), 0.97, 1),  // the box, taken for a disc
      (Self.weak(20, 65, 30, 30), 0.96, 1),  // in the crowd
      (Self.weak(150, 60, 40, 40), 0.95, 2),  // the difficult box
      (Self.weak(100, 10, 40, 21), 0.6, 2),  // just over half of the box, a candidate alone
    ]
    var thresholds = PseudoBoxes.Thresholds()
    thresholds.boxFilter = .none
    let audit = try audit(
      TaughtImages.step(
        [(place: 4, found: found), (place: 5, found: [(Self.weak(0, 0, 9, 9), 0.95, 2)]), (place: 6, found: found)],
        thresholds))
    #expect(audit.images == 2)
    #expect(audit.counts[.classes] == [.init(kept: 3, right: 1, objects: 1), .init(kept: 1, right: 0, objects: 1)])
    #expect(audit.counts[.boxes] == [.init(kept: 3, right: 1, objects: 1), .init(kept: 2, right: 1, objects: 1)])
    #expect(audit.counts[.proposals] == [.init(kept: 4, right: 2, objects: 2)])
    #expect(audit.total(.classes).precision == 0.25 && audit.total(.classes).recall == 0.5)
  }

  @Test("a box that is mirrored back wrongly finds nothing")
  func geometry() throws {
    let audit = try audit(TaughtImages.step([(place: 4, found: [(Self.strong(10, 10, 40, 40), 0.99, 1)])]))
    #expect(audit.total(.classes) == .init(kept: 1, right: 0, objects: 2))
  }

  @Test("background that overlaps an object of the strong view by half is wrong, by number and by weight")
  func background() throws {
    func sample(_ regions: [(box: [Float], label: Int)]) -> RegionHeads.Sample {
      let boxes = Tensor(regions.flatMap(\.box), shape: [regions.count, 4])
      return RegionHeads.Sample(boxes: boxes, labels: Tensor(regions.map(\.label)), truth: boxes)
    }
    let regions = BackgroundRegions(
      samples: [
        sample([(Self.strong(10, 10, 40, 40), 0), (Self.strong(0, 0, 9, 9), 0)]),  // of an image that is not covered
        sample([
          (Self.strong(100, 10, 40, 40), 1),  // an object, no background
          (Self.strong(10, 10, 40, 40), 0),  // the disc
          (Self.strong(10, 10, 40, 19), 0),  // less than half of it
          (Self.strong(150, 60, 40, 40), 0),  // the difficult box does not count
          (Self.weak(10, 10, 40, 40), 0),  // where the disc is in the weak view
        ]),
      ], weights: Tensor([9, 9, 1, 0.125, 0.5, 9, 0.375] as [Float]))
    let audit = try audit(
      TaughtImages.step([(place: 0, found: []), (place: 4, found: [])], background: regions))
    #expect(audit.background == .init(regions: 3, wrong: 1, weight: 1, wrongWeight: 0.125))
    #expect(try self.audit(TaughtImages.step([(place: 4, found: [])])).background == nil)
  }

  @Test("what is saved goes on as it was; images that the labels do not cover count for nothing")
  func saved() throws {
    let audit = try audit(TaughtImages.step([(place: 4, found: [(Self.weak(10, 10, 40, 40), 0.99, 1)])]))
    #expect(PseudoBoxAudit(audit.json(classes: Self.classes), classes: Self.classes) == audit)
    #expect(PseudoBoxAudit(audit.json(classes: Self.classes), classes: ["disc", "star"]) == nil)
    var other = audit
    #expect(try other.add(TaughtImages.step([(place: 2, found: [(Self.weak(1, 1, 9, 9), 0.99, 1)])]), Self.truth) == 0)
    #expect(other == audit)
  }
}
