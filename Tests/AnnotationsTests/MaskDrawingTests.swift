import Annotations
import Imaging
import TestSupport
import Testing

@Suite struct MaskDrawingTests {
  private let classes = ClassTable([
    .init(id: 0, name: "background", color: .black), .init(id: 1, name: "car", color: RGB(200, 0, 100)),
    .init(id: 2, name: "sky", color: .white),
  ])
  private let picture = Image(height: 16, width: 24, color: RGB(100, 100, 100))

  private func map(_ label: (Int, Int) -> UInt8) -> Image {
    Image(
      height: 16, width: 24, channels: 1,
      pixels: (0..<16).flatMap { y in (0..<24).map { x in label(y, x) } })
  }

  private func color(_ image: Image, _ y: Int, _ x: Int) -> [UInt8] { (0..<3).map { image[y, x, $0] } }

  @Test("a class lies half over the picture, its border in full; a black one leaves it; ignored pixels are hatched")
  func overlay() {
    let labels = map { y, x in y < 8 ? (x < 12 ? 0 : 1) : 255 }
    let drawn = MaskDrawing(classes).overlay(labels, on: picture)
    #expect(color(drawn, 2, 3) == [100, 100, 100])
    #expect(color(drawn, 2, 20) == [150, 50, 100])
    // Below it lie ignored pixels: a border.
    #expect(color(drawn, 7, 20) == [200, 0, 100])
    let hatched = Set((8..<16).flatMap { y in (0..<24).map { color(drawn, y, $0) } })
    #expect(hatched == [[95, 95, 95], [150, 150, 150]])
    var drawing = MaskDrawing(classes)
    drawing.opacity = 0
    #expect(color(drawing.overlay(labels, on: picture), 2, 20) == [100, 100, 100])
  }

  @Test("a label map of another size is brought to the picture's by the nearest pixel")
  func scaled() {
    let labels = Image(height: 2, width: 3, channels: 1, pixels: [1, 0, 0, 0, 0, 0])
    let drawn = MaskDrawing(classes).overlay(labels, on: picture)
    #expect(color(drawn, 0, 0) == [150, 50, 100] && color(drawn, 6, 6) == [150, 50, 100])
    #expect(color(drawn, 0, 8) == [100, 100, 100] && color(drawn, 8, 0) == [100, 100, 100])
  }

  @Test("a label map alone has the classes' colours")
  func colored() {
    let drawn = MaskDrawing(classes).colored(map { _, x in UInt8(x % 3) })
    #expect((0..<3).map { color(drawn, 5, $0) } == [[0, 0, 0], [200, 0, 100], [255, 255, 255]])
  }

  @Test("a legend shows the classes that occur, in as many lines as its width wants")
  func legend() {
    let drawing = MaskDrawing(classes)
    func has(_ image: Image, _ wanted: RGB) -> Bool {
      (0..<image.height).contains { y in
        (0..<image.width).contains { color(image, y, $0) == [wanted.r, wanted.g, wanted.b] }
      }
    }
    let all = drawing.legend(of: [map { _, x in UInt8(x % 3) }], width: 400)
    #expect(all.width == 400 && has(all, RGB(200, 0, 100)))
    let part = drawing.legend(of: [map { _, _ in 2 }], width: 400)
    #expect(!has(part, RGB(200, 0, 100)))
    let narrow = drawing.legend(of: [map { _, x in UInt8(x % 3) }], width: 90)
    #expect(narrow.height > all.height && narrow.width == 90)
    #expect(has(drawing.legend(of: [map { _, _ in 255 }], width: 90), RGB(90, 90, 90)))
  }

  @Test("side by side: the picture, each map over it, and the legend below")
  func sideBySide() {
    let drawing = MaskDrawing(classes)
    let sheet = drawing.sideBySide(
      picture: picture, [("truth", map { _, _ in 1 }), ("found", map { _, _ in 2 })], cell: 28)
    #expect(sheet.width == 3 * 28)
    #expect(sheet.height > 16 + 2 * Canvas.height(ofTextAtScale: 1))
    let top = Canvas.height(ofTextAtScale: 1) + 4
    #expect(color(sheet, top + 3, 5) == [100, 100, 100])
    #expect(color(sheet, top + 3, 28 + 5) == [150, 50, 100])
    #expect(color(sheet, top + 3, 56 + 5) == [178, 178, 178])
  }
}
