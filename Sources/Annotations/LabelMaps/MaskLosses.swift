import Documents

extension MaskWriting {
  /// What label maps cannot hold of the set: what reads back is all but this.
  ///
  /// - Parameter findsImages: whether reading will find the images, and so their names.
  func losses(findsImages: Bool) -> ConversionLosses {
    var losses = ConversionLosses()
    for key in set.extra.keys { losses.add(.fileKeys, key) }
    for category in set.categories {
      if category.supercategory != nil { losses.add(.supercategory, category.name) }
      for key in category.extra.keys where !classes.holds(key, of: category) {
        losses.add(.classKeys, "\(key) of \(category.name)")
      }
      if classes.isRenumbered, let number = classes.numbers[category.id], Int(number) != category.id {
        losses.add(.classIDs, "\(category.name) has the id \(category.id) and becomes \(number)")
      }
      if category.name == ObjectMasks.background { losses.add(.backgroundClass, "the class \(category.name)") }
    }
    for (rank, place) in set.categories.indices.sorted(by: { set.categories[$0].id < set.categories[$1].id })
      .enumerated()
    where place != rank {
      losses.add(.classOrder, "\(set.categories[place].name) comes back as number \(rank + 1)")
    }
    let without = Set(classes.surplus.map(\.id))
    for object in set.objects where without.contains(object.categoryID) {
      losses.add(.surplusClass, "object \(object.id)")
    }
    let painted = parallelMap(count: set.images.count) { place -> PaintedObjects? in
      guard let painted = self.painted(set.images[place], showsMasks: true) else { return nil }
      return painted.withoutPixels
    }
    for (image, painted) in zip(set.images, painted) { add(image, painted, findsImages, to: &losses) }
    addIDs(painted, to: &losses)
    return losses
  }

  private func add(
    _ image: ImageRecord, _ painted: PaintedObjects?, _ findsImages: Bool, to losses: inout ConversionLosses
  ) {
    for key in image.extra.keys where key != ImageRecord.ignoredKey {
      losses.add(.imageKeys, "\(key) of \(image.fileName)")
    }
    if kind == .objects {
      if image.fileName.contains("/") { losses.add(.folders, image.fileName) }
      if !findsImages, Path.name(of: image.fileName) != Path.stem(of: image.fileName) + ".jpg" {
        losses.add(.fileExtension, image.fileName)
      }
    }
    guard let painted else { return losses.add(isTooLarge(image) ? .tooLarge : .unknownSize, image.fileName) }
    do throws(AnnotationError) { _ = try image.ignoredMasks() } catch {
      losses.add(.unusableMask, error.description, image: image.fileName)
    }
    var seen: Set<Int> = []
    for (object, fate) in zip(objects(of: image), painted.fates) {
      let place = "object \(object.id) in \(image.fileName)"
      switch fate {
      case .withoutMask: losses.add(.boxWithoutMask, place, image: image.fileName)
      case .unusable(let reason): losses.add(.unusableMask, reason, image: image.fileName)
      case .surplus: losses.add(.surplusObject, place, image: image.fileName)
      case .painted(let own, let mask):
        losses.add(flagsOf: object) { place }
        let left = mask?.area ?? 0
        if left < own { losses.add(.coveredMask, "\(place) keeps \(left) of \(own) pixels") }
        if left == 0 { losses.add(.vanishedMask, place, image: image.fileName) }
        if object.isCrowd {
          losses.add(.crowdIgnored, place)
        } else if mask != nil, kind == .classes, !seen.insert(object.categoryID).inserted {
          losses.add(.mergedObjects, place)
        } else if let mask {
          addShape(of: object, mask, place, isWhole: left == own, to: &losses)
        }
      }
    }
  }

  private func addShape(
    of object: ObjectAnnotation, _ mask: RunLengthMask, _ place: String, isWhole: Bool,
    to losses: inout ConversionLosses
  ) {
    if object.segmentation?.text.hasPrefix("[") ?? false { losses.add(.outlinePixels, place) }
    // Where pixels are missing, box and area change with them.
    guard isWhole else { return }
    if let box = mask.box, box != object.box {
      losses.add(
        .maskBox, "\(place): \(AnnotationCheck.describe(object.box)) becomes \(AnnotationCheck.describe(box))")
    }
    if Double(mask.area) != object.area {
      losses.add(.maskArea, "\(place): \(JSON.text(of: object.area)) becomes \(mask.area)")
    }
  }

  /// Ids that reading counts otherwise: images by their names, objects by image and number.
  private func addIDs(_ painted: [PaintedObjects?], to losses: inout ConversionLosses) {
    let order = set.images.indices.sorted {
      stem(of: set.images[$0]).utf8.lexicographicallyPrecedes(stem(of: set.images[$1]).utf8)
    }
    var count = 0
    for (rank, place) in order.enumerated() {
      let image = set.images[place]
      if place != rank { losses.add(.imageOrder, "\(image.fileName) comes back as number \(rank + 1)") }
      if image.id != rank + 1 { losses.add(.imageIDs, "\(image.fileName) has the id \(image.id)") }
      guard let painted = painted[place] else { continue }
      var kept: [(number: UInt8, id: Int)] = []
      for (object, fate) in zip(objects(of: image), painted.fates) {
        guard case .painted(_, .some) = fate, !object.isCrowd else { continue }
        kept.append((classes.numbers[object.categoryID] ?? 0, object.id))
      }
      if kind == .classes {
        // One object a class, in the order of the numbers, in the place of the first.
        kept = Dictionary(kept.map { ($0.number, $0) }) { first, _ in first }.values.sorted { $0.number < $1.number }
      }
      for entry in kept {
        count += 1
        if entry.id != count { losses.add(.objectIDs, "object \(entry.id)") }
      }
    }
  }
}

extension PaintedObjects {
  /// Without the pixels, of which there are too many to keep for all images.
  var withoutPixels: PaintedObjects {
    var other = self
    other.columns = []
    return other
  }
}
