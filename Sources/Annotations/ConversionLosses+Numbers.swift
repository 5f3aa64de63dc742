extension ConversionLosses {
  /// For forms with neither ids nor a list of classes: what would read back otherwise is a loss.
  mutating func add(numbersOf set: AnnotationSet) {
    let used = Set(set.objects.map(\.categoryID))
    for category in set.categories {
      if !used.contains(category.id) { add(.unusedClass, category.name) }
      if category.supercategory != nil { add(.supercategory, category.name) }
      for key in category.extra.keys { add(.classKeys, "\(key) of \(category.name)") }
    }
    let sorted = set.categories.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    for (index, category) in sorted.enumerated() where category.id != index + 1 {
      add(.classIDs, "\(category.name) has the id \(category.id)")
    }
    for (index, image) in set.images.enumerated() where image.id != index + 1 {
      add(.imageIDs, "\(image.fileName) has the id \(image.id)")
    }
    for (index, object) in set.objects.enumerated() where object.id != index + 1 {
      add(.objectIDs, "object \(object.id)")
    }
  }
}
