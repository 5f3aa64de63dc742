import Annotations
import Documents

/// Compares a set with what has come back from a form, and names each difference by the code that a report must have for it.
///
/// Written without the forms' own code: from what the codes are documented to mean.
struct RoundTrip {
  let original: AnnotationSet
  let back: AnnotationSet
  /// Codes that say that objects are left out or split, without which they could not be matched.
  let reported: Set<ConversionLosses.Code>
  private(set) var differences: [String: Int] = [:]
  /// Differences that no code is for.
  private(set) var unexplained: [String] = []

  init(_ original: AnnotationSet, _ back: AnnotationSet, reported: Set<ConversionLosses.Code>) {
    (self.original, self.back, self.reported) = (original, back, reported)
    if !original.extra.isEmpty, back.extra != original.extra { note(.fileKeys, original.extra.count) }
    compareClasses()
    compareImages()
  }

  private mutating func note(_ code: ConversionLosses.Code, _ count: Int = 1) {
    differences[code.rawValue, default: 0] += count
  }

  private mutating func compareClasses() {
    let used = Set(original.objects.map(\.categoryID))
    var kept: [Annotations.Category] = []
    for category in original.categories {
      guard let other = back.categories.first(where: { $0.name == category.name }) else {
        if used.contains(category.id) {
          unexplained.append("class \(category.name) is gone")
        } else {
          note(.unusedClass)
        }
        if category.supercategory != nil { note(.supercategory) }
        note(.classKeys, category.extra.count)
        continue
      }
      kept.append(category)
      if other.id != category.id { note(.classIDs) }
      if other.supercategory != category.supercategory { note(.supercategory) }
      for key in category.extra.keys where other.extra[key] == nil { note(.classKeys) }
    }
    for (place, category) in kept.enumerated() where back.categories[place].name != category.name { note(.classOrder) }
    if kept.count != back.categories.count { unexplained.append("\(back.categories.count) classes are back") }
  }

  private mutating func compareImages() {
    for (place, image) in original.images.enumerated() {
      var found = back.images.firstIndex { $0.fileName == image.fileName }
      if found == nil {
        found = back.images.firstIndex { $0.fileName == Path.name(of: image.fileName) }
        if found != nil { note(.folders) }
      }
      guard let found else {
        unexplained.append("image \(image.fileName) is gone")
        continue
      }
      let other = back.images[found]
      if found != place { note(.imageOrder) }
      if other.id != image.id { note(.imageIDs) }
      if (other.height, other.width) != (image.height, image.width) {
        if other.height == 0 { note(.imageSize) } else { unexplained.append("size of \(image.fileName)") }
      }
      for key in image.extra.keys where other.extra[key] != image.extra[key] { note(.imageKeys) }
      compareObjects(of: image, other)
    }
    if back.images.count != original.images.count { unexplained.append("\(back.images.count) images are back") }
  }

  private mutating func compareObjects(of image: ImageRecord, _ other: ImageRecord) {
    var rest = back.objects.filter { $0.imageID == other.id }[...]
    for object in original.objects where object.imageID == image.id {
      if object.isCrowd, reported.contains(.crowdLeftOut) {
        note(.crowdLeftOut)
        continue
      }
      let rings = rings(of: object.outline)
      let count = reported.contains(.parts) && rings.count > 1 ? rings.count : 1
      let found = rest.prefix(count)
      rest = rest.dropFirst(count)
      guard found.count == count, let first = found.first else {
        unexplained.append("object \(object.id) is gone")
        continue
      }
      if first.id != object.id { note(.objectIDs) }
      compareNames(object, first)
      if count > 1 {
        note(.parts)
        if found.map({ self.rings(of: $0.outline) }) != rings.map({ [$0] }) {
          unexplained.append("parts of \(object.id)")
        }
      } else {
        compareShapes(object, first)
      }
    }
    if !rest.isEmpty { unexplained.append("\(rest.count) objects more in \(image.fileName)") }
  }

  private mutating func compareNames(_ object: ObjectAnnotation, _ other: ObjectAnnotation) {
    func name(_ set: AnnotationSet, _ id: Int) -> String? { set.categories.first { $0.id == id }?.name }
    if name(original, object.categoryID) != name(back, other.categoryID) { unexplained.append("class of \(object.id)") }
    if object.isCrowd, !other.isCrowd {
      if other.isDifficult { note(.crowd) } else { unexplained.append("crowd \(object.id)") }
    } else if object.isDifficult != other.isDifficult {
      note(.difficult)
    }
    if object.isTruncated != other.isTruncated { note(.truncated) }
    for key in object.extra.keys where other.extra[key] != object.extra[key] { note(.objectKeys) }
    for key in other.extra.keys where object.extra[key] == nil && key != "difficult" && key != "truncated" {
      if key == "score" { note(.score) } else if key != "group_id" { unexplained.append("key \(key) of \(object.id)") }
    }
  }

  private mutating func compareShapes(_ object: ObjectAnnotation, _ other: ObjectAnnotation) {
    let (box, now) = (object.box, other.box)
    let edges = [box.x0 - now.x0, box.y0 - now.y0, box.x1 - now.x1, box.y1 - now.y1].map(abs)
    var movesSlightly = false
    var changesBox = false
    if edges.contains(where: { $0 > 1e-9 }) {
      movesSlightly = edges.allSatisfy { $0 < 1e-5 }
      if !movesSlightly {
        changesBox = true
        let outline = rings(of: object.outline).flatMap { $0 }
        note(!outline.isEmpty && now == self.box(around: outline) ? .outlineBox : .roundedBox)
      }
    }
    if !box.isEmpty, now.isEmpty { note(.vanishedBox) }
    var losesOutline = false
    switch (object.outline, other.outline) {
    case (nil, nil): break
    case (nil, _?): note(.boxOutline)
    case (_?, nil):
      losesOutline = true
      note(.segmentation)
    case (let one?, let two?):
      let (first, second) = (rings(of: one), rings(of: two))
      if case .mask(let mask)? = try? one.content(place: ""), !second.isEmpty {
        let (kept, filled) = compare(mask, second)
        if !kept { unexplained.append("mask of \(object.id)") }
        if filled {
          note(.holes)
          losesOutline = true
        }
      } else if first.isEmpty ? one != two : first.map(\.count) != second.map(\.count) {
        unexplained.append("outline of \(object.id)")
      } else if zip(first.joined(), second.joined()).contains(where: { abs($0 - $1) > 1e-9 }) {
        movesSlightly = true
      }
    }
    if movesSlightly { note(.precision) }
    // An area goes with the box or the outline that it is of.
    if abs(object.area - other.area) > 1e-6, !losesOutline,
      !(changesBox && object.outline == nil && abs(object.area - box.area) < 1e-6),
      !movesSlightly
    {
      note(.area)
    }
  }

  /// Whether rings hold all pixels of a mask, and whether they hold more.
  private func compare(_ mask: RunLengthMask, _ rings: [[Double]]) -> (kept: Bool, filled: Bool) {
    var inside = [UInt8](repeating: 0, count: mask.pixels.count)
    for ring in rings {
      let pixels = RunLengthMask(polygon: ring, height: mask.height, width: mask.width)?.pixels ?? []
      for (place, value) in pixels.enumerated() where value != 0 { inside[place] = 1 }
    }
    let pairs = Array(zip(mask.pixels, inside))
    return (pairs.allSatisfy { $0 == 0 || $1 == 1 }, pairs.contains { $0 == 0 && $1 == 1 })
  }

  private func rings(of segmentation: Segmentation?) -> [[Double]] {
    guard case .polygons(let rings)? = try? segmentation?.content(place: "") else { return [] }
    return rings
  }

  private func box(around points: [Double]) -> Box {
    let xs = stride(from: 0, to: points.count, by: 2).map { points[$0] }
    let ys = stride(from: 1, to: points.count, by: 2).map { points[$0] }
    return Box(x0: xs.min() ?? 0, y0: ys.min() ?? 0, x1: xs.max() ?? 0, y1: ys.max() ?? 0)
  }
}
