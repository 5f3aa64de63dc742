extension ConversionLosses {
  /// How a form without ids numbers what it reads.
  struct Numbering {
    /// What reading back sorts the images by, as bytes; nil where it keeps their order.
    var imageKey: ((ImageRecord) -> String)?
    /// Whether the form lists its classes, in the order of their ids, instead of having those that occur, by name.
    var listsClasses = false
    /// As how many objects one comes back; 0 where it is not written.
    var parts: (ObjectAnnotation) -> Int = { _ in 1 }
  }

  /// For forms with neither ids nor keys of classes: what would read back otherwise is a loss.
  mutating func add(numbersOf set: AnnotationSet, _ numbering: Numbering = Numbering()) {
    add(classesOf: set, numbering)
    var order = Array(set.images.indices)
    if let key = numbering.imageKey {
      let keys = set.images.map { Array(key($0).utf8) }
      order.sort { keys[$0].lexicographicallyPrecedes(keys[$1]) }
    }
    for (place, index) in order.enumerated() {
      let image = set.images[index]
      if place != index { add(.imageOrder, "\(image.fileName) comes back as number \(place + 1)") }
      if image.id != place + 1 { add(.imageIDs, "\(image.fileName) has the id \(image.id)") }
    }
    let objects = set.objectsByImage
    var number = 0
    for index in order {
      for place in objects[set.images[index].id] ?? [] {
        let parts = numbering.parts(set.objects[place])
        let id = set.objects[place].id
        if parts > 0, id != number + 1 { add(.objectIDs, "object \(id) comes back as \(number + 1)") }
        number += parts
      }
    }
  }

  private mutating func add(classesOf set: AnnotationSet, _ numbering: Numbering) {
    let used = numbering.listsClasses ? [] : Set(set.objects.filter { numbering.parts($0) > 0 }.map(\.categoryID))
    for category in set.categories {
      if !numbering.listsClasses, !used.contains(category.id) { add(.unusedClass, category.name) }
      if category.supercategory != nil { add(.supercategory, category.name) }
      for key in category.extra.keys { add(.classKeys, "\(key) of \(category.name)") }
    }
    let kept = numbering.listsClasses ? set.categories : set.categories.filter { used.contains($0.id) }
    let sorted = kept.indices.sorted {
      numbering.listsClasses
        ? kept[$0].id < kept[$1].id : kept[$0].name.utf8.lexicographicallyPrecedes(kept[$1].name.utf8)
    }
    for (place, index) in sorted.enumerated() {
      let category = kept[index]
      if category.id != place + 1 { add(.classIDs, "\(category.name) has the id \(category.id)") }
      if place != index { add(.classOrder, "\(category.name) comes back as number \(place + 1)") }
    }
  }
}
