import Documents

/// Labelled images given as numbers: a JSON object `{percent: {seed: [index, …]}}`, as released with Unbiased Teacher.
///
/// An index is a position in the list of images **with annotations**, sorted by image id (117 266 of train2017's
/// 118 287). Images whose annotations are all crowds are not in it, as Detectron2 leaves them out.
///
/// Source: `COCO_supervision.txt` of Unbiased Teacher (Liu et al., 2021).
public struct SplitIndexFile: Sendable {
  /// The file.
  public let path: String
  private let percents: JSONObject

  /// Reads a file.
  public init(_ path: String) throws(AnnotationError) {
    self.path = path
    let json = try throwingAnnotationErrors { () throws(DocumentError) in try JSON(contentsOf: path) }
    guard let object = json.object else {
      throw .content(place: path, reason: "is \(json.kind), wanted is an object {percent: {seed: [indices]}}")
    }
    percents = object
  }

  /// The places, in the set's order of images, that indices count: images with annotations by ascending id.
  public static func population(of set: AnnotationSet) -> [Int] {
    let annotated = Set(set.objects.filter { !$0.isCrowd }.map(\.imageID))
    return set.images.indices.filter { annotated.contains(set.images[$0].id) }
      .sorted { set.images[$0].id < set.images[$1].id }
  }

  /// The splits of `folds` seeds, from `seed` on. Images without annotations are in neither part.
  ///
  /// - Parameters:
  ///   - fraction: chooses the percentage, by value: `"10"`, `"10.0"` are 0.1.
  ///   - source: where the set comes from, for messages.
  public func splits(
    of set: AnnotationSet, source: String, fraction: Double, folds: Int, seed: UInt64
  ) throws(AnnotationError) -> [AnnotationSplit] {
    let population = Self.population(of: set)
    let percent = AnnotationSplit.Mode.percent(of: fraction)
    let found = percents.members.first { Double($0.key).map { AnnotationSplit.Mode.percent(of: $0 / 100) } == percent }
    guard let found else { throw missing("percent \(JSON.text(of: percent))", in: percents, at: path) }
    let place = "\(path): \(found.key)"
    guard let seeds = found.value.object else {
      throw .content(place: place, reason: "is \(found.value.kind), wanted is an object {seed: [indices]}")
    }
    var splits: [AnnotationSplit] = []
    for own in seed..<(seed + UInt64(folds)) {
      guard let indices = seeds.members.first(where: { UInt64($0.key) == own }) else {
        throw missing("seed \(own)", in: seeds, at: place)
      }
      let places = try places(indices.value, at: "\(place).\(indices.key)", population, source)
      splits.append(AnnotationSplit(places, of: population, seed: own))
    }
    return splits
  }

  private func places(
    _ json: JSON, at place: String, _ population: [Int], _ source: String
  ) throws(AnnotationError) -> [Int] {
    guard let elements = json.array else {
      throw .content(place: place, reason: "is \(json.kind), wanted is an array of indices")
    }
    guard !elements.isEmpty else { throw .content(place: place, reason: "names no image") }
    var places: [Int] = []
    for (position, element) in elements.enumerated() {
      guard let index = element.int else {
        throw .content(place: "\(place)[\(position)]", reason: "is \(element.serialized()), wanted is a whole number")
      }
      guard population.indices.contains(index) else {
        throw .content(
          place: "\(place)[\(position)]",
          reason: "index \(index) is outside of the \(population.count) images with annotations of \(source)")
      }
      places.append(population[index])
    }
    return places
  }

  private func missing(_ what: String, in object: JSONObject, at place: String) -> AnnotationError {
    let keys = object.keys.isEmpty ? "nothing" : object.keys.prefix(20).joined(separator: ", ")
    return .content(place: place, reason: "\(what) is not there; there is \(keys)")
  }
}
