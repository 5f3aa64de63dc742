import Documents
import TestSupport
import Testing

@Suite("annotation-tool diff")
struct DiffTests {
  private let tool = Program(named: "annotation-tool")

  @Test("what was remapped is told; exit code 1 only with --fail")
  func told() throws {
    let folder = try ScratchFolder()
    let out = folder.path + "/out.json"
    _ = try tool.run(["remap", TinySet.labels, "--rename", "disc=ring", "--drop", "cross", "--output", out])
    let outcome = try tool.run(["diff", TinySet.labels, out, "--count", "1"])
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.standardOutput == """
        classes removed ×2
          disc
          and 1 more
        objects removed ×5
          object 1 in 000001.jpg: cross (81, 53)–(103, 71)
          and 4 more
        objects relabelled ×1
          object 15 in 000004.jpg: disc becomes ring

        """)
    let failed = try tool.run(["diff", TinySet.labels, out, "--fail", "--json"])
    #expect(failed.exitCode == 1 && failed.standardError == "error: \(out): differs from \(TinySet.labels)\n")
    let report = try JSON(parsing: failed.standardOutput, file: "report")
    #expect(report["same"] == false && report["objects"]?["removed"]?.array?.count == 5)
  }

  @Test("the same labels in two forms have the same boxes and classes")
  func forms() throws {
    let voc = TinySet.folder + "/voc"
    let same = try tool.run(["diff", voc, TinySet.folder + "/voc.json", "--fail"])
    #expect(same.exitCode == 0 && same.standardOutput == "no differences\n")
    let outcome = try tool.run(["diff", TinySet.labels, voc, "--by", "iou", "--iou", "1", "--json"])
    let report = try JSON(parsing: outcome.standardOutput, file: "report")
    for kind in ["added", "removed", "moved", "relabelled"] { #expect(report["objects"]?[kind] == []) }
    // VOC holds no outlines.
    #expect(report["objects"]?["changed"]?.array?.count == 31)
  }

  @Test("numbers in keys are compared by value, and keys of the file are compared too")
  func keys() throws {
    let folder = try ScratchFolder()
    func labels(_ name: String, score: String, keys: String) throws -> String {
      try folder.write(
        """
        {\(keys),"images":[{"id":1,"file_name":"a.jpg","width":9,"height":9}],"categories":[{"id":1,"name":"c"}],
        "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"area":12,"score":\(score)}]}
        """, to: name)
    }
    let old = try labels("a.json", score: "0.5", keys: #""info":{"a":1,"b":2.0}"#)
    let same = try labels("b.json", score: "0.50", keys: #""info":{"b":2,"a":1}"#)
    let outcome = try tool.run(["diff", old, same, "--fail"])
    #expect(outcome.exitCode == 0 && outcome.standardOutput == "no differences\n", "\(outcome.standardOutput)")
    let new = try labels("c.json", score: "0.5", keys: #""info":{"a":2,"b":2},"zz":1"#)
    let told = try tool.run(["diff", old, new, "--fail"])
    #expect(told.exitCode == 1)
    #expect(
      told.standardOutput == """
        file keys added ×1
          zz
        file keys changed ×1
          info.a: 1 becomes 2

        """)
    let report = try JSON(parsing: try tool.run(["diff", old, new, "--json"]).standardOutput, file: "report")
    #expect(report["same"] == false && report["fileKeys"]?["added"] == ["zz"])
  }

  @Test("an overlap that is none is refused", arguments: ["0", "1.5", "nan"])
  func refused(iou: String) throws {
    #expect(try tool.run(["diff", TinySet.labels, TinySet.labels, "--by", "iou", "--iou", iou]).exitCode == 64)
  }
}
