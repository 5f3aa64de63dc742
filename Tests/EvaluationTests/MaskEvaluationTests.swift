import Annotations
import Documents
import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("MaskEvaluation")
struct MaskEvaluationTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Four pixels of ten by ten: columns 2 and 3, rows 3 and 4.
  private let square = #"{"size":[10,10],"counts":[23,2,8,2,65]}"#

  @Test("polygons and both forms of run lengths of the same pixels are judged alike")
  func forms() throws {
    let mask = try RunLengthMask(counts: [23, 2, 8, 2, 65], height: 10, width: 10)
    let compressed = #"{"size":[10,10],"counts":\#(JSON(mask.compressed).serialized())}"#
    let outline = "[[2,3,2,5,4,5,4,3]]"
    for truth in [square, compressed, outline] {
      for found in [square, compressed, outline] {
        #expect(try read(truth: [truth], found: [result(found)]).metrics().AP > 0.999, "\(truth), \(found)")
      }
    }
  }

  @Test("a detection's area is its box's where it has one, else its mask's; with strict parity as the first has it")
  func areas() throws {
    let wrong = #"{"size":[10,10],"counts":[80,2,18]}"#
    // The wrong one counts among small objects unless its box is large.
    let large = result(wrong, score: 0.9, more: #","bbox":[0,0,100,100]"#)
    func small(_ found: [String], _ parity: EvaluationParity) throws -> Double {
      try read(truth: [square], found: found, parity: parity).metrics().APs
    }
    #expect(try small([large, result(square)], .corrected) > 0.999)
    #expect(try small([result(square), large], .corrected) > 0.999)
    #expect(abs(try small([result(square), large], .strict) - 0.5) < 0.001)
    #expect(throws: EvaluationError.self) { try small([large, result(square)], .strict) }
  }

  @Test("a mask of another size is an error that names it; with strict parity it overlaps nothing")
  func sizes() throws {
    let other = #"{"size":[11,10],"counts":[25,2,9,2,72]}"#
    let error = #expect(throws: EvaluationError.self) {
      try read(truth: [square], found: [result(square), result(other), result(other)])
    }
    #expect(
      error?.description.hasSuffix(
        "results.json: [1]: segmentation has the size [11, 10], its image [10, 10] (and 1 more that does not fit)")
        == true, "\(String(describing: error))")
    #expect(try read(truth: [square], found: [result(other)], parity: .strict).metrics().AR[2] == 0)
  }

  @Test("with strict parity two masks with an empty run at one place are compared up to there")
  func emptyRuns() throws {
    let halved = #"{"size":[10,10],"counts":[23,2,8,2,5,0,0,5,55]}"#
    let whole = #"{"size":[10,10],"counts":[23,2,8,2,5,0,0,1,59]}"#
    #expect(try read(truth: [halved], found: [result(whole)], parity: .strict).metrics().AP > 0.999)
    #expect(try read(truth: [halved], found: [result(whole)]).metrics().AP < 0.9)
  }

  @Test("a box without a mask is its rectangle with strict parity where the first has a box, else an error")
  func boxesAsMasks() throws {
    let box = #"{"image_id":1,"category_id":1,"bbox":[2,3,2,2],"score":0.5}"#
    #expect(try read(truth: [square], found: [box], parity: .strict).metrics().AP > 0.999)
    let error = #expect(throws: EvaluationError.self) { try read(truth: [square], found: [box]) }
    #expect(error?.description.contains("[0]: has no \"segmentation\"") == true)
  }

  @Test(
    "masks that cannot be read are named by file, place and reason",
    arguments: [
      (#"{"size":[10,10],"counts":[23,2]}"#, "the runs add up to 25 pixels, the size to 100"),
      (#"{"size":[10,10],"counts":"~"}"#, "the byte 126"),
      (#"{"size":[10,10],"counts":[-1,101]}"#, "a run is negative"),
      (#"{"size":[10]}"#, "neither an array of polygons nor an object"),
      ("[[1,2,3]]", "3 numbers"), ("[]", "has no polygon"), ("[[0,0,1e300,0,1,1]]", "far from any image"),
    ])
  func unreadable(_ segmentation: String, _ reason: String) throws {
    for parity in EvaluationParity.allCases {
      let found = #expect(throws: EvaluationError.self) {
        try read(truth: [square], found: [result(square), result(segmentation)], parity: parity)
      }
      #expect(
        found.map { $0.description.contains("results.json: [1]: segmentation") && $0.description.contains(reason) }
          == true,
        "\(String(describing: found))")
      let labels = #expect(throws: EvaluationError.self) {
        try read(truth: [square, segmentation], found: [], parity: parity)
      }
      #expect(
        labels.map { $0.description.contains("object of id 2: segmentation") && $0.description.contains(reason) }
          == true,
        "\(String(describing: labels))")
    }
  }

  @Test("labels without masks are an error that counts them")
  func noMasks() throws {
    let error = #expect(throws: EvaluationError.self) { try read(truth: [nil, nil, square], found: []) }
    #expect(
      error?.description.hasSuffix("labels.json: the object of id 1 has no segmentation (and 1 more)") == true)
  }

  private func result(_ segmentation: String, score: Double = 0.5, more: String = "") -> String {
    #"{"image_id":1,"category_id":1,"segmentation":\#(segmentation),"score":\#(score)\#(more)}"#
  }

  private func read(
    truth: [String?], found: [String], parity: EvaluationParity = .corrected
  ) throws -> MaskEvaluation {
    let objects = truth.enumerated().map { index, mask in
      let mask = mask.map { ",\"segmentation\":\($0)" } ?? ""
      return #"{"id":\#(index + 1),"image_id":1,"category_id":1,"bbox":[2,3,2,2],"area":4\#(mask)}"#
    }
    let labels = try folder.write(
      #"""
      {"images":[{"id":1,"file_name":"a.jpg","height":10,"width":10}],"categories":[{"id":1,"name":"cell"}],
      "annotations":[\#(objects.joined(separator: ","))]}
      """#, to: "labels.json")
    let results = try folder.write("[" + found.joined(separator: ",") + "]", to: "results.json")
    return try MaskEvaluation.read(truth: labels, predictions: results, parity: parity).evaluation
  }
}
