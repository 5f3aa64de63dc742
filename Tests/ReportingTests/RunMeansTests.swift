import Documents
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct RunMeansTests {
  private func run(
    _ method: String, _ seed: UInt64, test: Double?, validation: Double = 0.5, seconds: Double = 10,
    stages: [RunSummary.Stage] = []
  ) -> RunSummary {
    RunSummary(
      method: method, seed: seed, steps: 4, imagesSeen: 32, seconds: seconds,
      selectedBy: "validation.student.mIoU", step: 4, stages: stages,
      validation: [
        .init("student", ["mIoU": JSON(validation), "classes": ["sky": JSON(validation)], "absentClasses": "skipped"]),
        .init("teacher", ["mIoU": 0.9]),
      ], test: test.map { ["mIoU": JSON($0), "classes": ["sky": JSON($0), "sea": -1]] })
  }

  private var groups: [RunMeans.Group] {
    let stage = RunSummary.Stage("stage-1", imagesSeen: 8, seconds: 15)
    return [
      .init("st++", [1, 2, 3].map { run("st++", $0, test: 0.5 + 0.1 * Double($0), seconds: 5, stages: [stage]) }),
      .init("supervised", [1, 2, 3].map { run("supervised", $0, test: 0.4 + 0.01 * Double($0)) }),
    ]
  }

  @Test("groups are compared with supervised, wherever it stands, by test figures, with the cost of all stages")
  func compares() throws {
    let means = RunMeans(groups, figures: ["mIoU", "classes.sky", "classes.sea"])
    #expect(means.reference == 1 && means.judgedOn == "test" && means.figure == "mIoU")
    #expect(means.table.columns.map(\.title).contains("mIoU against supervised"))
    #expect(
      means.table.rows == [
        [
          "st++", "3", "test", "student", "0.700 ± 0.100", "0.700 ± 0.100", "–", "+0.280 (above)", "40",
          "20 s ± 0 s",
          "2.00×",
        ],
        [
          "supervised", "3", "test", "student", "0.420 ± 0.010", "0.420 ± 0.010", "–", "–", "32", "10 s ± 0 s",
          "1.00×",
        ],
      ])
    #expect(means.lines == ["st++: test mIoU +0.280 against supervised, more than the larger spread, 0.100"])
  }

  @Test("where a run has no test figures the judged model's validation figures stand for all")
  func validation() {
    var some = groups
    some[0].runs[1].test = nil
    let means = RunMeans(some, figures: ["mIoU"])
    #expect(means.judgedOn == "validation")
    #expect(means.spread(of: "mIoU", in: 0) == Spread([0.5, 0.5, 0.5]))
    #expect(means.lines == ["st++: validation mIoU +0.000 against supervised, within the larger spread, 0.000: noise"])
  }

  @Test("without supervised the first is the reference; one run of each says that there is no spread")
  func oneSeed() {
    let means = RunMeans(
      [
        .init("fixmatch", [run("fixmatch", 1, test: 0.6)]), .init("st", [run("st", 1, test: 0.5)]),
      ], figures: ["mIoU"])
    #expect(means.reference == 0 && means.table.rows[1][4...5] == ["0.500", "−0.100 (one seed)"])
    #expect(
      means.lines == [
        "st: test mIoU −0.100 against fixmatch, of one seed: how much of it is noise is not known",
        "one seed: there is no spread; --seeds 3 measures it",
      ])
  }

  @Test("comparison-means.json has means under the keys of the figures, and comparison.json stays the array of runs")
  func writes() throws {
    let folder = try ScratchFolder()
    var comparison = RunComparison(groups.flatMap(\.runs))
    comparison.means = (RunMeans(groups, figures: ["mIoU"]), [["a", "b", "c"], ["d", "e", "f"]])
    try comparison.write(to: folder.path, figures: ["mIoU"])
    #expect(try JSON(contentsOf: folder.path + "/comparison.json") == comparison.json)
    let json = try JSON(contentsOf: folder.path + "/comparison-means.json")
    #expect(json["judgedOn"]?.string == "test" && json["reference"]?.string == "supervised")
    let first = try #require(json["methods"]?.array?.first)
    #expect(first["seeds"]?.array?.map(\.int) == [1, 2, 3] && first["runs"]?.array?.map(\.string) == ["a", "b", "c"])
    #expect(first["imagesSeen"] == ["mean": 40, "deviation": 0] && first["cost"]?.double == 2)
    #expect(first["againstReference"]?["verdict"]?.string == "above")
    let sky = try #require(first["metrics"]?["classes"]?["sky"])
    #expect(abs(try #require(sky["mean"]?.double) - 0.7) < 1e-12)
    // A figure that does not exist has no mean, and what is no figure neither.
    #expect(first["metrics"]?["classes"]?.object?.keys == ["sky"])
    let markdown = try String(contentsOfFile: folder.path + "/comparison.md", encoding: .utf8)
    #expect(markdown.contains("0.700 ± 0.100") && markdown.contains("more than the larger spread"))
  }
}
