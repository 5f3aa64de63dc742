import Documents

/// The `group_id` of each object that is written: shapes of one label and one group in an image are one object to a reader, so no two
/// objects may share both.
struct LabelMeGroups {
  /// What numbers must differ within: the shapes of one label in one image.
  private struct Scope: Hashable {
    let image: Int
    let label: String
  }

  private struct Group: Hashable {
    let scope: Scope
    let number: Int
  }

  /// The class's name of each id.
  private let labels: [Int: String]
  private var taken: Set<Group> = []
  /// The places of objects that keep the number they have.
  private var owners: Set<Int> = []
  /// The first number that may be free.
  private var next: [Scope: Int] = [:]

  /// Of the objects of a set with one number the first keeps it.
  init(_ set: AnnotationSet) {
    labels = Dictionary(set.categories.map { ($0.id, $0.name) }) { first, _ in first }
    for (place, object) in set.objects.enumerated() {
      guard let number = Self.number(of: object) else { continue }
      if taken.insert(Group(scope: scope(of: object), number: number)).inserted { owners.insert(place) }
    }
  }

  /// The name of an object's class.
  func label(of object: ObjectAnnotation) -> String { labels[object.categoryID] ?? "" }

  /// Whether an object has no number, or keeps the one it has.
  func keepsNumber(of object: ObjectAnnotation, at place: Int) -> Bool {
    Self.number(of: object) == nil || owners.contains(place)
  }

  /// The number that the object at a place of the set is written with: its own, or of one in several shapes its id, else the first
  /// from 1 on that is free.
  mutating func number(for object: ObjectAnnotation, at place: Int, hasParts: Bool) -> Int? {
    if owners.contains(place) { return Self.number(of: object) }
    guard hasParts else { return nil }
    let scope = scope(of: object)
    if taken.insert(Group(scope: scope, number: object.id)).inserted { return object.id }
    var number = next[scope] ?? 1
    while !taken.insert(Group(scope: scope, number: number)).inserted { number += 1 }
    next[scope] = number + 1
    return number
  }

  private func scope(of object: ObjectAnnotation) -> Scope { Scope(image: object.imageID, label: label(of: object)) }

  private static func number(of object: ObjectAnnotation) -> Int? { object.extra["group_id"]?.int }
}
