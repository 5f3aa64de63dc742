import Documents

/// What is different between two sets: images and classes matched by name, objects by id or by overlap. Numbers in other keys are
/// compared by value, as boxes are.
public struct AnnotationDifference: Sendable {
  /// How objects are matched.
  public enum Matching: Sendable, Equatable {
    /// By their ids.
    case id
    /// Within an image, by the overlap of their boxes: the pair with the largest intersection over union first, of equals one
    /// of the same class, down to this.
    case overlap(atLeast: Double)
  }

  /// How a thing differs; the raw value is its name in reports.
  public enum Kind: String, Sendable, CaseIterable {
    case added, removed
    /// The box is another.
    case moved
    /// The class is another.
    case relabelled
    /// Something else is: marks, mask, area, other keys; size or id of an image; id of a class.
    case changed
  }

  /// What differs.
  public struct Item: Sendable, Equatable {
    /// How.
    public let kind: Kind
    /// What and from what to what, in one line.
    public let text: String
  }

  /// Images that differ.
  public private(set) var images: [Item] = []
  /// Classes that differ.
  public private(set) var classes: [Item] = []
  /// Objects that differ, one entry for each way in which they do.
  public private(set) var objects: [Item] = []
  /// Keys of the file beside these that differ (`info`, `licenses` …), within objects by their paths, such as `info.version`.
  public private(set) var fileKeys: [Item] = []

  /// Whether nothing differs.
  public var isEmpty: Bool { images.isEmpty && classes.isEmpty && objects.isEmpty && fileKeys.isEmpty }

  /// Compares two sets.
  public init(from old: AnnotationSet, to new: AnnotationSet, matching: Matching) {
    images = Self.items(
      old.images.map { (ExactName($0.fileName), $0) }, new.images.map { (ExactName($0.fileName), $0) },
      text: \.text,
      changes: { old, new in
        var changes: [String] = []
        if (old.height, old.width) != (new.height, new.width) {
          changes.append("\(old.width)×\(old.height) becomes \(new.width)×\(new.height)")
        }
        if matching == .id, old.id != new.id { changes.append("id \(old.id) becomes \(new.id)") }
        changes += Self.otherKeys(old.extra, new.extra)
        return changes
      })
    classes = Self.items(
      old.categories.map { ($0.name, $0) }, new.categories.map { ($0.name, $0) }, text: \.self,
      changes: { old, new in
        var changes: [String] = []
        if matching == .id, old.id != new.id { changes.append("id \(old.id) becomes \(new.id)") }
        if old.supercategory != new.supercategory { changes.append("supercategory") }
        return changes + Self.otherKeys(old.extra, new.extra)
      })
    let sides = (ObjectSide(old), ObjectSide(new))
    let pairs =
      switch matching {
      case .id: sides.0.pairedByID(with: sides.1)
      case .overlap(let least): sides.0.pairedByOverlap(with: sides.1, atLeast: least)
      }
    compare(sides.0, sides.1, pairs)
    fileKeys = Self.keys(old.extra, new.extra)
  }

  private mutating func compare(_ old: ObjectSide, _ new: ObjectSide, _ pairs: [(old: Int, new: Int)]) {
    let partners = Dictionary(pairs.map { ($0.old, $0.new) }) { first, _ in first }
    let matched = Set(pairs.map(\.new))
    for place in old.set.objects.indices {
      guard let partner = partners[place] else {
        objects.append(Item(kind: .removed, text: old.text(place)))
        continue
      }
      let (before, after) = (old.set.objects[place], new.set.objects[partner])
      let name = old.text(place, withBox: false)
      let (class0, class1) = (old.className(place), new.className(partner))
      if class0 != class1 {
        objects.append(Item(kind: .relabelled, text: "\(name): \(class0) becomes \(class1)"))
      }
      let (image0, image1) = (old.imageName(place), new.imageName(partner))
      if before.box != after.box || image0 != image1 {
        let there = image0 == image1 ? "" : " in \(image1)"
        objects.append(
          Item(
            kind: .moved,
            text:
              "\(name): \(AnnotationCheck.describe(before.box)) becomes \(AnnotationCheck.describe(after.box))\(there)")
        )
      }
      let parts = Self.otherChanges(before, after)
      if !parts.isEmpty { objects.append(Item(kind: .changed, text: "\(name): \(parts.joined(separator: ", "))")) }
    }
    for place in new.set.objects.indices where !matched.contains(place) {
      objects.append(Item(kind: .added, text: new.text(place)))
    }
  }

  private static func otherChanges(_ old: ObjectAnnotation, _ new: ObjectAnnotation) -> [String] {
    var parts: [String] = []
    for (name, before, after) in [
      ("crowd", old.isCrowd, new.isCrowd), ("difficult", old.isDifficult, new.isDifficult),
      ("truncated", old.isTruncated, new.isTruncated),
    ] where before != after { parts.append(after ? name : "no longer \(name)") }
    let hasSameOutline =
      switch (old.outline, new.outline) {
      case (let one?, let other?): one.hasSameValue(as: other)
      case (nil, nil): true
      default: false
      }
    if !hasSameOutline { parts.append("outline or mask") }
    if old.area != new.area, old.box == new.box {
      parts.append("area \(JSON.text(of: old.area)) becomes \(JSON.text(of: new.area))")
    }
    return parts + otherKeys(old.extra, new.extra) { old.isFlag($0) && new.isFlag($0) }
  }

  private static func items<Record, Name: Hashable>(
    _ old: [(Name, Record)], _ new: [(Name, Record)], text: (Name) -> String,
    changes: (Record, Record) -> [String]
  ) -> [Item] {
    let before = Dictionary(old) { first, _ in first }
    let after = Dictionary(new) { first, _ in first }
    var items: [Item] = []
    for (name, record) in old {
      guard let other = after[name] else {
        items.append(Item(kind: .removed, text: text(name)))
        continue
      }
      let parts = changes(record, other)
      if !parts.isEmpty { items.append(Item(kind: .changed, text: "\(text(name)): \(parts.joined(separator: ", "))")) }
    }
    return items + new.filter { before[$0.0] == nil }.map { Item(kind: .added, text: text($0.0)) }
  }
}
