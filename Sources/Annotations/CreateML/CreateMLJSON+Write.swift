import Documents

extension CreateMLJSON {
  /// Writes one image a line; groups have no place and are left out.
  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    let objects = set.objectsByImage
    let names = Dictionary(set.categories.map { ($0.id, $0.name) }) { first, _ in first }
    try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(to: path) { writer throws(DocumentError) in
        try writer.append("[")
        for (index, image) in set.images.enumerated() {
          let own = (objects[image.id] ?? []).map { set.objects[$0] }.filter { !$0.isCrowd }
          var json = JSONObject([
            ("image", JSON(image.fileName)),
            ("annotations", .array(own.map { self.json(of: $0, names[$0.categoryID] ?? "") })),
          ])
          for member in image.extra.members where json[member.key] == nil { json[member.key] = member.value }
          try writer.append((index == 0 ? "\n" : ",\n") + JSON.object(json).serialized())
        }
        try writer.append(set.images.isEmpty ? "]\n" : "\n]\n")
      }
    }
  }

  private static func json(of object: ObjectAnnotation, _ label: String) -> JSON {
    let box = object.box
    var json = JSONObject([
      ("label", JSON(label)),
      (
        "coordinates",
        [
          "x": JSON((box.x0 + box.x1) / 2), "y": JSON((box.y0 + box.y1) / 2), "width": JSON(box.width),
          "height": JSON(box.height),
        ]
      ),
    ])
    for member in object.extra.members where json[member.key] == nil && !ObjectAnnotation.flagKeys.contains(member.key)
    {
      json[member.key] = member.value
    }
    return .object(json)
  }

  /// What would be lost by `write`.
  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    var losses = ConversionLosses()
    if !set.extra.isEmpty { losses.add(.fileKeys, set.extra.keys.joined(separator: ", "), count: set.extra.count) }
    losses.add(numbersOf: set, .init(parts: { $0.isCrowd ? 0 : 1 }))
    let objects = set.objectsByImage
    for image in set.images {
      if image.height > 0, image.width > 0 { losses.add(.imageSize, image.fileName) }
      for key in image.extra.keys where ["image", "annotations"].contains(key) {
        losses.add(.imageKeys, "\(key) of \(image.fileName)")
      }
      for place in objects[image.id] ?? [] {
        let object = set.objects[place]
        let place = { "object \(object.id) in \(image.fileName)" }
        guard !object.isCrowd else {
          losses.add(.crowdLeftOut, place(), image: image.fileName)
          continue
        }
        let kept = Set(object.extra.keys).subtracting(["label", "coordinates"]).subtracting(ObjectAnnotation.flagKeys)
        losses.add(flagsOf: object, keeping: kept, place)
        losses.add(outlineOf: object, place)
      }
    }
    return losses
  }
}
