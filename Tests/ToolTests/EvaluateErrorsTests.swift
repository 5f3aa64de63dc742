import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("evaluate errors")
struct EvaluateErrorsTests {
  private let program = Program(named: "evaluate")
  private let folder: ScratchFolder
  private let files: [String]

  init() throws {
    folder = try ScratchFolder()
    let truth = try folder.write(
      #"""
      {"images":[{"id":5,"file_name":"a.png","height":100,"width":100},{"id":6,"file_name":"b.png","height":100,"width":100}],
       "categories":[{"id":2,"name":"cell"},{"id":3,"name":"plate"}],
       "annotations":[{"id":1,"image_id":5,"category_id":2,"bbox":[10,10,40,40],"area":1600,"iscrowd":0},
        {"id":2,"image_id":5,"category_id":3,"bbox":[60,10,20,20],"area":400,"iscrowd":0},
        {"id":3,"image_id":6,"category_id":3,"bbox":[60,10,20,20],"area":400,"iscrowd":0}]}
      """#, to: "set/truth.json")
    let predictions = try folder.write(
      #"""
      [{"image_id":5,"category_id":2,"bbox":[10,10,40,40],"score":0.9},{"image_id":5,"category_id":2,"bbox":[60,10,20,20],"score":0.8},
       {"image_id":5,"category_id":3,"bbox":[0,80,10,10],"score":0.7}]
      """#, to: "predictions.json")
    files = ["--truth", truth, "--predictions", predictions]
  }

  @Test("prints the kinds with their counts and costs, and writes the JSON")
  func judged() throws {
    let json = folder.path + "/errors.json"
    let outcome = try program.run(["errors"] + files + ["--json", json, "--score-over", "0.5"])
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty, "\(outcome.standardError)")
    let text = outcome.standardOutput
    #expect(text.hasPrefix("2 images, 3 objects, 3 predictions\n\nAP50 is 0.500; dAP is what it would gain"))
    // Of two plates the first would be found: 51 of 101 recalls, before the wrong one.
    #expect(text.contains("classification       1  0.252  at an object, named as another class\n"))
    #expect(text.contains("missed               1  0.000  object without a detection that comes near\n"))
    #expect(text.contains("all classes: score over 0.500\n"))
    #expect(text.contains("plate   cell             1          50.0 %\n"))
    let figures = try JSON(parsing: String(contentsOfFile: json, encoding: .utf8), file: json)
    #expect(
      figures.object?.keys == [
        "shapes", "images", "objects", "predictions", "metrics", "errors", "threshold", "best", "calibrationError",
        "reliability",
        "sizes", "classes", "confusion", "worstImages",
      ])
    #expect(figures["errors"]?["counts"]?["background"]?.int == 1)
    #expect(figures["errors"]?["costs"]?.object?.keys.last == "falseNegatives")
    #expect(figures["confusion"]?["cells"] == [[0, 0, 1], [1, 0, 1], [1, 2, 1], [2, 1, 1]])
    #expect(figures["worstImages"]?.array?.first?["image_id"]?.int == 5)
    #expect(figures["classes"]?["plate"]?["precisionAtHalf"]?.array?.count == 101)
  }

  @Test("the page shows the worst images where they are, and says which cannot be shown")
  func page() throws {
    let html = folder.path + "/page.html"
    try ImageFile.write(Image(height: 100, width: 100, color: .white), to: try folder.file("photos/a.png"))
    let bare = try program.run(["errors"] + files + ["--html", html, "--score-over", "0.5"])
    #expect(
      bare.exitCode == 0
        && bare.standardOutput.contains("note: 2 of the worst images cannot be shown (--truth-images): "))
    #expect(!(try String(contentsOfFile: html, encoding: .utf8)).contains("data:image"))
    let outcome = try program.run(
      ["errors"] + files + ["--html", html, "--score-over", "0.5", "--truth-images", folder.path + "/photos"])
    let page = try String(contentsOfFile: html, encoding: .utf8)
    #expect(outcome.standardOutput.contains("note: 1 of the worst images cannot be shown (--truth-images): "))
    #expect(
      page.contains("<figcaption>a.png: 2 wrong, 1 not found</figcaption>") && page.contains("data:image/jpeg;base64,"))
    #expect(!page.contains("src=\"http") && !page.contains("<script") && !page.contains("<link"))
    let none = try program.run(["errors"] + files + ["--html", html, "--worst", "0"])
    #expect(none.exitCode == 0 && !none.standardOutput.contains("cannot be shown"))
  }

  @Test("what is judged is never written over; wrong flags exit with 64")
  func refused() throws {
    let before = try String(contentsOfFile: files[3], encoding: .utf8)
    for (command, flag) in [("errors", "--html"), ("errors", "--json"), ("boxes", "--json"), ("thresholds", "--json")] {
      let outcome = try program.run([command] + files + [flag, files[3]])
      #expect(outcome.exitCode == 64, "\(command) \(flag)")
      #expect(outcome.standardError.hasPrefix("Error: \(files[3]) is what is judged, which is never written over.\n"))
    }
    #expect(try String(contentsOfFile: files[3], encoding: .utf8) == before)
    #expect(try program.run(["errors"] + files + ["--worst", "-1"]).exitCode == 64)
  }

  @Test("nothing found, and nothing to be found", arguments: [true, false])
  func empty(hasObjects: Bool) throws {
    let truth = try folder.write(
      #"{"images":[{"id":5,"file_name":"a.png","height":9,"width":9}],"categories":[{"id":2,"name":"cell"}],"annotations":[\#(hasObjects ? #"{"id":1,"image_id":5,"category_id":2,"bbox":[1,1,4,4],"area":16,"iscrowd":0}"# : "")]}"#,
      to: "other.json")
    let found = try folder.write(
      hasObjects ? "[]" : #"[{"image_id":5,"category_id":2,"bbox":[1,1,4,4],"score":3}]"#, to: "found.json")
    let outcome = try program.run(
      [
        "errors", "--truth", truth, "--predictions", found, "--html", folder.path + "/page.html", "--json",
        folder.path + "/e.json",
      ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains(hasObjects ? "AP50 is 0.000" : "AP50 is –"))
  }
}
