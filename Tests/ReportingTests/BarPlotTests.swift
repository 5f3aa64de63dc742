import Testing

@testable import Reporting

@Suite struct BarPlotTests {

  @Test(
    "bars are as high as their values, names are escaped, and nothing stands for no bars", arguments: [false, true])
  func bars(isLying: Bool) throws {
    let plot = BarPlot(
      title: "a < b & c", bars: [("<one>", 4), ("two", 2), ("none", 0)], isLying: isLying)
    let svg = plot.svg(width: 400, height: 200, isStandalone: false)
    #expect(svg.contains("a &lt; b &amp; c") && svg.contains("&lt;one&gt;") && !svg.contains("<one>"))
    let side = isLying ? "width" : "height"
    let lengths = svg.split(separator: "\n").filter { $0.contains("fill=\"#0072b2\"") }.compactMap { line in
      line.split(separator: "\(side)=\"").last?.split(separator: "\"").first.flatMap { Double($0) }
    }
    #expect(lengths.count == (isLying ? 3 : 2) && abs(lengths[0] - 2 * lengths[1]) < 0.1, "\(lengths)")
    #expect(BarPlot(title: "t", bars: []).svg().contains("no data"))
  }

  @Test("a lying plot is as high as it has bars")
  func height() {
    func height(_ count: Int) -> String {
      let svg = BarPlot(title: "t", bars: (0..<count).map { ("n\($0)", 1) }, isLying: true).svg()
      return String(svg.split(separator: "viewBox=\"")[1].prefix { $0 != "\"" })
    }
    #expect(height(2) == "0 0 560 82" && height(10) == "0 0 560 242")
  }
}
