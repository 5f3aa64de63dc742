import Documents
import Imaging
import Testing

@testable import Evaluation
@testable import Reporting

@Suite("DetectionAnalysis in reports")
struct DetectionAnalysisReportTests {
  private let analysis: DetectionAnalysis

  init() {
    func object(_ x: Double, _ category: Int, difficult: Bool = false) -> TruthBox {
      TruthBox(image: 1, category: category, x: x, y: 20, width: 20, height: 20, isIgnored: difficult)
    }
    func found(_ x: Double, _ category: Int, _ score: Double) -> DetectedBox {
      DetectedBox(image: 1, category: category, x: x, y: 20, width: 20, height: 20, score: score)
    }
    analysis = DetectionAnalysis(
      BoxEvaluation(
        truth: [object(0, 1), object(40, 1), object(80, 2), object(120, 2, difficult: true)],
        detections: [found(0, 1, 0.9), found(80, 1, 0.8), found(160, 2, 0.7), found(120, 2, 0.6), found(40, 1, 0.1)],
        categories: [.init(id: 1, name: "a<b"), .init(id: 2, name: "dog")], images: [1]), threshold: 0.5)
  }

  @Test("the tables name every kind with its count")
  func tables() {
    let rows = analysis.errors.table.rows
    #expect(rows.map { $0[0] } == ErrorAnalysis.Kind.allCases.map(\.rawValue) + ["false positives", "false negatives"])
    #expect(rows.map { $0[1] } == ["1", "0", "0", "0", "1", "0", "2", "1"])
    #expect(
      analysis.sizeTable.rows.map { Array($0.prefix(4)) } == [
        ["small", "to 32²", "3", "2"], ["medium", "32² to 96²", "0", "0"], ["large", "from 96²", "0", "0"],
      ])
    #expect(analysis.confusionTable().rows == [["dog", "a<b", "1", "100.0 %"]])
    #expect(
      analysis.classErrorTable.rows == [["a<b", "1", "0", "0", "0", "0", "0"], ["dog", "0", "0", "0", "0", "1", "0"]])
  }

  @Test("the page has plots, shaded tables, pictures and their legend, and escapes names")
  func page() {
    let html = analysis.page(
      subtitle: "x", notes: ["n"], pictures: [.init(bytes: [0xFF, 0xD8, 0xFF], caption: "p")]
    ).html
    #expect(html.split(separator: "<svg", omittingEmptySubsequences: false).count == 1 + 4)
    #expect(html.contains("a&lt;b") && !html.contains("a<b"))
    #expect(
      html.split(separator: "<li><span style=\"background: rgb(", omittingEmptySubsequences: false).count == 1 + 9)
    #expect(html.contains("<td class=\"number\" style=\"background: rgb(0 114 178 / 60.0%)\">"))
    #expect(html.contains("<p>Note: n.</p>"))
  }

  @Test("what is found, wrong, missed and ignored is drawn in its colour; what scores less is not")
  func picture() {
    let picture = ErrorDrawing(analysis, longSide: 400).picture(
      Image(height: 100, width: 200, color: .black), of: 1, size: (50, 200))
    // The picture is as large as wanted, its labels half as high: rows 40 to 80, at the lower edge where no text stands.
    func color(_ x: Int) -> RGB {
      let start = (78 * picture.width + x + 8) * 3
      return RGB(picture.pixels[start], picture.pixels[start + 1], picture.pixels[start + 2])
    }
    #expect((picture.height, picture.width) == (100, 200))
    let legend = Dictionary(ErrorDrawing.legend.map { ($0.text.prefix(17), $0.color) }) { first, _ in first }
    #expect(color(0) == legend["right detection"] && color(40) == RGB(hex: 0xF0E442))
    #expect(color(80) == legend["wrong: classifica"] && color(160) == legend["wrong: background"])
    #expect(color(120) == legend["crowd or difficul"] && color(105) == .black)
  }

  @Test(
    "a comparison is said in words",
    arguments: [
      (
        (0.4, 0.413), 0.002...0.024, 0.991,
        "B is better: +1.3 points, 95 % interval +0.2…+2.4; B is better in 99.1 % of the samples"
      ),
      (
        (0.4, 0.38), -0.03 ... -0.01, 0.0,
        "A is better: −2.0 points, 95 % interval −3.0…−1.0; B is better in 0.0 % of the samples"
      ),
      (
        (0.4, 0.401), -0.01...0.012, 0.55,
        "noise: +0.1 points, 95 % interval −1.0…+1.2; B is better in 55.0 % of the samples"
      ),
      ((0.4, 0.4), 0...0, 0.5, "no difference in any sample"), ((-1, 0.4), nil, 0.5, "nothing to judge by"),
    ] as [((Double, Double), ClosedRange<Double>?, Double, String)])
  func words(figures: (Double, Double), interval: ClosedRange<Double>?, probability: Double, text: String) {
    let difference = PairedBootstrap.Difference(
      part: "", first: figures.0, second: figures.1, interval: interval, probability: probability, samples: 1000)
    #expect(difference.text == text)
  }
}
