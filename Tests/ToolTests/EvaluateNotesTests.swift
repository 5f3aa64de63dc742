import Documents
import Foundation
import TestSupport
import Testing

@Suite("Notes of evaluate")
struct EvaluateNotesTests {
  private let program = Program(named: "evaluate")
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func run(_ command: String, _ truth: String, _ predictions: [String], _ arguments: [String] = []) throws
    -> String
  {
    let own = command == "compare" ? ["--samples", "10"] : []
    let outcome = try program.run([command, "--truth", truth, "--predictions"] + predictions + own + arguments)
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty, "\(outcome.standardError)")
    return outcome.standardOutput
  }

  private func predictions(_ images: [Int], score: String = "0.5", to name: String) throws -> String {
    let found = images.map { #"{"image_id":\#($0),"category_id":1,"bbox":[1,2,30,40],"score":\#(score)}"# }
    return try folder.write("[" + found.joined(separator: ",") + "]", to: name)
  }

  private func truth(_ objects: String) throws -> String {
    try folder.write(
      #"""
      {"images":[{"id":1,"file_name":"a.jpg","height":100,"width":100},{"id":2,"file_name":"b.jpg","height":100,"width":100}],
       "categories":[{"id":1,"name":"cell"}],"annotations":[\#(objects)]}
      """#, to: "truth.json")
  }

  private func object(_ id: Int, _ box: String, _ more: String = "") -> String {
    #"{"id":\#(id),"image_id":1,"category_id":1,"bbox":[\#(box)],"area":1200,"iscrowd":0\#(more)}"#
  }

  @Test(
    "of labels without ids every command says what those of the predictions are taken for",
    arguments: ["boxes", "voc", "errors", "thresholds", "compare"])
  func numbering(command: String) throws {
    let own = try predictions([1], to: "own/predictions.json")
    let text = try run(command, TinySet.folder + "/voc", command == "compare" ? [own, own] : [own])
    #expect(
      text.contains(
        "note: voc has no ids: those of the predictions are taken for images 1 000001.jpg, 2 000002.jpg, 3 000003.jpg, … and classes 1 "
      ))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("note: ") } == 1)
  }

  @Test(
    "labels that are odd are judged as they are, and said to be by every command",
    arguments: ["boxes", "errors", "thresholds", "compare"])
  func oddLabels(command: String) throws {
    let labels = try truth(
      [
        object(0, "1,2,30,40"), object(2, "1,2,0,40"), object(3, "200,2,30,40"),
        object(4, "1,50,30,40", #","difficult":1"#),
      ].joined(separator: ","))
    let found = try predictions([1], to: "found.json")
    let text = try run(
      command, labels, command == "compare" ? [found, found] : [found],
      command == "boxes" ? ["--parity", "corrected"] : [])
    for note in [
      "1 difficult or ignored objects are neither wanted nor held against (--count-difficult)",
      "1 objects have a box without area: no prediction can match them", "1 objects lie outside their image",
      "1 objects have id 0: pycocotools would never find them, here they count like others",
    ] {
      #expect(text.contains("note: \(note)\n"), "\(text)")
    }
  }

  @Test("the page has the notes, too")
  func page() throws {
    let own = try predictions([1], to: "own/predictions.json")
    let html = folder.path + "/page.html"
    _ = try run("errors", TinySet.folder + "/voc", [own], ["--html", html, "--worst", "1"])
    let page = try String(contentsOfFile: html, encoding: .utf8)
    #expect(page.contains("<p>Note: voc has no ids: those of the predictions are taken for images 1 000001.jpg"))
    // The worst image is found and drawn from the labels that were judged.
    #expect(page.contains("data:image/jpeg;base64,"))
  }

  @Test("predictions that a list leaves out are counted, of two runs for the one that has them")
  func leftOut() throws {
    let labels = try truth(object(1, "1,2,30,40"))
    let list = try folder.write("a\n", to: "list.txt")
    let (one, both) = (try predictions([1], to: "one.json"), try predictions([1, 2], to: "both.json"))
    let note = "1 predictions are for images that \(list) leaves out\n"
    for command in ["boxes", "errors", "thresholds"] {
      #expect(try run(command, labels, [both], ["--truth-list", list]).contains("note: \(note)"))
      #expect(try !run(command, labels, [one], ["--truth-list", list]).contains("leaves out"))
    }
    #expect(try run("compare", labels, [one, both], ["--truth-list", list]).contains("note: B: \(note)"))
    #expect(try run("compare", labels, [both, one], ["--truth-list", list]).contains("note: A: \(note)"))
    #expect(try run("compare", labels, [both, both], ["--truth-list", list]).contains("note: \(note)"))
  }

  @Test(
    "scores that are no probabilities are judged: far ones, and negative ones with the threshold below the lowest",
    arguments: [
      ("1e20", "score over 0.000, where precision 1.000"), ("-1", "score over -1.000, where precision 1.000"),
    ])
  func scores(_ score: String, _ wanted: String) throws {
    let labels = try truth(object(1, "1,2,30,40"))
    let found = try predictions([1], score: score, to: "found.json")
    let text = try run("errors", labels, [found], ["--html", folder.path + "/page.html"])
    #expect(text.contains("all classes: \(wanted)") && !text.contains("expected calibration error"), "\(text)")
    let json = folder.path + "/thresholds.json"
    _ = try run("thresholds", labels, [found], ["--json", json])
    #expect(try JSON(contentsOf: json)["bestOfAll"]?["kept"]?.int == 1)
  }

  @Test("the JSON of errors does not grow by the square of the classes")
  func manyClasses() throws {
    let classes = (1...1000).map { #"{"id":\#($0),"name":"class \#($0)"}"# }.joined(separator: ",")
    let labels = try folder.write(
      #"{"images":[{"id":1,"file_name":"a.jpg","height":100,"width":100}],"categories":[\#(classes)],"annotations":[\#(object(1, "1,2,30,40"))]}"#,
      to: "many.json")
    let found = try folder.write(
      #"[{"image_id":1,"category_id":900,"bbox":[1,2,30,40],"score":0.5}]"#, to: "found.json")
    let json = folder.path + "/errors.json"
    _ = try run("errors", labels, [found], ["--score-over", "0.1", "--json", json])
    #expect(try #require(Folder.size(ofFile: json)) < 2_000_000)
    #expect(try JSON(contentsOf: json)["confusion"]?["cells"] == [[0, 899, 1]])
  }
}
