import Testing

@testable import Annotations

@Suite struct PaintedObjectsTests {
  private func object(_ id: Int, _ rows: [String], crowd: Bool = false) -> ObjectAnnotation {
    let mask = RunLengthMask(
      pixels: rows.joined().utf8.map { $0 == UInt8(ascii: "1") ? 1 : 0 }, height: rows.count, width: rows[0].utf8.count)
    return ObjectAnnotation(
      id: id, imageID: 1, categoryID: 1, box: mask.box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0), area: Double(mask.area),
      isCrowd: crowd, segmentation: Segmentation(mask))
  }

  @Test("later objects lie over earlier ones, and what each keeps is known")
  func overlap() {
    let objects = [object(1, ["110", "110"]), object(2, ["011", "000"]), object(3, ["000", "001"])]
    let painted = PaintedObjects(objects, height: 2, width: 3, most: 254, ignored: [])
    #expect(painted.rows([0, 1, 2, 3]) == [1, 2, 2, 1, 1, 3])
    let kept = painted.fates.map { fate -> [Int] in
      guard case .painted(let own, let mask) = fate else { return [] }
      return [own, mask?.area ?? 0]
    }
    #expect(kept == [[4, 3], [2, 2], [1, 1]])
  }

  @Test("a pixel of two parts counts once; an object without a pixel, without a mask or with a bad one is told")
  func fates() {
    var parts = object(1, ["1"])
    parts.segmentation = Segmentation(polygons: [[0, 0, 2, 0, 2, 2, 0, 2], [1, 0, 3, 0, 3, 2, 1, 2]])
    var bad = object(2, ["1"])
    bad.segmentation = Segmentation(text: #"{"size": [2, 4], "counts": [3, 4]}"#)
    var other = object(4, ["1"])
    other.segmentation = Segmentation(text: #"{"size": [4, 2], "counts": [3, 5]}"#)
    let box = ObjectAnnotation(id: 3, imageID: 1, categoryID: 1, box: Box(x0: 0, y0: 0, x1: 1, y1: 1))
    var thin = object(5, ["1"])
    thin.segmentation = Segmentation(polygons: [[0, 0, 0, 1, 0, 2]])
    let painted = PaintedObjects([parts, bad, box, other, thin], height: 2, width: 4, most: 254, ignored: [])
    guard case .painted(let own, _) = painted.fates[0] else {
      Issue.record("\(painted.fates[0])")
      return
    }
    #expect(own == 6)
    #expect(painted.fates[1] == .unusable("object 2: segmentation: the runs add up to 7 pixels, the size to 8"))
    #expect(painted.fates[2] == .withoutMask)
    #expect(painted.fates[3] == .unusable("object 4: segmentation: the mask is 2×4, the image 4×2"))
    #expect(painted.fates[4] == .painted(own: 0, mask: nil))
  }

  @Test("where no object is painted no pixels are made, however large the image")
  func nothing() {
    let painted = PaintedObjects([object(1, ["1"])], height: 1 << 24, width: 1 << 20, most: 254, ignored: [])
    #expect(painted.fates == [.unusable("object 1: segmentation: the mask is 1×1, the image 1048576×16777216")])
    #expect(painted.columns.isEmpty)
  }

  @Test("numbers end where the form's do, crowds take none; what is ignored lies over all")
  func numbers() {
    let objects = [object(1, ["100"]), object(2, ["001"], crowd: true), object(3, ["010"])]
    let ignored = RunLengthMask(pixels: [1, 0, 0], height: 1, width: 3)
    let painted = PaintedObjects(objects, height: 1, width: 3, most: 1, ignored: [ignored])
    #expect(painted.fates[2] == .surplus)
    #expect(painted.fates[0] == .painted(own: 1, mask: nil))
    #expect(painted.rows([0, 7, 9]) == [255, 0, 9])
  }
}
