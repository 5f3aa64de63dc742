import Annotations
import Documents
import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("BoxEvaluation")
struct BoxEvaluationTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("the official hundred images of COCO give the reference's figures in every bit", .enabled(if: Official.exists))
  func official() throws {
    let (evaluation, _) = try BoxEvaluation.read(
      truth: Official.folder + "instances_val2014_100.json",
      predictions: Official.folder + "instances_val2014_fakebbox100_results.json")
    // Printed by pycocotools 2.0.11.
    #expect(
      evaluation.metrics().summary.map(\.value) == [
        0.5045806987249628, 0.6969727247299577, 0.5729816669904824, 0.5856257209410443, 0.5193996948036719,
        0.5013978986347466, 0.38681277964578054, 0.5936795762842003, 0.595352982877607, 0.6398109626113442,
        0.5664205978994309, 0.5642905982905982,
      ])
  }

  @Test("an overlap is computed from the numbers of the files, not from corners, which round")
  func numbersOfTheFile() throws {
    // Of the true box and its left half, the overlap is one half; a detour over corners makes it less.
    let (x, y, width, height) = (312.86, 32.76, 3.6, 167.66)
    let corners = { (width: Double) in
      Box(x: x, y: y, width: width, height: height)
    }
    #expect(corners(width / 2).intersectionOverUnion(with: corners(width)) < 0.5)
    let metrics = try read(
      objects: [#"{"id":1,"image_id":1,"category_id":1,"bbox":[\#(x),\#(y),\#(width),\#(height)],"area":90}"#],
      predictions: [#"{"image_id":1,"category_id":1,"bbox":[\#(x),\#(y),\#(width / 2),\#(height)],"score":0.5}"#]
    ).metrics()
    #expect(metrics.AR[2] == 0.1)
  }

  @Test("difficult objects are ignored unless they are to count")
  func difficult() throws {
    let objects = [
      #"{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,10,10],"area":100}"#,
      #"{"id":2,"image_id":2,"category_id":1,"bbox":[0,0,10,10],"area":100,"difficult":1}"#,
    ]
    let predictions = [
      #"{"image_id":1,"category_id":1,"bbox":[0,0,10,10],"score":0.5}"#,
      #"{"image_id":2,"category_id":1,"bbox":[0,0,10,5],"score":0.9}"#,
    ]
    let usual = try read(objects: objects, predictions: predictions)
    #expect(usual.ignoredCount == 1 && usual.metrics().AR[2] == 1)
    let counted = try read(objects: objects, predictions: predictions, countsDifficult: true)
    #expect(counted.ignoredCount == 0 && counted.metrics().AR[2] == 0.55)
  }

  @Test(
    "`ignore` is honoured unless parity is strict; then difficult objects count, too",
    arguments: ["ignore", "difficult"])
  func ignored(key: String) throws {
    let objects = [
      #"{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,10,10],"area":100}"#,
      #"{"id":2,"image_id":2,"category_id":1,"bbox":[0,0,10,10],"area":100,"\#(key)":1}"#,
    ]
    let predictions = [#"{"image_id":1,"category_id":1,"bbox":[0,0,10,10],"score":0.5}"#]
    let corrected = try read(objects: objects, predictions: predictions)
    #expect(corrected.ignoredCount == 1 && corrected.metrics().AR[2] == 1)
    let strict = try read(objects: objects, predictions: predictions, parity: .strict)
    #expect(strict.ignoredCount == 1 && strict.metrics().AR[2] == 0.5)
  }

  @Test("with strict parity the first result says what all are, and unknown classes are left out and counted")
  func firstDecides() throws {
    let objects = [#"{"id":1,"image_id":1,"category_id":1,"bbox":[2,3,2,2],"area":4}"#]
    let mask =
      #"{"image_id":1,"category_id":1,"segmentation":{"size":[10,10],"counts":[23,2,8,2,65]},"score":0.5}"#
    let box = #"{"image_id":1,"category_id":1,"bbox":[2,3,2,2],"score":0.4}"#
    let other = #"{"image_id":1,"category_id":8,"bbox":[2,3,2,2],"score":0.4}"#
    let fromMask = try read(objects: objects, predictions: [mask], parity: .strict)
    #expect(fromMask.detections.first?.x == 2 && fromMask.detections.first?.y == 3)
    #expect(fromMask.detections.first?.area == 4 && fromMask.metrics().AP > 0.999)
    for predictions in [[mask, box], [box, mask]] {
      let error = #expect(throws: EvaluationError.self) {
        try read(objects: objects, predictions: predictions, parity: .strict)
      }
      #expect(error?.description.contains("which the first result has") == true)
    }
    #expect(try read(objects: objects, predictions: [box, other], parity: .strict).unknownClassCount == 1)
    #expect(throws: EvaluationError.self) { try read(objects: objects, predictions: [box, other]) }
  }

  @Test("a list judges a part; predictions for the other images are counted and left out")
  func list() throws {
    let list = try folder.write("b\n", to: "list.txt")
    let evaluation = try read(
      objects: [
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,10,10],"area":100}"#,
        #"{"id":2,"image_id":2,"category_id":1,"bbox":[5,5,10,10],"area":100}"#,
      ],
      predictions: [
        #"{"image_id":1,"category_id":1,"bbox":[50,50,10,10],"score":0.9}"#,
        #"{"image_id":2,"category_id":1,"bbox":[5,5,10,10],"score":0.5}"#,
      ], list: list)
    #expect(evaluation.images == [2] && evaluation.truth.count == 1)
    #expect(evaluation.detections.count == 1 && evaluation.leftOutCount == 1)
    #expect(evaluation.metrics().AR[2] == 1)
  }

  @Test(
    "what does not fit is named by file, place and reason",
    arguments: [
      (#"{"image_id":7,"category_id":1,"bbox":[0,0,1,1],"score":1}"#, "[1]: image_id 7 is not among the images"),
      (#"{"image_id":1,"category_id":3,"bbox":[0,0,1,1],"score":1}"#, "[1]: category_id 3 is not among the categories"),
      (#"{"image_id":1,"category_id":1,"bbox":[0,0,-1,1],"score":1}"#, "[1]: bbox has a negative size"),
      (#"{"image_id":1,"category_id":1,"segmentation":[[0,0,1,1,0,1]],"score":1}"#, "[1]: has no \"bbox\""),
      (#"{"image_id":1,"category_id":1,"bbox":[0,0,1],"score":1}"#, "[1].bbox: has 3 numbers"),
      (#"{"image_id":1,"category_id":1,"bbox":[0,0,1,1],"score":NaN}"#, "[1].score"),
      (#"{"image_id":1,"category_id":1,"bbox":[0,0,1,1],"score":"x"}"#, "[1].score"),
      (#"{"image_id":1,"category_id":1,"bbox":[0,0,1,1]}"#, "[1]"),
      ("7", "[1]"),
      (#"{"image_id":1,"category_id":1,"bbox":[0,"#, "[1]"),
    ])
  func misfits(_ prediction: String, _ wanted: String) throws {
    let good = #"{"image_id":1,"category_id":1,"bbox":[0,0,1,1],"score":1}"#
    let error = #expect(throws: EvaluationError.self) { try read(objects: [], predictions: [good, prediction]) }
    let text = try #require(error).description
    #expect(text.contains("predictions.json") && text.contains(wanted), "\(text)")
    #expect(!text.contains("\n"))
  }

  @Test("all misfits are counted, the first is named")
  func others() throws {
    let bad = #"{"image_id":9,"category_id":1,"bbox":[0,0,1,1],"score":1}"#
    let error = #expect(throws: EvaluationError.self) { try read(objects: [], predictions: [bad, bad, bad]) }
    #expect(
      error?.description.hasSuffix("[0]: image_id 9 is not among the images of the labels (and 2 more that do not fit)")
        == true)
  }

  private func read(
    objects: [String], predictions: [String], list: String? = nil, countsDifficult: Bool = false,
    parity: EvaluationParity = .corrected
  ) throws -> BoxEvaluation {
    let truth = try folder.write(
      #"""
      {"images":[{"id":1,"file_name":"a.jpg","height":1000,"width":1000},\#
      {"id":2,"file_name":"b.jpg","height":1000,"width":1000}],\#
      "categories":[{"id":1,"name":"cell"}],"annotations":[\#(objects.joined(separator: ","))]}
      """#, to: "truth.json")
    let found = try folder.write("[" + predictions.joined(separator: ",") + "]", to: "predictions.json")
    return try BoxEvaluation.read(
      truth: truth, predictions: found, list: list, countsDifficult: countsDifficult, parity: parity
    ).evaluation
  }
}

/// COCO's own hundred images with fake detections, kept beside the project.
private enum Official {
  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../shared/data/eval_fixtures/coco/"

  static var exists: Bool { Folder.hasFile(folder + "instances_val2014_100.json") }
}
