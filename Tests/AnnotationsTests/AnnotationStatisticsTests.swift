import Documents
import Randomness
import Testing

@testable import Annotations

@Suite struct AnnotationStatisticsTests {
  private func set(_ boxes: [[Double]], height: Int = 64, width: Int = 32) -> AnnotationSet {
    AnnotationSet(
      categories: [Category(id: 1, name: "cat"), Category(id: 2, name: "dog"), Category(id: 3, name: "cow")],
      images: [
        ImageRecord(id: 1, fileName: "a", height: height, width: width),
        ImageRecord(id: 2, fileName: "b", height: 0, width: 0),
      ],
      objects: boxes.enumerated().map { place, box in
        ObjectAnnotation(
          id: place + 1, imageID: 1, categoryID: place % 2 + 1,
          box: Box(x0: box[0], y0: box[1], x1: box[2], y1: box[3]))
      })
  }

  @Test("a value belongs to the part that begins with it; the last part has no end")
  func histogram() {
    var histogram = Histogram(bounds: [0, 1, 4])
    for value in [-1, 0, 0.5, 1, 3.9, 4, 1e9, .nan, .infinity] { histogram.add(value) }
    #expect(histogram.counts == [2, 2, 3])
    #expect(histogram.labels() == ["0–1", "1–4", "≥ 4"] && histogram.labels(areWhole: true) == ["0", "1–3", "≥ 4"])
    #expect(
      histogram.json.serialized() == #"[{"from":0,"to":1,"count":2},{"from":1,"to":4,"count":2},{"from":4,"count":3}]"#)
  }

  @Test("sizes, shapes and boxes that lie outside are counted")
  func boxes() {
    let statistics = AnnotationStatistics(
      of: set([[0, 0, 16, 4], [0, 0, 32, 64], [30, 0, 40, 10], [50, 50, 60, 60], [3, 3, 3, 9], [-0.4, 0, 8, 8]]))
    let boxes = statistics.boxes
    #expect([boxes.withoutArea, boxes.outside, boxes.partlyOutside] == [1, 1, 1])
    // Roots of the areas: 8, 45.3, 10, 10, 8.2.
    #expect(boxes.sizes.counts == [0, 4, 0, 1, 0, 0, 0, 0, 0, 0])
    #expect(boxes.aspectRatios.counts[3] == 1 && boxes.aspectRatios.counts[9] == 1)
    #expect(boxes.objectsPerImage.counts[0] == 1 && boxes.objectsPerImage.counts[6] == 1)
    #expect(boxes.relativeSizes.counts.reduce(0, +) == 4 && boxes.relativeSizes.counts.last == 1)
    #expect(statistics.lines.contains("         boxes without area 1, outside their image 1, partly outside 1"))
    #expect(statistics.json["boxes"]?["outsideImage"] == 1)
  }

  @Test("the map counts for each part the boxes over its middle", arguments: 1...5 as ClosedRange<UInt64>)
  func map(seed: UInt64) {
    var generator = SplitMix64(state: seed)
    let boxes = (0..<40).map { _ -> [Double] in
      let (x, y) = (Double.random(in: 0..<28, using: &generator), Double.random(in: 0..<58, using: &generator))
      return [
        x, y, x + Double.random(in: 2..<20, using: &generator), y + Double.random(in: 4..<40, using: &generator),
      ]
    }
    let side = BoxDistributions.mapSide
    let map = AnnotationStatistics(of: set(boxes)).boxes.map
    for row in 0..<side {
      for column in 0..<side {
        let (x, y) = ((Double(column) + 0.5) * 32 / Double(side), (Double(row) + 0.5) * 64 / Double(side))
        let over = boxes.count { $0[0] <= x && x < $0[2] && $0[1] <= y && y < $0[3] }
        #expect(map[row * side + column] == over, "\(row) \(column)")
      }
    }
    // A box too small for any middle is seen where it is.
    #expect(AnnotationStatistics(of: set([[8.6, 0, 8.7, 0.1]])).boxes.map[8] == 1)
  }

  @Test("of very many classes the pairs of those with most objects are counted, so that memory stays bounded")
  func manyClasses() {
    let count = 4 * ClassCooccurrence.mostClasses
    var set = AnnotationSet(
      categories: (0..<count).map { Category(id: $0, name: "\($0)") },
      images: [ImageRecord(id: 1, fileName: "a", height: 9, width: 9)])
    // The last class has two objects, all others one.
    for category in Array(0..<count) + [count - 1] {
      set.objects.append(
        ObjectAnnotation(
          id: set.objects.count + 1, imageID: 1, categoryID: category, box: Box(x0: 0, y0: 0, x1: 1, y1: 1)))
    }
    let together = AnnotationStatistics(of: set).together
    let others = ClassCooccurrence.mostClasses - 1
    #expect(together.count(0, 1) == 1 && together.count(others - 1, count - 1) == 1)
    #expect(together.count(0, others) == 0 && together.count(count - 3, count - 2) == 0)
    #expect(together.count(5, 5) == 0 && together.count(5, count) == 0)
  }

  @Test("classes are seen together once an image")
  func together() {
    let statistics = AnnotationStatistics(of: set([[0, 0, 1, 1], [0, 0, 2, 2], [0, 0, 3, 3]]))
    #expect(statistics.together.count(0, 1) == 1 && statistics.together.count(1, 0) == 1)
    #expect(statistics.together.count(0, 2) == 0)
    #expect(statistics.json["classesTogether"]?.serialized() == #"[{"classes":["cat","dog"],"images":1}]"#)
  }
}
