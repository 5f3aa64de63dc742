import Testing

@testable import Imaging

@Suite("Canvas")
struct CanvasTests {
  private let red = RGB(255, 0, 0)

  /// Which pixels differ from black, as rows of `#` and `.`.
  private func ink(_ canvas: Canvas) -> [String] {
    (0..<canvas.image.height).map { y in
      String((0..<canvas.image.width).map { x in (0..<3).contains { canvas.image[y, x, $0] > 0 } ? "#" : "." })
    }
  }

  private func blank(_ height: Int, _ width: Int) -> Canvas { Canvas(Image(height: height, width: width, channels: 3)) }

  @Test("a filled box covers exactly the pixels whose centres it holds")
  func fillBox() {
    var canvas = blank(4, 6)
    canvas.fillBox(x0: 1, y0: 0.6, x1: 3.5, y1: 3, color: red)
    #expect(ink(canvas) == ["......", ".##...", ".##...", "......"])
    var whole = blank(2, 2)
    whole.fillBox(x0: -9e18, y0: -1, x1: .infinity, y1: 99, color: red)
    #expect(ink(whole) == ["##", "##"])
    var nothing = blank(2, 2)
    nothing.fillBox(x0: .nan, y0: 0, x1: 2, y1: 2, color: red)
    nothing.fillBox(x0: 2, y0: 0, x1: 1, y1: 2, color: red)
    #expect(ink(nothing) == ["..", ".."])
  }

  @Test("a frame lies inside its box, and each of its pixels is mixed once")
  func strokeBox() {
    var canvas = blank(6, 7)
    canvas.strokeBox(x0: 1, y0: 1, x1: 6, y1: 5, color: red, lineWidth: 1, opacity: 0.5)
    #expect(ink(canvas) == [".......", ".#####.", ".#...#.", ".#...#.", ".#####.", "......."])
    for y in 0..<6 {
      for x in 0..<7 { #expect(canvas.image[y, x, 0] == 0 || canvas.image[y, x, 0] == 128) }
    }
    var tiny = blank(3, 3)
    tiny.strokeBox(x0: 1.1, y0: 1.1, x1: 1.2, y1: 1.2, color: red)
    #expect(ink(tiny) == ["...", ".#.", "..."])
  }

  @Test("text is drawn in its cell, doubled at scale 2, and cut at the edges")
  func text() {
    var canvas = blank(10, 12)
    canvas.text("Tg", x: 0, y: 0, color: red)
    #expect(
      ink(canvas) == [
        "............", "#####.......", "..#.........", "..#....####.", "..#...#...#.", "..#...#...#.", "..#...#...#.",
        "..#....####.", "..........#.", ".......###..",
      ])
    var doubled = blank(20, 24)
    doubled.text("Tg", x: 0, y: 0, color: red, scale: 2)
    #expect(doubled.image == canvas.image.resizedNearest(height: 20, width: 24))
    var cut = blank(10, 4)
    cut.text("Tg", x: -3, y: -2, color: red)
    #expect(cut.image == canvas.image.cropped(y: 2, x: 3, height: 8, width: 4).grown(toHeight: 10))
    #expect(Canvas.width(ofText: "Tg") == 11 && Canvas.height(ofTextAtScale: 2) == 20)
  }

  @Test("each printable character has a glyph of its own")
  func glyphs() {
    var seen: Set<[String]> = []
    for code: UInt8 in 32...126 {
      var canvas = blank(10, 6)
      canvas.text(String(UnicodeScalar(code)), x: 0, y: 0, color: red)
      seen.insert(ink(canvas))
    }
    #expect(seen.count == 95)
  }

  @Test(
    "text of other alphabets is spelled in the font's, what has no spelling is a question mark",
    arguments: [
      ("Fußgänger", "Fussganger"), ("пешеход", "pesehod"), ("行人", "xing ren"), ("e\u{301}te\u{301}", "ete"),
      ("a 🙂", "a ?"), ("\u{7F}", "?"),
    ])
  func spelling(text: String, spelled: String) {
    #expect(Canvas.width(ofText: text) == Canvas.width(ofText: spelled))
    var (canvas, wanted) = (blank(10, 80), blank(10, 80))
    canvas.text(text, x: 1, y: 0, color: red)
    wanted.text(spelled, x: 1, y: 0, color: red)
    #expect(ink(canvas) == ink(wanted))
  }

  @Test("a polygon fills what a test of each centre says is inside")
  func polygon() {
    let points: [(x: Double, y: Double)] = [(2.2, 1.1), (17.7, 4.3), (9.1, 8.2), (14.6, 18.9), (3.3, 14.4)]
    var canvas = blank(20, 20)
    canvas.fillPolygon(points, color: red)
    for y in 0..<20 {
      for x in 0..<20 {
        let (px, py) = (Double(x) + 0.5, Double(y) + 0.5)
        var inside = false
        var j = points.count - 1
        for i in points.indices {
          if (points[i].y > py) != (points[j].y > py),
            px < (points[j].x - points[i].x) * (py - points[i].y) / (points[j].y - points[i].y) + points[i].x
          {
            inside.toggle()
          }
          j = i
        }
        #expect((canvas.image[y, x, 0] == 255) == inside, "row \(y), column \(x)")
      }
    }
  }

  @Test("a level line covers its rows fully")
  func line() {
    var canvas = blank(5, 8)
    canvas.line(x0: 1, y0: 2.5, x1: 7, y1: 2.5, color: red, lineWidth: 1)
    #expect((2..<6).allSatisfy { canvas.image[2, $0, 0] == 255 && canvas.image[0, $0, 0] == 0 })
  }

  @Test("a label stays inside the image")
  func labels() {
    var canvas = blank(30, 40)
    canvas.labeledBox(x0: 30, y0: 2, x1: 39, y1: 20, label: "RBC", color: .white)
    #expect(canvas.image[2, 39, 0] == 255 && canvas.image[2, 21, 0] == 255 && canvas.image[2, 20, 0] == 0)
    canvas.labeledBox(x0: -500, y0: 900, x1: 39_000, y1: 2000, label: "outside", color: red)
    let before = canvas.image
    canvas.labeledBox(x0: .nan, y0: 0, x1: 5, y1: .infinity, label: "no box", color: red)
    #expect(canvas.image == before)
  }

  @Test("an overlay mixes only the labels that have a colour")
  func overlay() {
    var canvas = blank(1, 3)
    let labels = Image(height: 1, width: 3, channels: 1, pixels: [0, 1, 255])
    canvas.overlay(labels, colors: [1: RGB(200, 100, 0)], opacity: 0.5)
    #expect(canvas.image.pixels == [0, 0, 0, 100, 50, 0, 0, 0, 0])
  }
}

extension Image {
  /// The image with black rows added below.
  fileprivate func grown(toHeight rows: Int) -> Image {
    let empty = [UInt8](repeating: 0, count: (rows - height) * width * channels)
    return Image(height: rows, width: width, channels: channels, pixels: pixels + empty)
  }
}

@Suite("Palette")
struct PaletteTests {
  @Test("VOC's colours are the published ones")
  func voc() {
    let expected: [(Int, RGB)] = [
      (0, RGB(0, 0, 0)), (1, RGB(128, 0, 0)), (2, RGB(0, 128, 0)), (3, RGB(128, 128, 0)), (8, RGB(64, 0, 0)),
      (15, RGB(192, 128, 128)), (20, RGB(0, 64, 128)), (255, RGB(224, 224, 192)),
    ]
    for (label, color) in expected { #expect(Palette.voc(label) == color) }
    #expect(Set(Palette.voc).count == 256)
  }

  @Test("eighty classes have eighty colours")
  func categorical() {
    #expect(Set((0..<80).map(Palette.color)).count == 80)
  }

  @Test("hue, saturation and value give the corners of the colour wheel")
  func hsv() {
    #expect(RGB(hue: 0, saturation: 1, value: 1) == RGB(255, 0, 0))
    #expect(RGB(hue: 1.0 / 3, saturation: 1, value: 1) == RGB(0, 255, 0))
    #expect(RGB(hue: 2.0 / 3, saturation: 1, value: 1) == RGB(0, 0, 255))
    #expect(RGB(hue: 0.1, saturation: 0, value: 0.5) == RGB(128, 128, 128))
  }
}
