/// Which images and objects of a set are kept; an object must pass all that is asked.
public struct AnnotationFilter: Sendable {
  /// What is done with objects that carry a mark.
  public enum MarkRule: String, Sendable, CaseIterable {
    /// They go.
    case drop
    /// All others go.
    case only
  }

  /// Which images are kept, by the objects that are left in them.
  public enum ImageRule: Sendable {
    /// All of them.
    case all
    /// Those with an object.
    case withObjects
    /// Those without one.
    case withoutObjects
  }

  /// Why an object goes; the raw value is its name in reports. The first that applies is counted.
  public enum Reason: String, Sendable, CaseIterable {
    case otherClass = "class"
    case crowd, difficult, truncated, area, side
    case image
  }

  /// The names of the classes that are kept; nil keeps all.
  public var classes: Set<String>?
  /// The area of kept objects in square pixels: that of the mask where there is one, else of the box.
  public var area: ClosedRange<Double> = 0 ... .infinity
  /// Both sides of the boxes of kept objects, in pixels.
  public var side: ClosedRange<Double> = 0 ... .infinity
  /// Groups that are not told apart.
  public var crowd: MarkRule?
  /// Objects that are too hard to be counted.
  public var difficult: MarkRule?
  /// Objects that go on outside the image.
  public var truncated: MarkRule?
  /// Which images are kept.
  public var images: ImageRule = .all

  /// What went, and why.
  public struct Removed: Sendable, Equatable {
    /// How many objects went, by reason.
    public var objects: [Reason: Int] = [:]
    /// How many images went.
    public var images = 0
    /// The classes that went, in the set's order.
    public var classes: [String] = []
  }

  /// A filter that keeps everything.
  public init() {}

  /// The set with what is kept, in its order; ids stay.
  public func applied(to set: AnnotationSet) -> (set: AnnotationSet, removed: Removed) {
    var kept = set
    var removed = Removed()
    let ids = classes.map { names in Set(set.categories.filter { names.contains($0.name) }.map(\.id)) }
    if let ids { kept.categories = set.categories.filter { ids.contains($0.id) } }
    kept.objects = set.objects.filter { object in
      guard let reason = reason(against: object, classes: ids) else { return true }
      removed.objects[reason, default: 0] += 1
      return false
    }
    if images != .all {
      let used = Set(kept.objects.map(\.imageID))
      let chosen = kept.subset { used.contains($0.id) == (images == .withObjects) }
      let gone = kept.objects.count - chosen.objects.count
      if gone > 0 { removed.objects[.image] = gone }
      kept = chosen
    }
    kept = kept.withoutUnlistedClasses()
    removed.images = set.images.count - kept.images.count
    let names = Set(kept.categories.map(\.name))
    removed.classes = set.categories.map(\.name).filter { !names.contains($0) }
    return (kept, removed)
  }

  private func reason(against object: ObjectAnnotation, classes: Set<Int>?) -> Reason? {
    if let classes, !classes.contains(object.categoryID) { return .otherClass }
    let marks: [(MarkRule?, Bool, Reason)] = [
      (crowd, object.isCrowd, .crowd), (difficult, object.isDifficult, .difficult),
      (truncated, object.isTruncated, .truncated),
    ]
    for (rule, isMarked, reason) in marks where rule.map({ ($0 == .drop) == isMarked }) ?? false { return reason }
    if !area.contains(object.area) { return .area }
    // In the file's own numbers: the difference of two corners is rounded.
    let box = object.writtenBox
    return side.contains(box.width) && side.contains(box.height) ? nil : .side
  }
}
