import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("annotation-tool split") struct SplitTests {
  private let tool = Program(named: "annotation-tool")
  private let folder: ScratchFolder
  private var out: String { folder.path + "/out" }

  init() throws { folder = try ScratchFolder() }

  private func split(_ source: String, _ more: [String]) throws -> Program.Outcome {
    try tool.run(["split", source, "--output", out] + more)
  }

  private func json(_ name: String) throws -> JSON { try JSON(contentsOf: out + "/" + name) }

  /// 200 images without files: `common` in each, `rare` in image 7 alone, `none` nowhere.
  private func largerSource(_ name: String = "coco.json") throws -> String {
    let images = (1...200).map { #"{"id":\#($0),"file_name":"\#($0).jpg","height":9,"width":9}"# }
    let objects = (1...201).map { place in
      let (image, kind) = place == 201 ? (7, 2) : (place, 1)
      return #"{"id":\#(place),"image_id":\#(image),"category_id":\#(kind),"bbox":[1,2,3,4],"iscrowd":0}"#
    }
    return try folder.write(
      """
      {"images":[\(images.joined(separator: ","))],"annotations":[\(objects.joined(separator: ","))],
      "categories":[{"id":1,"name":"common"},{"id":2,"name":"rare"},{"id":3,"name":"none"}]}
      """, to: name)
  }

  @Test("lists give ids and digests of the images, split.json what was drawn, and its hash is over the labelled ones")
  func listsAndHash() throws {
    let outcome = try split(TinySet.labels, ["--labeled-fraction", "0.25", "--folds", "2", "--seed", "5"])
    #expect(outcome.exitCode == 0 && !outcome.standardError.contains("not at hand"), "\(outcome.standardError)")
    let manifest = try json("split.json")
    #expect(manifest["sourceSHA256"]?.string == (try SHA256.hexDigest(ofFile: TinySet.labels)))
    #expect(manifest["mode"] == "by-image" && manifest["seed"] == 5 && manifest["hashesContents"] == true)
    #expect(manifest["classes"]?.object?.keys.count == 6)
    for fold in 1...2 {
      var digest = SHA256()
      var ids: [Int] = []
      for part in ["labeled", "unlabeled"] {
        for image in try json("fold-\(fold)/\(part)-images.json").array ?? [] {
          let (id, name) = (try #require(image["id"]?.int), try #require(image["file_name"]?.string))
          let contents = try SHA256.hexDigest(ofFile: TinySet.images + "/" + name)
          #expect(image["sha256"]?.string == contents)
          if part == "labeled" { digest.update("\(id) \(contents)\n") }
          ids.append(id)
        }
      }
      #expect(ids.sorted() == Array(1...8))
      let record = try #require(manifest["splits"]?.array?[fold - 1])
      #expect(record["hash"]?.string == digest.hexDigest() && record["fold"]?.int == fold)
      #expect(record["labeledImages"] == 2 && record["unlabeledImages"] == 6)
      #expect(SplitRecord(try json("fold-\(fold)/labeled.json")["info"]?["split"]) == SplitRecord(record))
      #expect(try json("fold-\(fold)/unlabeled.json")["info"]?["split"] == nil)
    }
  }

  @Test("a part of a split is split again under its own record, and the unlabelled part of it has none")
  func splitAgain() throws {
    #expect(try split(TinySet.labels, ["--labeled-fraction", "0.5"]).exitCode == 0)
    let outcome = try tool.run([
      "split", out + "/fold-1/labeled.json", "--images", TinySet.images, "--labeled-fraction", "0.5", "--output",
      folder.path + "/again",
    ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let (first, second) = (try json("split.json"), try json("../again/split.json"))
    #expect(second["images"] == 4 && second["splits"]?.array?[0]["hash"] != first["splits"]?.array?[0]["hash"])
    #expect(
      try json("../again/fold-1/labeled.json")["info"]?["split"]?["hash"] == second["splits"]?.array?[0]["hash"])
    #expect(try json("../again/fold-1/unlabeled.json")["info"]?["split"] == nil)
  }

  @Test("without image files ids alone are written, and that is said")
  func withoutImages() throws {
    let outcome = try split(largerSource(), ["--labeled-fraction", "0.1"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.standardError.contains("note: 200 of 200 image files are not at hand"))
    #expect(try json("split.json")["hashesContents"] == false)
    let images = try #require(try json("fold-1/labeled-images.json").array)
    #expect(images.count == 20 && images.allSatisfy { $0["sha256"] == nil })
    let hash = SplitRecord.hash(of: images.compactMap { $0["id"]?.int }, digests: nil)
    #expect(try json("split.json")["splits"]?.array?[0]["hash"]?.string == hash)
  }

  @Test("by class the one image of a class is in the labelled part of every fold")
  func byClass() throws {
    let arguments = ["--labeled-fraction", "0.05", "--folds", "3", "--by-class"]
    let outcome = try split(largerSource(), arguments)
    #expect(outcome.exitCode == 0 && !outcome.standardError.contains("shows rare"), "\(outcome.standardError)")
    let folds = try (1...3).map { try ImageList.read("\(out)/fold-\($0)/labeled.txt").names }
    #expect(folds.allSatisfy { $0.count == 10 && $0.contains("7.jpg") } && Set(folds).count == 3)
    let record = try #require(try json("split.json")["splits"]?.array?[0])
    #expect(record["mode"] == "by-class" && record["classes"]?["rare"] == ["images": 1, "objects": 1])
  }

  @Test("--protocol stac names files as the published ones; --draw stac draws the same in folders")
  func stac() throws {
    let source = try largerSource("instances_train2017.json")
    let arguments = ["--labeled-fraction", "0.1", "--folds", "2", "--seed", "4"]
    let outcome = try split(source, arguments + ["--protocol", "stac"])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let expected = AnnotationSplit.stac(count: 200, fraction: 0.1, folds: 2, seed: 4)
    for (seed, split) in zip([4, 5], expected) {
      let labeled = try AnnotationSource.inspect("\(out)/instances_train2017.\(seed)@10.json").set
      #expect(labeled.images.map(\.id) == split.labeled.map { $0 + 1 })
      let rest = try AnnotationSource.inspect("\(out)/instances_train2017.\(seed)@10-unlabeled.json").set
      #expect(rest.images.count == split.unlabeled.count && rest.objects.isEmpty)
    }
    #expect(try json("split.json")["splits"]?.array?.map { $0["fold"]?.int } == [4, 5])
    #expect(outcome.standardOutput.contains("20 draws"))
    let again = try split(source, arguments + ["--draw", "stac", "--force"])
    #expect(again.exitCode == 0)
    let names = try ImageList.read(out + "/fold-1/labeled.txt").names
    #expect(names == expected[0].labeled.map { "\($0 + 1).jpg" })
  }

  @Test("the protocols without replacement and with a file of indices")
  func otherProtocols() throws {
    let source = try largerSource()
    let arguments = ["--labeled-fraction", "0.1", "--seed", "3"]
    #expect(try split(source, arguments + ["--protocol", "without-replacement"]).exitCode == 0)
    #expect(try ImageList.read(out + "/coco.3@10.txt").names.count == 20)
    let indices = try folder.write(#"{"10.0": {"3": [0, 199]}}"#, to: "lists.txt")
    let file = ["--protocol", "index-file", "--index-file", indices]
    #expect(try split(source, arguments + file + ["--force"]).exitCode == 0)
    #expect(try ImageList.read(out + "/fold-1/labeled.txt").names == ["1.jpg", "200.jpg"])
    #expect(try json("split.json")["indexFileSHA256"]?.string == (try SHA256.hexDigest(ofFile: indices)))
    let missing = try split(source, ["--labeled-fraction", "0.2", "--force"] + file)
    #expect(missing.exitCode == 1)
    #expect(missing.standardError.hasSuffix("error: \(indices): percent 20 is not there; there is 10.0\n"))
  }

  @Test("--dry-run says what would be written and writes nothing")
  func dryRun() throws {
    let outcome = try split(TinySet.labels, ["--labeled-fraction", "0.5", "--dry-run"])
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains("would hold 4 labelled images"))
    #expect(!Folder.hasAnything(at: out))
  }

  @Test(
    "options that contradict each other are a wrong command line",
    arguments: [
      ["--by-class", "--by-image"], ["--by-class", "--protocol", "stac"], ["--draw", "stac", "--protocol", "stac"],
      ["--protocol", "index-file"], ["--index-file", "x"], ["--protocol", "nonsense"],
      ["--protocol", "stac", "--seed", "4294967295", "--folds", "2"],
    ])
  func contradictions(arguments: [String]) throws {
    let outcome = try split(TinySet.labels, ["--labeled-fraction", "0.5"] + arguments)
    #expect(outcome.exitCode == 64 && outcome.standardError.hasPrefix("Error: "), "\(outcome.standardError)")
  }

  @Test("a fold with the labelled images of one before it is told, in text and JSON")
  func repeatedFolds() throws {
    let images = (1...5).map { #"{"id":\#($0),"file_name":"\#($0).jpg","height":9,"width":9}"# }
    let source = try folder.write(
      #"{"images":[\#(images.joined(separator: ","))],"annotations":[],"categories":[]}"#, to: "five.json")
    let arguments = ["--labeled-fraction", "0.4", "--folds", "3"]
    let outcome = try split(source, arguments + ["--json"])
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.standardError.hasSuffix("note: folds with the labelled images of one before them: 3 (as 1)\n"),
      "\(outcome.standardError)")
    let folds = try #require(try JSON(parsing: outcome.standardOutput, file: "report")["folds"]?.array)
    #expect(folds.map { $0["sameAs"] } == [nil, nil, 1] && folds[0]["labeled"] == folds[2]["labeled"])
    let others = try split(source, ["--labeled-fraction", "0.4", "--folds", "2", "--force"])
    #expect(others.exitCode == 0 && !others.standardError.contains("one before them"))
  }

  @Test("a class that crowds alone show is in the labelled part of every fold, and told where it is not")
  func crowds() throws {
    let images = (1...40).map { #"{"id":\#($0),"file_name":"\#($0).jpg","height":9,"width":9}"# }
    let objects = (1...41).map { place in
      let (image, kind) = place == 41 ? (7, 2) : (place, 1)
      return #"{"id":\#(place),"image_id":\#(image),"category_id":\#(kind),"bbox":[1,2,3,4],"iscrowd":\#(kind - 1)}"#
    }
    let source = try folder.write(
      """
      {"images":[\(images.joined(separator: ","))],"annotations":[\(objects.joined(separator: ","))],
      "categories":[{"id":1,"name":"one"},{"id":2,"name":"herd"}]}
      """, to: "herd.json")
    let arguments = ["--labeled-fraction", "0.05", "--folds", "4"]
    let outcome = try split(source, arguments + ["--by-class"])
    #expect(outcome.exitCode == 0 && !outcome.standardError.contains("shows herd"), "\(outcome.standardError)")
    for fold in 1...4 { #expect(try ImageList.read("\(out)/fold-\(fold)/labeled.txt").names.contains("7.jpg")) }
    let uniform = try split(source, arguments + ["--force"])
    #expect(uniform.standardError.contains("shows herd"))
  }

  @Test("what the COCO files cannot hold of another form is told, and the sizes that it does not give are read")
  func losses() throws {
    _ = try folder.write(
      "<annotation><filename>a.png</filename><object><name>x</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax>"
        + "<ymax>6</ymax></bndbox><part><name>head</name></part></object></annotation>", to: "voc/Annotations/a.xml")
    try ImageFile.write(Image(height: 7, width: 9, color: .white), to: try folder.file("voc/JPEGImages/a.png"))
    let outcome = try split(folder.path + "/voc", ["--labeled-fraction", "1", "--json"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.standardError.contains("note: the sizes of 1 images were read from their files\n"))
    #expect(outcome.standardError.contains("loss: not-read-from-source ×1: "), "\(outcome.standardError)")
    let report = try JSON(parsing: outcome.standardOutput, file: "report")
    #expect(report["losses"]?.array?.compactMap { $0["code"] } == ["not-read-from-source"])
    let image = try #require(try json("fold-1/labeled.json")["images"]?.array?.first)
    #expect(image["height"] == 7 && image["width"] == 9)
  }
}
