import Documents
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite("HTMLReport")
struct HTMLReportTests {
  @Test("every text is escaped")
  func escaped() {
    let attack = "<script>alert('x')</script>"
    var table = MetricTable([.init(attack)])
    table.append([attack])
    var report = HTMLReport(title: attack, subtitle: attack)
    report.addHeading(attack)
    report.addParagraph(attack)
    report.addCode(attack)
    report.addSettings([(attack, attack)])
    report.addTable(table, caption: attack)
    report.addPlots([
      Plot(title: attack, xLabel: attack, yLabel: attack, series: [.init(attack, []), .init(attack, [])])
    ])
    report.addPictures([.init(bytes: [0xFF, 0xD8, 0xFF], caption: attack)])
    report.addLegend([(.black, attack)])
    let html = report.html
    #expect(!html.contains("<script"))
    // Title twice, subtitle, five texts, caption and two cells, plot: name, title, two axes, two lines; picture twice, legend.
    #expect(html.split(separator: "&lt;script&gt;alert('x')", omittingEmptySubsequences: false).count == 1 + 20)
  }

  @Test("it needs nothing beside it")
  func selfContained() throws {
    let folder = try ScratchFolder()
    let png = try folder.file("picture.png")
    try AtomicFile.write([0x89, 0x50, 0x4E, 0x47, 1, 2, 3], to: png)
    var report = HTMLReport(title: "run")
    report.addPlots([Plot(title: "loss", series: [.init("a", [(0, 1), (1, 2)])])])
    report.addPictures([try .init(path: png, caption: "a picture")])
    let path = folder.path + "/report.html"
    try report.write(to: path)
    let html = try String(contentsOfFile: path, encoding: .utf8)
    #expect(html.contains("src=\"data:image/png;base64,iVBORwECAw==\""))
    let addresses = html.matches(of: /(?:src|href)="([^"]{0,5})|url\(|@import/)
    #expect(addresses.allSatisfy { $0.output.1 == "data:" })
    let outside = html.replacing("http://www.w3.org/2000/svg", with: "").contains("http")
    #expect(!outside)
  }

  @Test("what is no picture is refused with its name")
  func noPicture() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("hello", to: "picture.png")
    #expect(throws: DocumentError.content(file: path, reason: "is neither a JPEG nor a PNG file")) {
      try HTMLReport.Picture(path: path, caption: "")
    }
  }
}
