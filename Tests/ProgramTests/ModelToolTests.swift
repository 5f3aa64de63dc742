import Documents
import Foundation
import TestSupport
import Testing

@Suite("model-tool", .serialized)
struct ModelToolTests {
  private let tool = Program(named: "model-tool")
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// Two steps of Soft Teacher, judged after each.
  private func trainSoftTeacher(_ more: [String] = []) throws {
    let outcome = try TinyTraining.run(
      TinyTraining.arguments(
        set: [
          "method.unlabeled_images=1", "method.memory_images=40000", "trainer.evaluate_every=1",
          "model.regions.score_threshold=0",
        ].filter { !more.isEmpty || !$0.hasPrefix("trainer.evaluate_every") },
        [
          "--method", "soft-teacher", "--unlabeled", TinyTraining.images, "--labeled-list",
          try folder.write("000001\n000002\n000003\n", to: "labeled.txt"), "--steps", "2", "--output", path("run"),
        ] + more))
    try #require(outcome.exitCode == 0, "\(outcome.standardError)")
  }

  private var validation: [String] {
    get throws {
      [
        "--validation", TinyTraining.labels, "--validation-images", TinyTraining.images, "--validation-list",
        try folder.write("000007\n000008\n", to: "validation.txt"), "--exclude-held-out",
      ]
    }
  }

  private func predict(_ checkpoint: String, to output: String) throws -> String {
    let outcome = try Program(named: "predict").run([
      "detect", "--checkpoint", checkpoint, "--images", TinyTraining.images, "--output", path(output), "--threads",
      "1", "--no-pictures",
    ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    return try String(contentsOfFile: path(output) + "/predictions.json", encoding: .utf8)
  }

  @Test("an exported teacher predicts as its run does, byte for byte; the student is another model")
  func export() throws {
    try trainSoftTeacher()
    let (teacher, student) = (path("models/teacher.safetensors"), path("models/student.safetensors"))
    let outcome = try tool.run(["export", "--teacher", path("run"), "-o", teacher])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.hasPrefix("\(teacher): teacher of step 2 from \(path("run"))/checkpoints/last."))
    #expect(try tool.run(["export", "--student", path("run"), "--output", student]).exitCode == 0)
    let found = try predict(teacher, to: "by-teacher")
    #expect(try found.count > 3 && found == predict(path("run"), to: "by-run"))
    #expect(try predict(student, to: "by-student") != found)

    let said = try tool.run(["inspect", student, "--json", "--tensors"])
    let json = try JSON(parsing: said.standardOutput, file: "report")
    #expect(json["predictor"] == "student" && json["method"] == "soft-teacher" && json["step"] == 2)
    #expect(json["classes"]?.array?.count == 6 && json["model"]?["backbone"] == "efficientnet_lite0")
    #expect(json["entries"]?.array?.count == json["tensors"]?.int)
    let names = json["entries"]?.array?.compactMap { $0["name"]?.string } ?? []
    #expect(names.contains("roi_heads.box_predictor.cls_score.weight") && names.contains("rpn.head.conv.0.0.weight"))
  }

  @Test(
    "of each model its own best weights are taken where there are any, the last on request",
    arguments: [("teacher", "student"), ("student", "teacher")])
  func bestAndLast(judged: String, other: String) throws {
    try trainSoftTeacher(validation + ["--set", "method.judged=\(judged)"])
    let files = [judged: "best.safetensors", other: "best-\(other).safetensors"]
    for (model, best) in files {
      for (flags, file) in [([], best), (["--best"], best), (["--last"], model == judged ? "last" : "resume-2")] {
        let target = path("\(model)\(flags.joined()).safetensors")
        let outcome = try tool.run(["export", "--\(model)", path("run"), "-o", target] + flags)
        #expect(outcome.exitCode == 0 && outcome.standardOutput.contains("checkpoints/\(file)"), "\(outcome)")
        #expect(outcome.standardOutput.contains(": \(model) of step "))
      }
      let found = try predict(path("run/checkpoints/\(best)"), to: "by-file-\(model)")
      #expect(try found == predict(path("\(model).safetensors"), to: "by-export-\(model)"))
    }
    let summary = try JSON(contentsOf: path("run/summary.json"))
    #expect(summary["selectedBy"]?.string == "validation.\(judged).AP")
    let best = try #require(summary["metrics"]?["best"]?.object)
    #expect(best.keys == [judged, other])
    #expect(best[judged]?["step"] == summary["step"])
    #expect(best[judged]?["validation"] == summary["metrics"]?["validation"]?[judged])
    #expect(try String(contentsOfFile: path("run/log.txt"), encoding: .utf8).contains("the best \(other) is of step "))

    let text = try tool.run(["inspect", path("run")]).standardOutput
    #expect(text.contains("selected by: validation.\(judged).AP") && text.contains("what resuming needs"))
    #expect(text.contains("selected by: validation.\(other).AP"))
    let json = try JSON(parsing: try tool.run(["inspect", path("run"), "--json"]).standardOutput, file: "report")
    #expect(json["files"]?.array?.count == 4)
  }

  @Test("best weights that were never chosen are an error that says where to look")
  func noBest() throws {
    try trainSoftTeacher()
    let outcome = try tool.run(["export", "--student", path("run"), "--best", "-o", path("none")])
    #expect(outcome.exitCode == 1)
    #expect(outcome.standardError == "error: \(path("run")): has no checkpoints/best.safetensors\n")
  }

  private static let torchFiles = Path.join(
    Path.folder(of: Path.folder(of: #filePath)), "TorchTests/Fixtures/pth")

  /// The tensors of a safetensors file: type, shape, and the bytes as hexadecimal digits, by name.
  private func tensors(_ file: String) throws -> [String: [String]] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try JSON(parsing: String(decoding: bytes[8..<(8 + length)], as: UTF8.self), file: file)
    var tensors: [String: [String]] = [:]
    for member in header.object?.members ?? [] where member.key != "__metadata__" {
      let range = (member.value["data_offsets"]?.array ?? []).compactMap(\.int)
      let data = bytes[(8 + length + range[0])..<(8 + length + range[1])]
      tensors[member.key] = [
        member.value["shape"]?.serialized() ?? "",
        data.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(),
      ]
    }
    return tensors
  }

  @Test(
    "a .pth file becomes a safetensors file with the same tensors",
    arguments: ["types.pth", "types-legacy.pth", "views.pth", "state-dict-legacy.pth"])
  func convert(name: String) throws {
    let pth = Path.join(Self.torchFiles, name)
    let expected = try JSON(contentsOf: Path.join(Self.torchFiles, "expected.json"))[name]?.array?.first
    let (one, two) = (path("one.safetensors"), path("two.safetensors"))
    let outcome = try tool.run(["convert", pth, one])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let entries = try #require(expected?["entries"]?.array)
    let found = try tensors(one)
    #expect(found.count == entries.count)
    for entry in entries {
      let wanted = [entry["shape"]?.serialized() ?? "", entry["bytes"]?.string ?? ""]
      #expect(found[entry["name"]?.string ?? ""] == wanted)
    }
    #expect(try tool.run(["convert", one, two]).exitCode == 0)
    #expect(try SHA256.hexDigest(ofFile: one) == SHA256.hexDigest(ofFile: two))
  }

  @Test("nothing is written over without --force, and what is read never")
  func overwriting() throws {
    let pth = Path.join(Self.torchFiles, "types.pth")
    let target = try folder.write("mine", to: "out.safetensors")
    let refused = try tool.run(["convert", pth, target])
    #expect(refused.exitCode == 1 && refused.standardError == "error: \(target): exists; --force writes over it\n")
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
    #expect(try tool.run(["convert", pth, target, "--force"]).exitCode == 0)
    let own = try tool.run(["convert", target, target, "--force"])
    #expect(own.exitCode == 1 && own.standardError == "error: \(target): is read here and never written over\n")
    let folder = try tool.run(["convert", pth, folder.path, "--force"])
    #expect(folder.exitCode == 1 && folder.standardError.hasSuffix(": is a folder, wanted is a file to write\n"))
  }

  @Test(
    "what cannot be used is one line and exit code 1, a wrong command line 64",
    arguments: [
      (["inspect", "/nonexistent"], 1, "error: /nonexistent: cannot read: No such file or directory\n"),
      (["inspect", "FOLDER"], 1, "error: FOLDER: has no checkpoints/best.safetensors and no "),
      (["inspect", "FOLDER/text"], 1, "error: FOLDER/text: not supported: format: "),
      (["export", "--teacher", "/nonexistent", "-o", "FOLDER/x"], 1, "error: /nonexistent: not a run: the folder is"),
      (["export", "--student", "FOLDER", "-o", "FOLDER/x"], 1, "error: FOLDER: not a run: checkpoints/best.safe"),
      (["convert", "FOLDER/text", "FOLDER/x"], 1, "error: FOLDER/text: not supported: format: "),
      (["export", "-o", "x"], 64, "Error: either --teacher RUN or --student RUN is wanted."),
      (["export", "--teacher", "a", "--student", "b", "-o", "x"], 64, "Error: either --teacher RUN or"),
      (["export", "--teacher", "a", "--best", "--last", "-o", "x"], 64, "Error: "),
      (["convert", "a"], 64, "Error: Missing"), (["nonsense"], 64, "Error: "),
    ] as [([String], Int32, String)])
  func refused(arguments: [String], code: Int32, message: String) throws {
    _ = try folder.write("no weights", to: "text")
    let outcome = try tool.run(arguments.map { $0.replacing("FOLDER", with: folder.path) })
    #expect(outcome.exitCode == code)
    #expect(outcome.standardError.hasPrefix(message.replacing("FOLDER", with: folder.path)), "\(outcome.standardError)")
    if code == 1 { #expect(outcome.standardError.split(separator: "\n").count == 1) }
    #expect(!Folder.hasAnything(at: path("x")))
  }
}
