import Documents

/// The objects of one of two sets that are compared.
struct ObjectSide {
  let set: AnnotationSet
  private let images: [Int: String]
  private let classes: [Int: String]

  init(_ set: AnnotationSet) {
    self.set = set
    images = Dictionary(set.images.map { ($0.id, $0.fileName) }) { first, _ in first }
    classes = Dictionary(set.categories.map { ($0.id, $0.name) }) { first, _ in first }
  }

  func className(_ place: Int) -> String { classes[set.objects[place].categoryID] ?? "" }
  func imageName(_ place: Int) -> String { images[set.objects[place].imageID] ?? "" }

  /// An object as messages name it.
  func text(_ place: Int, withBox: Bool = true) -> String {
    let object = set.objects[place]
    let name = "object \(object.id) in \(imageName(place))"
    return withBox ? "\(name): \(className(place)) \(AnnotationCheck.describe(object.box))" : name
  }

  /// Places of objects of the same id.
  func pairedByID(with other: ObjectSide) -> [(old: Int, new: Int)] {
    let places = Dictionary(other.set.objects.enumerated().map { ($1.id, $0) }) { first, _ in first }
    return set.objects.enumerated().compactMap { old, object in places[object.id].map { (old, $0) } }
  }

  /// Places of objects whose boxes overlap, in images of the same name, each object once at most.
  func pairedByOverlap(with other: ObjectSide, atLeast least: Double) -> [(old: Int, new: Int)] {
    var others: [ExactName: [Int]] = [:]
    for place in other.set.objects.indices { others[ExactName(other.imageName(place)), default: []].append(place) }
    var own: [ExactName: [Int]] = [:]
    for place in set.objects.indices { own[ExactName(imageName(place)), default: []].append(place) }
    var pairs: [(old: Int, new: Int)] = []
    for name in own.keys.sorted(by: { $0.text < $1.text }) {
      pairs += paired(own[name] ?? [], others[name] ?? [], of: other, atLeast: least)
    }
    return pairs
  }

  private func paired(
    _ own: [Int], _ others: [Int], of other: ObjectSide, atLeast least: Double
  ) -> [(old: Int, new: Int)] {
    struct Candidate {
      let old: Int, new: Int
      let overlap: Double
      let isSameClass: Bool
    }
    var candidates: [Candidate] = []
    for old in own {
      for new in others {
        let (one, two) = (set.objects[old].box, other.set.objects[new].box)
        // Boxes without an area overlap with nothing, not even with themselves.
        let overlap = one == two ? 1 : one.intersectionOverUnion(with: two)
        guard overlap >= least, overlap > 0 else { continue }
        candidates.append(
          Candidate(old: old, new: new, overlap: overlap, isSameClass: className(old) == other.className(new)))
      }
    }
    candidates.sort { one, two in
      if one.overlap != two.overlap { return one.overlap > two.overlap }
      if one.isSameClass != two.isSameClass { return one.isSameClass }
      return (one.old, one.new) < (two.old, two.new)
    }
    var (usedOld, usedNew): (Set<Int>, Set<Int>) = ([], [])
    return candidates.compactMap { candidate in
      if usedOld.contains(candidate.old) || usedNew.contains(candidate.new) { return nil }
      usedOld.insert(candidate.old)
      usedNew.insert(candidate.new)
      return (candidate.old, candidate.new)
    }
  }
}
