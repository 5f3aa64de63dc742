extension AnnotationSet {
  /// The different classes that each image shows, as places in the order of their ids, ascending.
  ///
  /// Crowds do not count, but for a class that no image shows otherwise.
  var shownClasses: [[Int]] {
    let indices = classIndices
    let byImage = objectsByImage
    var told: Set<Int> = []
    for image in images {
      for place in byImage[image.id] ?? [] where !objects[place].isCrowd { told.insert(objects[place].categoryID) }
    }
    return images.map { image in
      let usable = (byImage[image.id] ?? []).filter { !objects[$0].isCrowd || !told.contains(objects[$0].categoryID) }
      return Set(usable.compactMap { indices[objects[$0].categoryID] }).sorted()
    }
  }

  /// The names of the classes that images show but none of those at these places, in the order of ids: such a class cannot be learnt
  /// from them. Crowds do not count, but for a class that no image shows otherwise.
  public func classesAbsent(from places: some Sequence<Int>) -> [String] {
    let shown = shownClasses
    let here = Set(places.flatMap { shown[$0] })
    let names = classNames
    return Set(shown.joined()).subtracting(here).sorted().map { names[$0] }
  }
}
