import Documents
import TestSupport
import Testing

@testable import Annotations

@Suite struct AnnotationSplitTests {
  /// Images of COCO's train2017.
  private static let cocoCount = 118_287

  /// Labelled images of STAC's lists by percent, for seeds 1, 2 and 3.
  @Test(
    "STAC's protocol gives as many different images as the published lists have",
    arguments: [
      (0.01, 1182, [1174, 1175, 1174]), (0.02, 2365, [2329, 2346, 2342]), (0.05, 5914, [5764, 5772, 5756]),
      (0.1, 11828, [11285, 11261, 11234]),
    ])
  func stac(fraction: Double, draws: Int, labeled: [Int]) {
    let splits = AnnotationSplit.stac(count: Self.cocoCount, fraction: fraction, folds: 3, seed: 1)
    #expect(splits.map(\.labeled.count) == labeled)
    #expect(splits.map(\.seed) == [1, 2, 3] && splits.allSatisfy { $0.draws == draws })
    #expect(splits.allSatisfy { $0.labeled.count + $0.unlabeled.count == Self.cocoCount })
    // numpy.random.seed(1); numpy.random.choice(range(118287), …)[:3]
    #expect(Set(splits[0].labeled).isSuperset(of: [98539, 77708, 5192]))
    let second = AnnotationSplit.stac(count: Self.cocoCount, fraction: fraction, folds: 1, seed: 2)
    #expect(second == [splits[1]])
  }

  @Test(
    "without replacement no image is lost", arguments: [(0.01, 1182), (0.02, 2365), (0.05, 5914), (0.1, 11828)])
  func withoutReplacement(fraction: Double, count: Int) {
    let splits = AnnotationSplit.withoutReplacement(count: Self.cocoCount, fraction: fraction, folds: 2, seed: 1)
    #expect(splits.map(\.labeled.count) == [count, count] && splits[0].draws == count)
    // numpy.random.seed(1); numpy.random.choice(range(118287), …, replace=False)[:3]
    #expect(Set(splits[0].labeled).isSuperset(of: [105285, 107335, 49358]))
  }

  @Test("a seed decides the split; the labelled parts of folds do not overlap while images last")
  func byImage() {
    let folds = AnnotationSplit.byImage(count: 100, fraction: 0.1, folds: 10, seed: 3)
    #expect(folds == AnnotationSplit.byImage(count: 100, fraction: 0.1, folds: 10, seed: 3))
    #expect(folds != AnnotationSplit.byImage(count: 100, fraction: 0.1, folds: 10, seed: 4))
    #expect(Set(folds.flatMap(\.labeled)) == Set(0..<100))
    for fold in folds {
      #expect(fold.labeled.count == 10)
      #expect((fold.labeled + fold.unlabeled).sorted() == Array(0..<100))
    }
    #expect(AnnotationSplit.byImage(count: 10, fraction: 0.6, folds: 4, seed: 3).allSatisfy { $0.labeled.count == 6 })
    #expect(AnnotationSplit.byImage(count: 10, fraction: 0.001, folds: 1, seed: 3)[0].labeled.count == 1)
    #expect(AnnotationSplit.byImage(count: 10, fraction: 1, folds: 1, seed: 3)[0].unlabeled.isEmpty)
  }

  @Test("the first folds never change: these numbers are what split files on disk were drawn with")
  func frozen() {
    #expect(
      AnnotationSplit.byImage(count: 20, fraction: 0.2, folds: 2, seed: 1).map(\.labeled) == [
        [0, 7, 13, 18], [6, 11, 14, 15],
      ])
  }

  @Test(
    "percentages are those of published names", arguments: [(0.1, "10"), (0.07, "7"), (0.005, "0.5"), (0.29, "29")])
  func percent(fraction: Double, text: String) {
    #expect(JSON.text(of: AnnotationSplit.Mode.percent(of: fraction)) == text)
  }

  @Test("the hash is over ids in ascending order, and contents where there are any")
  func hash() {
    func digest(_ text: String) -> String {
      var digest = SHA256()
      digest.update(text)
      return digest.hexDigest()
    }
    #expect(SplitRecord.hash(of: [10, 9], digests: nil) == digest("9\n10\n"))
    #expect(SplitRecord.hash(of: [10, 9], digests: [9: "ab", 10: "cd", 11: "ef"]) == digest("9 ab\n10 cd\n"))
  }

  @Test("a record reads back, and what is none is nil")
  func record() {
    let record = SplitRecord(
      hash: "ab", hashesContents: true, fraction: 0.1, fold: 2, seed: .max, mode: .withoutReplacement)
    #expect(SplitRecord(record.json) == record)
    #expect(SplitRecord(nil) == nil && SplitRecord(["hash": "ab"]) == nil)
  }
}

@Suite struct SplitIndexFileTests {
  private let folder: ScratchFolder
  /// Five images in no order of ids; the second has no object, the last a crowd alone.
  private let set: AnnotationSet = {
    let ids = [30, 10, 50, 20, 40]
    var objects = [30, 50, 20].enumerated().map { place, image in
      ObjectAnnotation(id: place + 1, imageID: image, categoryID: 1, box: Box(x: 0, y: 0, width: 2, height: 2))
    }
    objects.append(
      ObjectAnnotation(id: 9, imageID: 40, categoryID: 1, box: Box(x: 0, y: 0, width: 2, height: 2), isCrowd: true))
    return AnnotationSet(
      categories: [Category(id: 1, name: "thing")],
      images: ids.map { ImageRecord(id: $0, fileName: "\($0).jpg", height: 4, width: 4) }, objects: objects)
  }()

  init() throws { folder = try ScratchFolder() }

  private func splits(_ text: String, fraction: Double = 0.1, folds: Int = 1) throws -> [AnnotationSplit] {
    try SplitIndexFile(folder.write(text, to: "lists.txt")).splits(
      of: set, source: "coco.json", fraction: fraction, folds: folds, seed: 1)
  }

  @Test("indices count the images with annotations by ascending id; the others are in neither part")
  func places() throws {
    // By id: 20 (place 3), 30 (place 0), 50 (place 2).
    #expect(SplitIndexFile.population(of: set) == [3, 0, 2])
    let splits = try splits(#"{"0.5": {}, "10.0": {"1": [0], "2": [2, 1]}}"#, folds: 2)
    #expect(splits.map(\.labeled) == [[3], [0, 2]])
    #expect(splits.map(\.unlabeled) == [[0, 2], [3]] && splits.map(\.seed) == [1, 2])
  }

  @Test(
    "what cannot be used is one line with the place in the file",
    arguments: [
      (#"{"1.0": {"1": [0]}}"#, ": percent 10 is not there; there is 1.0"),
      ("{}", ": percent 10 is not there; there is nothing"),
      (#"{"10.0": {"2": [0], "3": [0]}}"#, ": 10.0: seed 1 is not there; there is 2, 3"),
      (
        #"{"10": {"1": [0, 3]}}"#, ": 10.1[1]: index 3 is outside of the 3 images with annotations of coco.json"
      ),
      (#"{"10": {"1": [-1]}}"#, ": 10.1[0]: index -1 is outside of the 3 images with annotations of coco.json"),
      (#"{"10": {"1": [0, "1"]}}"#, #": 10.1[1]: is "1", wanted is a whole number"#),
      (#"{"10": {"1": []}}"#, ": 10.1: names no image"),
      (#"{"10": {"1": 7}}"#, ": 10.1: is a number, wanted is an array of indices"),
      (#"{"10": [1]}"#, ": 10: is an array, wanted is an object {seed: [indices]}"),
      ("[1]", ": is an array, wanted is an object {percent: {seed: [indices]}}"),
    ])
  func refused(text: String, message: String) {
    #expect(errorMessage { _ = try splits(text) } == folder.path + "/lists.txt" + message)
  }
}
