import Annotations
import Documents
import Randomness
import TestSupport
import Testing

@testable import Evaluation

@Suite("Masks in DetectionAnalysis and ResampledObjects")
struct MaskAnalysisTests {
  private let side = 60

  /// A rectangle of whole pixels as a mask, by its run lengths down the columns.
  private func rectangle(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Segmentation {
    var counts = [x * side + y]
    for column in 0..<width { counts += column + 1 < width ? [height, side - height] : [height] }
    counts.append(side * side - counts.reduce(0, +))
    return Segmentation(
      text: #"{"size":[\#(side),\#(side)],"counts":[\#(counts.map(String.init).joined(separator: ","))]}"#)
  }

  /// Rectangles of two classes in some images, as masks and as boxes.
  private func both() throws -> (masks: MaskEvaluation, boxes: BoxEvaluation) {
    var generator = SeededGenerator(seed: 21)
    var labels = AnnotationSet(
      categories: [.init(id: 1, name: "cat"), .init(id: 2, name: "dog")],
      images: (1...12).map { ImageRecord(id: $0, fileName: "\($0).png", height: side, width: side) })
    var predictions: [PredictedObject] = []
    for image in 1...12 {
      for _ in 0..<generator.integer(below: 5) {
        let (width, height) = (4 + generator.integer(below: 16), 4 + generator.integer(below: 16))
        let (x, y) = (4 + generator.integer(below: 32), 4 + generator.integer(below: 32))
        let category = 1 + generator.integer(below: 2)
        labels.objects.append(
          ObjectAnnotation(
            id: labels.objects.count + 1, imageID: image, categoryID: category,
            box: Box(x: Double(x), y: Double(y), width: Double(width), height: Double(height)),
            isCrowd: generator.chance(0.1), segmentation: rectangle(x, y, width, height)))
        for _ in 0..<generator.integer(below: 3) {
          let (left, top) = (x + generator.integer(below: 7) - 3, y + generator.integer(below: 7) - 3)
          let named = generator.chance(0.8) ? category : 3 - category
          predictions.append(
            PredictedObject(
              imageID: image, categoryID: named,
              box: Box(x: Double(left), y: Double(top), width: Double(width), height: Double(height)),
              score: generator.uniform(), segmentation: rectangle(left, top, width, height)))
        }
      }
    }
    return (
      try MaskEvaluation(labels: labels, source: "labels", predictions: predictions, file: "found"),
      try BoxEvaluation(labels: labels, predictions: predictions, file: "found")
    )
  }

  @Test("masks that are rectangles are analysed as the boxes that they are")
  func rectangles() throws {
    let (masks, boxes) = try both()
    let (byMasks, byBoxes) = (DetectionAnalysis(masks), DetectionAnalysis(boxes))
    #expect(byMasks.isOfMasks && !byBoxes.isOfMasks && byMasks.errors.AP > 0.1 && byMasks.errors.AP < 0.9)
    #expect(byMasks.errors.verdicts == byBoxes.errors.verdicts && byMasks.errors.fates == byBoxes.errors.fates)
    #expect(byMasks.errors.costs == byBoxes.errors.costs && byMasks.thresholds == byBoxes.thresholds)
    #expect(byMasks.metrics == byBoxes.metrics && byMasks.confusion == byBoxes.confusion)
    #expect(byMasks.sizes == byBoxes.sizes && byMasks.curves == byBoxes.curves)
    #expect(byMasks.json["shapes"] == "masks")
  }

  @Test("AP, counts and costs of masks are tidecv's, but for what we do otherwise on purpose")
  func golden() throws {
    let folder = try ScratchFolder()
    let answers = try GoldenErrors.answers("mask-errors")
    #expect(answers.count == 12 && answers.count { $0["released"] == nil } >= 8)
    for answer in answers {
      let truth = try folder.write(#require(answer["labels"]).serialized(), to: "labels.json")
      let found = try folder.write(#require(answer["results"]).serialized(), to: "results.json")
      let masks = try MaskEvaluation.read(truth: truth, predictions: found).evaluation
      GoldenErrors.expect(DetectionAnalysis(masks).errors, equals: answer)
    }
  }

  @Test("masks of any choice of images are judged as boxes are")
  func resampled() throws {
    let (masks, boxes) = try both()
    let weights: [Int32] = [0, 1, 2, 1, 0, 3, 1, 1, 0, 2, 1, 1]
    let (byMasks, byBoxes) = weights.withUnsafeBufferPointer {
      (ResampledObjects(masks).figures($0), ResampledObjects(boxes).figures($0))
    }
    #expect(byMasks == byBoxes && byMasks[0] > 0.05)
  }

  @Test("it is the masks that overlap, not the boxes around them")
  func shapes() throws {
    // Two halves of one box, left and right of its middle, with a dot in the other's corner.
    func half(_ x: Int, dot: Int) -> Segmentation {
      var pixels = [Int](repeating: 0, count: side * side)
      for column in x..<x + 10 { for row in 10..<30 { pixels[column * side + row] = 1 } }
      pixels[dot * side + 10] = 1
      var (counts, current, run) = ([Int](), 0, 0)
      for pixel in pixels {
        if pixel != current {
          counts.append(run)
          (current, run) = (pixel, 0)
        }
        run += 1
      }
      counts.append(run)
      return Segmentation(
        text: #"{"size":[\#(side),\#(side)],"counts":[\#(counts.map(String.init).joined(separator: ","))]}"#)
    }
    let labels = AnnotationSet(
      categories: [.init(id: 1, name: "cat")],
      images: [ImageRecord(id: 1, fileName: "1.png", height: side, width: side)],
      objects: [
        ObjectAnnotation(
          id: 1, imageID: 1, categoryID: 1, box: Box(x: 10, y: 10, width: 20, height: 20),
          segmentation: half(10, dot: 29))
      ])
    let found = PredictedObject(
      imageID: 1, categoryID: 1, box: Box(x: 10, y: 10, width: 20, height: 20), score: 0.9,
      segmentation: half(20, dot: 10))
    let masks = try MaskEvaluation(labels: labels, source: "labels", predictions: [found], file: "found")
    let boxes = try BoxEvaluation(labels: labels, predictions: [found], file: "found")
    #expect(DetectionAnalysis(boxes).errors.verdicts == [.right(truth: 0)])
    #expect(DetectionAnalysis(masks).errors.verdicts == [.wrong(.background, truth: nil)])
  }
}
