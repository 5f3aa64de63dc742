import Annotations
import Detection
import Imaging
@testable import Samples
import Testing
import Torch
import Views

@testable import SemiSupervision

@Suite struct PseudoBoxSheetTests {
  /// An image of 200×400 with four candidates in its weak view, one for each outcome; the strong view is mirrored.
  private func sheet() -> PseudoBoxSheet {
    func batch(mirrored: Bool, _ fill: UInt8) -> ViewBatch {
      var geometry = ViewGeometry(originalHeight: 200, originalWidth: 400)
      if mirrored { geometry.mirror() }
      let view = View(image: 0, imageID: 1, name: "a.jpg", geometry: geometry, labels: BoxLabels())
      let pixels = Image(height: 200, width: 400, channels: 3, fill: fill)
      return BatchLayout().batch([(pixels, view)], device: .cpu)
    }
    let found = PseudoBoxes(
      boxes: Tensor(
        [20, 50, 80, 150, 120, 50, 180, 150, 220, 50, 280, 150, 320, 50, 380, 150] as [Float], shape: [4, 4]),
      scores: Tensor([0.95, 0.94, 0.6, 0.55] as [Float]), labels: Tensor([1, 2, 1, 2]),
      uncertainty: Tensor([0.01, 0.1, 0.01, 0.1] as [Float]))
    return PseudoBoxSheet(
      weak: batch(mirrored: false, 100), strong: batch(mirrored: true, 60), found: [found], filters: .init(.init()))
  }

  @Test("every outcome has its colour in the weak view; what is learnt stands mirrored in the strong one")
  func colors() {
    let image = sheet().image(classes: ["cat", "dog"], normalization: .imageNet)
    #expect(image.width == 404 + 400)
    let top = image.height - 4 - (200 + Canvas.height(ofTextAtScale: 1) + 4)
    func color(_ x: Int, _ y: Int) -> RGB { RGB(image[top + y, x, 0], image[top + y, x, 1], image[top + y, x, 2]) }
    let (both, classes, box, none) = (RGB(hex: 0x34C759), RGB(hex: 0x007AFF), RGB(hex: 0xFF9500), RGB(hex: 0x8E8E93))
    // On the left frames of the four boxes, and beside them.
    #expect([20, 120, 220, 320].map { color($0, 100) } == [both, classes, box, none])
    #expect(color(10, 100) == RGB(100, 100, 100) && color(404 + 390, 100) == RGB(60, 60, 60))
    // A box from 20 to 80 stands from 320 to 380 in the mirrored view; the one that teaches nothing stands nowhere.
    #expect([320, 220, 120, 20].map { color(404 + $0, 100) } == [both, classes, box, RGB(60, 60, 60)])
  }

  @Test("captions go on in further lines where they are wider than their picture")
  func captions() {
    let words = ["mirrored", "brightness x0.8", "grey", "blur"]
    let all = words.joined(separator: ", ")
    #expect(PseudoBoxSheet.lines(of: words, width: Canvas.width(ofText: all)) == [all])
    #expect(
      PseudoBoxSheet.lines(of: words, width: Canvas.width(ofText: all) - 1) == [
        "mirrored, brightness x0.8, grey,", "blur",
      ])
    #expect(PseudoBoxSheet.lines(of: words, width: 1) == ["mirrored,", "brightness x0.8,", "grey,", "blur"])
    #expect(PseudoBoxSheet.lines(of: [], width: 100).isEmpty)
  }

  @Test("images without a candidate, and small ones, have their place too")
  func empty() {
    let none = PseudoBoxes(
      boxes: .zeros([0, 4]), scores: .zeros([0]), labels: .zeros([0], .int64), uncertainty: .zeros([0]))
    let view = View(
      image: 0, imageID: 1, name: "tiny.png", geometry: ViewGeometry(originalHeight: 3, originalWidth: 1),
      labels: BoxLabels())
    let batch = BatchLayout().batch([(Image(height: 3, width: 1, channels: 3, fill: 9), view)], device: .cpu)
    let sheet = PseudoBoxSheet(weak: batch, strong: batch, found: [none], filters: .init(.init()))
    #expect(sheet.image(classes: ["cat"], normalization: .imageNet).height > 360)
  }
}
