import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("evaluate compare")
struct EvaluateCompareTests {
  private let program = Program(named: "evaluate")
  private let folder: ScratchFolder
  private let truth: String

  /// 30 images with an object each.
  init() throws {
    folder = try ScratchFolder()
    let images = (1...30).map { #"{"id":\#($0),"file_name":"\#($0).jpg","height":100,"width":100}"# }
    let objects = (1...30).map {
      #"{"id":\#($0),"image_id":\#($0),"category_id":\#(1 + $0 % 2),"bbox":[10,10,40,40],"area":1600,"iscrowd":0}"#
    }
    truth = try folder.write(
      #"{"images":[\#(images.joined(separator: ","))],"categories":[{"id":1,"name":"cell"},{"id":2,"name":"plate"}],"annotations":[\#(objects.joined(separator: ","))]}"#,
      to: "truth.json")
  }

  /// Predictions for the objects that `isFound` names.
  private func predictions(_ name: String, _ isFound: (Int) -> Bool) throws -> String {
    let found = (1...30).filter(isFound).map {
      #"{"image_id":\#($0),"category_id":\#(1 + $0 % 2),"bbox":[10,10,40,36],"score":0.\#($0 + 10)}"#
    }
    return try folder.write("[" + found.joined(separator: ",") + "]", to: name)
  }

  private func compare(_ arguments: String...) throws -> Program.Outcome {
    try program.run(["compare", "--truth", truth, "--predictions"] + arguments)
  }

  @Test("a run that finds more is better, in words and in JSON, by class too; the same seed says the same")
  func better() throws {
    let first = try predictions("a.json") { $0 % 3 != 0 && $0 % 2 == 0 || $0 % 2 == 1 && $0 < 16 }
    let second = try predictions("b.json") { $0 % 2 == 0 || $0 < 16 }
    let json = folder.path + "/compare.json"
    let outcome = try compare(first, second, "--metric", "AP50", "--samples", "200", "--seed", "7", "--json", json)
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains("30 images, 200 samples of them, seed 7\n\nB is better: +"))
    #expect(outcome.standardOutput.contains(" points, 95 % interval +"))
    #expect(outcome.standardOutput.contains("no difference\n") && outcome.standardOutput.contains("B is better\n"))
    let result = try JSON(parsing: String(contentsOfFile: json, encoding: .utf8), file: json)
    #expect(
      result.object?.keys == [
        "A", "B", "difference", "interval", "probabilityBIsBetter", "validSamples", "verdict", "metric", "runs",
        "images",
        "samples", "seed", "classes",
      ])
    #expect(result["verdict"] == "B is better" && result["classes"]?["plate"]?["verdict"] == "no difference")
    #expect(result["seed"]?.int == 7 && result["metric"] == "AP50" && result["runs"]?.array?.count == 2)
    let again = try compare(first, second, "--metric", "AP50", "--samples", "200", "--seed", "7")
    #expect(again.standardOutput == outcome.standardOutput)
    #expect(try compare(second, first, "--metric", "AP50").standardOutput.contains("\nA is better: −"))
  }

  @Test("a run compared with itself has no difference")
  func identical() throws {
    let run = try predictions("a.json") { $0 % 3 != 0 }
    let outcome = try compare(run, run, "--samples", "50")
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains("\nno difference in any sample\n"))
    #expect(
      outcome.standardOutput.contains("cell     0.597    0.597    0.0        0.0…0.0          50.0 %  no difference\n"))
  }

  @Test("a difference in one image of thirty is noise")
  func noise() throws {
    let first = try predictions("a.json") { $0 % 3 != 0 && $0 != 4 }
    let second = try predictions("b.json") { $0 % 3 != 0 && $0 != 5 }
    #expect(try compare(first, second).standardOutput.contains("\nnoise: "))
  }

  @Test("folders of label maps are compared by mIoU")
  func labelMaps() throws {
    _ = try folder.write("ground\nthing\n", to: "maps/classes.txt")
    for image in 0..<12 {
      try ImageFile.write(
        Image(height: 2, width: 4, color: .white), to: try folder.file("maps/images/\(image).jpg"))
      let truth: [UInt8] = [0, 0, 1, 1, 0, 0, 1, 1]
      for (name, pixels) in [
        ("maps/masks", truth), ("good", truth), ("bad", image % 2 == 0 ? truth : truth.map { 1 - $0 }),
      ] {
        try ImageFile.writeLabelMap(
          Image(height: 2, width: 4, channels: 1, pixels: pixels), palette: Palette.voc,
          to: try folder.file("\(name)/\(image).png"))
      }
    }
    let outcome = try program.run([
      "compare", "--truth", folder.path + "/maps", "--predictions", folder.path + "/bad", folder.path + "/good",
      "--samples", "100",
    ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(
      outcome.standardOutput.contains("bad, mIoU 0.333\n") && outcome.standardOutput.contains("good, mIoU 1.000\n"))
    #expect(outcome.standardOutput.contains("\nB is better: +66.7 points"))
  }

  @Test("two runs are wanted, and files that are there")
  func refused() throws {
    let run = try predictions("a.json") { $0 > 0 }
    #expect(try compare(run).exitCode == 64)
    #expect(try compare(run, run, run).exitCode == 64)
    #expect(try compare(run, run, "--samples", "0").exitCode == 64)
    for useless in [
      ["--masks", "--metric", "mIoU"], ["--count-difficult", "--metric", "mIoU"], ["--ignore-id", "3"],
    ] {
      let outcome = try program.run(["compare", "--truth", truth, "--predictions", run, run] + useless)
      #expect(outcome.exitCode == 64 && outcome.standardError.contains("\(useless[0]) is not for "))
    }
    let missing = try compare(run, folder.path + "/none.json")
    #expect(missing.exitCode == 1 && missing.standardError.contains("none.json: cannot read"))
    let mixed = try compare(run, run, "--metric", "mIoU")
    #expect(mixed.exitCode == 1 && mixed.standardError.split(separator: "\n").count == 1)
  }
}
