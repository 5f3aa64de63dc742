/// Boxes by class, and within a class by image: the order in which they are judged.
struct BoxGroups: Sendable {
  /// A box in `xywh` with what matching needs, and the place of its image among the sorted images.
  struct Truth: Sendable {
    var image: Int32
    var isCrowd: Bool
    var isIgnored: Bool
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var area: Double
  }

  /// A detection with the place of its image among the sorted images.
  struct Detection: Sendable {
    var image: Int32
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var score: Double
  }

  /// By class; within a class as given.
  private var truths: [[Truth]]
  private var found: [[Detection]]

  /// The objects of a class by ascending image; within an image as they were given.
  func truth(ofClass index: Int) -> [Truth] {
    Self.sorted(truths[index]) { $0.image < $1.image }
  }

  /// The detections of a class by ascending image, within an image by descending score, equal ones as they were given.
  func detections(ofClass index: Int) -> [Detection] {
    Self.sorted(found[index]) { $0.image != $1.image ? $0.image < $1.image : $0.score > $1.score }
  }

  init(truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]?) {
    let imageIDs = images ?? truth.map(\.image) + detections.map(\.image)
    let imageIndex = SortedIndex(imageIDs)
    var classIndex: [Int: Int] = [:]
    for (index, category) in categories.enumerated() where classIndex[category.id] == nil {
      classIndex[category.id] = index
    }
    truths = Array(repeating: [], count: categories.count)
    found = Array(repeating: [], count: categories.count)
    for box in truth {
      guard let place = classIndex[box.category], let image = imageIndex[box.image] else { continue }
      truths[place].append(
        Truth(
          image: image, isCrowd: box.isCrowd, isIgnored: box.isCrowd || box.isIgnored, x: box.x, y: box.y,
          width: box.width, height: box.height, area: box.area))
    }
    for box in detections {
      guard let place = classIndex[box.category], let image = imageIndex[box.image] else { continue }
      precondition(box.score.isFinite, "BoxAveragePrecision: a score is \(box.score), expected a finite number")
      found[place].append(
        Detection(image: image, x: box.x, y: box.y, width: box.width, height: box.height, score: box.score))
    }
  }

  /// A stable sort: what compares equal keeps its order.
  private static func sorted<Element>(_ elements: [Element], by precedes: (Element, Element) -> Bool) -> [Element] {
    let order = elements.indices.sorted {
      if precedes(elements[$0], elements[$1]) { return true }
      return precedes(elements[$1], elements[$0]) ? false : $0 < $1
    }
    return order.map { elements[$0] }
  }
}

/// The place of an identifier among the distinct ones in ascending order.
private struct SortedIndex {
  private let places: [Int: Int32]

  init(_ identifiers: [Int]) {
    var places: [Int: Int32] = [:]
    for (place, identifier) in Set(identifiers).sorted().enumerated() { places[identifier] = Int32(place) }
    self.places = places
  }

  subscript(identifier: Int) -> Int32? { places[identifier] }
}
