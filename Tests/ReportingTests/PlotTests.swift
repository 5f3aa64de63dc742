import Documents
import Foundation
import Testing

@testable import Reporting

@Suite("Plot")
struct PlotTests {
  @Test(
    "ticks are round and inside the range",
    arguments: [0.0...1, 0...0.37, -3...17, 990...1010, 0...123_456, 1e-9...3e-9, 5...5, 0...0])
  func ticks(_ range: ClosedRange<Double>) {
    let axis = PlotAxis(values: [range.lowerBound, range.upperBound])
    #expect((2...12).contains(axis.ticks.count), "\(axis.ticks)")
    #expect(axis.range.lowerBound <= range.lowerBound && axis.range.upperBound >= range.upperBound)
    #expect(axis.ticks.allSatisfy { (-1e-9...(1 + 1e-9)).contains(axis.position($0) ?? -1) })
    #expect(axis.ticks.allSatisfy { !axis.label($0).hasPrefix("-0") || $0 < 0 })
    #expect(Set(axis.ticks.map(axis.label)).count == axis.ticks.count, "\(axis.ticks.map(axis.label))")
  }

  @Test("a logarithmic axis has powers of ten and no place for zero")
  func logarithmic() {
    let axis = PlotAxis(values: [0.02, 0, 35], isLogarithmic: true)
    #expect(axis.ticks.map(axis.label) == ["0.01", "0.1", "1", "10", "100"])
    #expect(axis.position(0) == nil && axis.position(100) == 1)
  }

  @Test("the drawing is well-formed XML whatever the names and values are", arguments: [0, 1, 2, 5000])
  func wellFormed(_ count: Int) throws {
    let points = (0..<count).map { index -> (x: Double, y: Double) in
      (Double(index), index % 7 == 3 ? .nan : Double(index % 100))
    }
    for isStandalone in [true, false] {
      let svg = Plot(
        title: "<loss> & \"co\"\u{1}", yLabel: "]]>",
        series: [.init("a<b", points, smoothing: 9), .init("c", points, hasDots: true)], isLogarithmic: count == 2
      ).svg(isStandalone: isStandalone)
      let document = try XMLDocument.read(svg, file: "plot.svg")
      #expect(document.name == "svg")
      #expect(!svg.contains("nan") && !svg.contains("inf"))
      #expect(svg.contains("no data yet") == (count == 0))
    }
  }

  @Test("a long line is thinned without losing its peak")
  func thinned() {
    var points = (0..<100_000).map { (Double($0), 0.5) }
    points[43_210].1 = 1
    let svg = Plot(title: "", series: [.init("a", points)], yRange: 0...1).svg(width: 640, height: 360)
    #expect(svg.utf8.count < 100_000)
    // Without a title the frame begins 14 pixels from the top, which is where 1 lies.
    #expect(svg.contains(" 14L"))
  }

  @Test("a lone point and one between gaps are drawn as dots")
  func lone() {
    let svg = Plot(title: "", series: [.init("a", [(1, 1), (2, .nan), (3, 2), (4, .nan)])]).svg()
    #expect(svg.split(separator: "<circle").count == 3)
  }
}
