import Documents
import Foundation
import TestSupport
import Testing

@Suite("evaluate boxes")
struct EvaluateBoxesTests {
  private let program = Program(named: "evaluate")
  private let folder: ScratchFolder
  private let truth: String
  private let predictions: String

  init() throws {
    folder = try ScratchFolder()
    truth = try folder.write(
      #"""
      {"images":[{"id":5,"file_name":"a.jpg","height":100,"width":100}],
       "categories":[{"id":2,"name":"cell"},{"id":3,"name":"plate"}],
       "annotations":[{"id":1,"image_id":5,"category_id":2,"bbox":[10,10,40,40],"area":1600,"iscrowd":0}]}
      """#, to: "truth.json")
    predictions = try folder.write(
      #"[{"image_id":5,"category_id":2,"bbox":[10,10,40,30],"score":0.9}]"#, to: "predictions.json")
  }

  @Test("predictions that are an object are an error, an empty one too", arguments: ["{}", #"{"a":[]}"#])
  func noArray(text: String) throws {
    let file = try folder.write(text, to: "object.json")
    let outcome = try program.run(["boxes", "--truth", truth, "--predictions", file])
    #expect(outcome.exitCode == 1 && outcome.standardOutput.isEmpty)
    #expect(outcome.standardError.hasPrefix("error: \(file): is an object"))
    #expect(outcome.standardError.hasSuffix("not an array of results\n"))
  }

  @Test("prints the twelve lines and the classes, and writes the JSON")
  func judged() throws {
    let json = folder.path + "/figures.json"
    let outcome = try program.run(["boxes", "--truth", truth, "--predictions", predictions, "--json", json])
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty)
    // The overlap is 0.75: six of ten thresholds.
    #expect(
      outcome.standardOutput.contains(
        " Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.600\n"))
    #expect(
      outcome.standardOutput.contains(
        " Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = -1.000\n"))
    #expect(outcome.standardOutput.split(separator: "\n").count { $0.hasPrefix(" Average") } == 12)
    #expect(outcome.standardOutput.contains("cell         1           1  0.600  1.000\n"))
    #expect(outcome.standardOutput.contains("plate        0           0      –      –\n"))
    let figures = try JSON(parsing: String(contentsOfFile: json, encoding: .utf8), file: json)
    #expect(
      figures.object?.keys == [
        "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl", "classes",
        "classesAP50",
      ])
    #expect(figures["AR100"]?.double == 0.6 && figures["classes"]?["plate"]?.int == -1)
  }

  @Test(
    "bad input ends with one line and exit code 1, and leaves no JSON",
    arguments: [
      ("[{\"image_id\":5,\"category_id\":2,\"bbox\":[10,10", "ends early"),
      (#"[{"image_id":6,"category_id":2,"bbox":[1,1,4,3],"score":0.9}]"#, "[0]: image_id 6"),
      (#"[{"image_id":5,"category_id":1,"bbox":[1,1,4,3],"score":0.9}]"#, "[0]: category_id 1"),
      (#"[{"image_id":5,"category_id":2,"bbox":[1,1,4,NaN],"score":0.9}]"#, "NaN"),
      (#"{"images":[]}"#, "not an array of results"),
    ])
  func badInput(_ text: String, _ wanted: String) throws {
    let bad = try folder.write(text, to: "bad.json")
    let json = folder.path + "/figures.json"
    let outcome = try program.run([
      "boxes", "--truth", truth, "--predictions", bad, "--json", json, "--parity", "corrected",
    ])
    #expect(outcome.exitCode == 1 && outcome.standardOutput.isEmpty)
    #expect(
      outcome.standardError.hasPrefix("error: \(bad)") && outcome.standardError.contains(wanted),
      "\(outcome.standardError)")
    #expect(outcome.standardError.split(separator: "\n").count == 1)
    #expect(!Folder.hasAnything(at: json))
  }

  @Test("a missing file is named")
  func missing() throws {
    let outcome = try program.run(["boxes", "--truth", truth, "--predictions", folder.path + "/none.json"])
    #expect(outcome.exitCode == 1 && outcome.standardError.contains("none.json: cannot read"))
  }

  @Test("a wrong command line exits with 64", arguments: [["boxes"], ["boxes", "--nonsense"], ["nothing"]])
  func wrongCommandLine(_ arguments: [String]) throws {
    let outcome = try program.run(arguments)
    #expect(outcome.exitCode == 64 && !outcome.standardError.isEmpty)
  }

  @Test("thresholds says what each keeps, how much of it is right, and what each class could do with")
  func thresholds() throws {
    let json = folder.path + "/thresholds.json"
    let outcome = try program.run([
      "thresholds", "--truth", truth, "--predictions", predictions, "--scores", "0.5", "0.9", "--json", json,
    ])
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty)
    #expect(
      outcome.standardOutput.hasPrefix("1 images, 1 objects, 1 predictions\n\nscore over  boxes  an image  right  "))
    #expect(outcome.standardOutput.contains("0.5      1      1.00      1      1.000   1.000\n"))
    // A threshold is strict.
    #expect(outcome.standardOutput.contains("0.9      0      0.00      0          –   0.000\n"))
    let figures = try JSON(parsing: String(contentsOfFile: json, encoding: .utf8), file: json)
    #expect(figures["classes"]?["cell"]?.array?.first?["precision"]?.double == 1)
    #expect(figures["advised"]?["cell"]?["score"]?.double == 0 && figures["advised"]?["plate"] == .null)
    let wrong = try program.run([
      "thresholds", "--truth", truth, "--predictions", predictions, "--scores", "1.5",
    ])
    #expect(wrong.exitCode == 64 && wrong.standardError.contains("--scores: numbers between 0 and 1 are wanted."))
  }

  @Test("of labels without ids it is said what those of the predictions are taken for, unless images.json says it")
  func numbering() throws {
    _ = try folder.write(
      #"[{"image_id":1,"category_id":1,"bbox":[1,2,3,4],"score":0.5}]"#, to: "own/predictions.json")
    let (voc, own) = (TinySet.folder + "/voc", folder.path + "/own/predictions.json")
    let note =
      "note: voc has no ids: those of the predictions are taken for images 1 000001.jpg, 2 000002.jpg, 3 000003.jpg, … and classes 1 "
    for command in ["boxes", "voc"] {
      let outcome = try program.run([command, "--truth", voc, "--predictions", own])
      #expect(outcome.exitCode == 0 && outcome.standardOutput.contains(note), "\(outcome)")
    }
    let silent = try program.run(["boxes", "--truth", TinySet.labels, "--predictions", own])
    #expect(silent.exitCode == 0 && !silent.standardOutput.contains("has no ids"))
    _ = try folder.write(
      #"{"images":[{"id":1,"file_name":"000001.jpg"}],"categories":[],"annotations":[]}"#, to: "own/images.json")
    let said = try program.run(["boxes", "--truth", voc, "--predictions", own])
    #expect(said.exitCode == 0 && !said.standardOutput.contains("has no ids"))
  }

  @Test(
    "predictions whose images.json gives ids another meaning than the labels are refused, by image or by class",
    arguments: [
      (#"{"id":5,"file_name":"b.jpg"}"#, "cell", "image 5 is b.jpg in images.json beside it, a.jpg there"),
      (#"{"id":5,"file_name":"d/a.png"}"#, "plate", "class 2 is plate in images.json beside it, cell there"),
      (#"{"id":5,"file_name":"d/a.png"},{"id":6,"file_name":"z.jpg"}"#, "cell", nil),
    ] as [(String, String, String?)])
  func otherIDs(images: String, name: String, reason: String?) throws {
    _ = try folder.write(
      #"{"images":[\#(images)],"categories":[{"id":2,"name":"\#(name)"},{"id":9,"name":"other"}],"annotations":[]}"#,
      to: "images.json")
    for command in ["boxes", "thresholds"] {
      let outcome = try program.run([command, "--truth", truth, "--predictions", predictions])
      if let reason {
        #expect(outcome.exitCode == 1)
        #expect(
          outcome.standardError
            == "error: \(predictions): its ids are not those of \(truth): \(reason); predict with --images \(truth)\n")
      } else {
        #expect(outcome.exitCode == 0, "\(outcome.standardError)")
      }
    }
  }
}
