import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

/// `predict detect` for a person who labels, by a short run of Soft Teacher on `annotations/tiny`.
@Suite("predict detect, for labelling", .serialized)
struct PredictLabelingTests {
  private let program = Program(named: "predict")
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func json(_ name: String) throws -> JSON { try JSON(contentsOf: path(name)) }

  /// A run whose thresholds let something pass.
  private func train(policy: String = "fixed") throws {
    let recipe = try folder.write("method: {name: soft-teacher}\n", to: "recipe.yaml")
    let outcome = try TinyTraining.run(
      TinyTraining.arguments(
        set: [
          "method.unlabeled_images=1", "method.unlabeled_weight=0.1", "method.memory_images=20",
          "optimizer.learning_rate=0.005", "model.regions.score_threshold=0.01",
          "method.thresholds={candidate_score: 0.02, proposal_score: 0.03, class_score: 0.04, box_uncertainty: 0.05, "
            + "policy: \(policy), adaptive: {least_scores: 2, lowest_score: 0.02}}",
        ],
        [
          "--recipe", recipe, "--labeled-list", try folder.write("000001\n000002\n000003\n", to: "labeled.txt"),
          "--unlabeled", TinyTraining.images, "--steps", "12", "--output", path("run"),
        ]))
    try #require(outcome.exitCode == 0, "\(outcome.standardError)")
  }

  private func predict(
    _ output: String, images: String = TinyTraining.images, _ more: [String]
  ) throws -> Program.Outcome {
    try program.run(
      [
        "detect", "--checkpoint", path("run"), "--images", images, "--output", path(output), "--threads", "1",
        "--no-pictures",
      ] + more)
  }

  @Test("pseudo-labels are written by the run's own thresholds, corrected in LabelMe, and trained on")
  func labelTrainCorrect() throws {
    try train()
    let first = try predict("first", ["--pseudo-labels"])
    try #require(first.exitCode == 0, "\(first.standardError)")
    #expect(first.standardError.contains("pseudo-labels: by the thresholds of \(path("run"))/settings.yaml"))
    let rules = try json("first/pseudo-labels.json")["info"]?["pseudo_labels"]
    #expect(rules?["candidate_score"] == 0.02 && rules?["class_score"] == 0.04)
    // A young detector's scores depend on the machine: half of them shall pass.
    let found = try AnnotationSource.inspect(path("first/pseudo-labels.json")).set.objects
    let middle = found.compactMap { $0.extra["score"]?.double }.sorted()[found.count / 2]
    let outcome = try predict(
      "found",
      ["--pseudo-labels", "--class-score", "\(middle)", "--pseudo-format", "labelme", "voc", "coco"])
    try #require(outcome.exitCode == 0, "\(outcome.standardError)")
    let labels = try AnnotationSource.inspect(path("found/pseudo-labels.json"))
    #expect(labels.problems.count(.error) == 0)
    let objects = labels.set.objects
    try #require(!objects.isEmpty)
    for object in objects {
      let scores = try #require(object.extra["class_scores"]?.object)
      #expect(scores.keys == ["background"] + labels.set.classNames)
      #expect(abs(scores.members.reduce(0) { $0 + ($1.value.double ?? 0) } - 1) < 1e-5)
      let name = labels.set.categories.first { $0.id == object.categoryID }?.name ?? ""
      let score = try #require(object.extra["score"]?.double)
      #expect(scores[name]?.double == score && score > Double(Float(0.02)))
      let filters = try #require(object.extra["filters"])
      #expect(filters["classes"]?.bool == (score > middle))
      #expect(filters["boxes"]?.bool == ((object.extra["box_uncertainty"]?.double ?? 1) < 0.05))
    }
    let passed = objects.count { $0.extra["filters"]?["classes"] == true }
    #expect(passed > 0 && passed < objects.count)
    for name in ["pseudo-labels-labelme", "pseudo-labels-voc", "pseudo-labels-coco.json"] {
      let set = try AnnotationSource.inspect(path("found/" + name), images: TinyTraining.images).set
      #expect(set.objects.count == passed && set.images.count == 8, "\(name)")
    }

    // The person deletes the file of one image, and draws a box of another class in another.
    let file = path("found/pseudo-labels-labelme/000001.json")
    try FileManager.default.removeItem(atPath: path("found/pseudo-labels-labelme/000002.json"))
    let drawn = #"{"label":"mine","points":[[60,50],[10,20]],"group_id":null,"shape_type":"rectangle","flags":{}}"#
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let range = try #require(text.range(of: #""shapes": ["#))
    let shapes = text.contains(#""shapes": []"#) ? drawn : drawn + ","
    try text.replacingCharacters(in: range, with: #""shapes": ["# + shapes)
      .write(toFile: file, atomically: true, encoding: .utf8)
    let again = try TinyTraining.run(
      TinyTraining.arguments(
        labels: path("found/pseudo-labels-labelme"), ["--steps", "3", "--output", path("second")]))
    #expect(again.exitCode == 0, "\(again.standardError)")
    let log = try String(contentsOfFile: path("second/log.txt"), encoding: .utf8)
    #expect(log.contains("mine"), "\(log)")
  }

  @Test("predictions are the same with and without; what is known of an image does not depend on the others")
  func independence() throws {
    try train()
    let all = ["--pseudo-labels", "--rank-for-labeling"]
    #expect(try predict("plain", []).exitCode == 0)
    #expect(try predict("all", all).exitCode == 0)
    let list = try folder.write("000005\n000003\n", to: "some.txt")
    #expect(try predict("some", all + ["--image-list", list]).exitCode == 0)
    #expect(
      try SHA256.hexDigest(ofFile: path("plain/predictions.json"))
        == SHA256.hexDigest(ofFile: path("all/predictions.json")))
    func spreads(_ name: String, _ image: String) throws -> [JSON?] {
      let set = try AnnotationSource.inspect(path(name + "/pseudo-labels.json")).set
      let id = set.images.first { $0.fileName == image }?.id
      return set.objects.filter { $0.imageID == id }.map { $0.extra["box_uncertainty"] }
    }
    for image in ["000003.jpg", "000005.jpg"] {
      #expect(try spreads("all", image) == spreads("some", image))
    }
    #expect(try !(spreads("all", "000003.jpg") + spreads("all", "000005.jpg")).isEmpty)

    let rows = try String(contentsOfFile: path("all/ranking.csv"), encoding: .utf8).split(separator: "\n")
    #expect(rows.count == 9 && rows[0].hasPrefix("rank,image,score,difficulty"))
    let names = rows.dropFirst().map { String($0.split(separator: ",")[1]) }
    #expect(Set(names).count == 8)
    #expect(try ImageList.read(path("all/to-label.txt")).names == names)
    #expect(try ImageFile.size(path("all/to-label.jpg")).width == 3 * 480)
  }

  @Test("the scores of an adaptive run are those that it saved")
  func adaptive() throws {
    try train(policy: "adaptive")
    let outcome = try predict("found", ["--pseudo-labels"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.standardError.contains("class scores of the run's last step, in the order of classes: "))
    let found = try json("found/pseudo-labels.json")
    let info = found["info"]?["pseudo_labels"]
    let scores = info?["class_scores"]?.array?.compactMap(\.double) ?? []
    #expect(scores.count == 6 && scores.allSatisfy { (0.02...0.04).contains($0) })
    let fixed = try predict("fixed", ["--pseudo-labels", "--class-score", "0.14"])
    #expect(fixed.exitCode == 0 && fixed.standardError.contains("changed by --class-score"))
    #expect(try json("fixed/pseudo-labels.json")["info"]?["pseudo_labels"]?["class_scores"] == nil)
  }

  @Test("labels that contradict the detector are listed with pictures; without labels that is refused")
  func suspects() throws {
    try train()
    let outcome = try predict(
      "found", images: TinyTraining.labels, ["--image-folder", TinyTraining.images, "--suspects"])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains("suspects.csv: 31 labelled boxes looked at: "))
    let report = try json("found/suspects.json")
    #expect(report["labels"] == 31 && report["rules"]?["confident_score"] == 0.8)
    let suspects = try #require(report["suspects"]?.array)
    #expect(!suspects.isEmpty)
    let confidences = suspects.compactMap { $0["confidence"]?.double }
    #expect(confidences == confidences.sorted(by: >))
    for suspect in suspects where suspect["kind"] == "not found" {
      #expect(suspect["detection"] == .null && suspect["label"]?["bbox"]?.array?.count == 4)
    }
    let rows = try String(contentsOfFile: path("found/suspects.csv"), encoding: .utf8).split(separator: "\n")
    #expect(rows.count == suspects.count + 1)
    #expect(try Folder.names(in: path("found/suspects")).count == min(24, suspects.count))
    #expect(Folder.hasFile(path("found/suspects.jpg")))

    let refused = try predict("none", ["--suspects"])
    #expect(refused.exitCode == 1 && !Folder.exists(path("none")))
    #expect(refused.standardError.split(separator: "\n").count { $0.hasPrefix("error: \(TinyTraining.images): ") } == 1)
  }

  @Test(
    "a wrong command line is exit code 64",
    arguments: [
      ["--pseudo-format", "coco"], ["--class-score", "0.5"], ["--pseudo-labels", "--class-score", "2"],
      ["--box-uncertainty", "0.1"], ["--pseudo-labels", "--pseudo-format", "kitti"],
      ["--rank-for-labeling", "--rank-count", "0"], ["--pseudo-labels", "--rank-count", "5"],
      ["--suspects", "--box-uncertainty", "-1"],
    ])
  func wrongCommandLine(arguments: [String]) throws {
    let outcome = try program.run(["detect", "--checkpoint", "a", "--images", "b", "--output", "c"] + arguments)
    #expect(outcome.exitCode == 64, "\(outcome.standardError)")
  }
}
