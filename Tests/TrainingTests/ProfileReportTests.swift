import Reporting
import Testing
import Torch

@testable import Training

@Suite("ProfileReport") struct ProfileReportTests {
  static func part(
    _ name: String, _ seconds: Double, calls: Int = 0, gflop: Double = 0, gigabytes: Double = 0, floor: Double = 0
  ) -> StepProfile.Part {
    var work = OperatorWork()
    work.calls = calls
    work.flops = Int(gflop * 1e9)
    work.bytes = Int(gigabytes * 1e9)
    work.floorSeconds = floor
    return .init(name: name, seconds: seconds, work: work)
  }

  /// Four steps of which each takes 500 ms.
  static func report(operators: [StepProfile.Part]) -> ProfileReport {
    ProfileReport(
      parts: [
        part("loader", 0.1), part("losses", 1.2, calls: 40, gflop: 200, gigabytes: 8, floor: 0.6),
        part("backward", 0.6, calls: 60, gflop: 300, gigabytes: 4, floor: 0.4),
        part(StepProfile.besideName, 0.1, calls: 4, gigabytes: 0.004),
      ], operators: operators, steps: 4,
      setting: .init(
        device: "cpu", precision: "bfloat16", threads: 2,
        peak: .init(float32: 447.2e9, bfloat16: 861.7e9, bytes: 21.34e9)))
  }

  @Test("parts are means of a step beside their floors, and add up to it")
  func parts() {
    let rows = Self.report(operators: []).partTable.rows
    #expect(
      rows == [
        ["loader", "25.00", "5.0 %", "", "", "", ""],
        ["losses", "300.00", "60.0 %", "50.00", "2.000", "150.00", "2.0"],
        ["backward", "150.00", "30.0 %", "75.00", "1.000", "100.00", "1.5"],
        ["beside the parts", "25.00", "5.0 %", "0.00", "0.001", "0.00", "–"],
        ["whole step", "500.00", "100.0 %", "125.00", "3.001", "250.00", "2.0"],
      ])
  }

  @Test("operators come by their time; the others and what is outside of them fill up the step")
  func operators() {
    let many = (1...14).map { number in
      Self.part("operator\(number)", 0.01 * Double(number), calls: 4 * number, gigabytes: 0.04, floor: 0.004)
    }
    let rows = Self.report(operators: many).operatorTable.rows
    #expect(rows.count == 12 + 3 && rows[0].first == "operator14" && rows[11].first == "operator3")
    #expect(rows[0] == ["operator14", "14", "35.00", "7.0 %", "0.00", "0.010", "1.00", "35.0"])
    #expect(rows[12] == ["2 others", "3", "7.50", "1.5 %", "0.00", "0.020", "2.00", "3.8"])
    #expect(rows[13] == ["outside operators", "", "237.50", "47.5 %", "", "", "", ""])
    #expect(rows[14].prefix(4) == ["whole step", "26", "500.00", "100.0 %"])
  }

  @Test("notes say what was measured; the file has the means with their units in the keys' meaning")
  func notesAndFile() {
    let report = Self.report(operators: [Self.part("convolution", 1, calls: 8, gflop: 100, floor: 0.5)])
    #expect(report.notes[1].contains("447 GFLOP/s in float32, 862 in bfloat16; 21.3 GB/s"))
    #expect(report.notes[1].contains("cpu with 2 threads"))
    let json = report.json
    #expect(json["steps"]?.int == 4 && json["peak"]?["bfloat16"]?.double == 861.7e9)
    #expect(json["step"]?["seconds"]?.double == 0.5 && json["step"]?["floorSeconds"]?.double == 0.25)
    #expect(json["parts"]?.array?.count == 4 && json["parts"]?.array?[1]["flops"]?.double == 50e9)
    let convolution = json["operators"]?.array?.first
    #expect(convolution?["calls"]?.double == 2 && convolution?["seconds"]?.double == 0.25)
  }
}
