/// Images and objects that are there twice, exactly.
public struct ExactDuplicates: Sendable {
  /// Images whose files have the same bytes, by their file names, the one that stays first.
  public private(set) var images: [[String]] = []
  /// Objects that say the same as one before them but for their ids, after the objects of images that are the same have been
  /// put together.
  public private(set) var objects: [(kept: ObjectAnnotation, dropped: ObjectAnnotation)] = []
  /// Objects with image, class and box of one before them that differ in something else: they stay.
  public private(set) var similar: [(first: ObjectAnnotation, second: ObjectAnnotation)] = []
  /// Keys of images that go which the one that stays in their place lacks, or under which it says something else.
  public private(set) var lostKeys: [LostKeys] = []
  /// The set without them: of images that are the same the first stays, with the objects of all.
  public private(set) var set: AnnotationSet

  /// Looks through a set.
  ///
  /// - Parameter digests: The digest of each image's file by its id; none where contents are not compared.
  /// - Throws: Where the labels give images of the same bytes different sizes: one of them is wrong. A size that is not known is none;
  ///   the image that stays gets that of another.
  public init(in set: AnnotationSet, source: String, digests: [Int: String]) throws(AnnotationError) {
    self.set = set
    let twins = try dropTwins(of: set, source, digests)
    var seen: [Key: [ObjectAnnotation]] = [:]
    self.set.objects = []
    for object in set.objects {
      var object = object
      object.imageID = twins[object.imageID] ?? object.imageID
      let key = Key(image: object.imageID, category: object.categoryID, box: object.box)
      if let same = seen[key]?.first(where: { Self.isSame($0, object) }) {
        objects.append((same, object))
        continue
      }
      if let other = seen[key]?.first { similar.append((other, object)) }
      seen[key, default: []].append(object)
      self.set.objects.append(object)
    }
  }

  /// Drops all but the first of images with the same bytes; gives the id of the one that stays for each that goes.
  private mutating func dropTwins(
    of set: AnnotationSet, _ source: String, _ digests: [Int: String]
  ) throws(AnnotationError) -> [Int: Int] {
    var places: [String: Int] = [:]
    var groups: [[Int]] = []
    for (place, image) in set.images.enumerated() {
      guard let digest = digests[image.id] else { continue }
      if let group = places[digest] {
        groups[group].append(place)
      } else {
        places[digest] = groups.count
        groups.append([place])
      }
    }
    var twins: [Int: Int] = [:]
    for group in groups where group.count > 1 {
      let first = set.images[group[0]]
      // The first of them whose size is known.
      let sized = group.map { set.images[$0] }.first { $0.height > 0 && $0.width > 0 } ?? first
      for place in group.dropFirst() {
        let image = set.images[place]
        let isKnown = image.height > 0 && image.width > 0
        guard !isKnown || (image.height, image.width) == (sized.height, sized.width) else {
          throw .content(
            place: source,
            reason:
              "\(image.fileName) has the bytes of \(sized.fileName), but is \(image.width)×\(image.height) and not "
              + "\(sized.width)×\(sized.height)")
        }
        twins[image.id] = first.id
        let lost = image.keysLost(in: first)
        if !lost.isEmpty { lostKeys.append(LostKeys(name: image.fileName, keys: lost)) }
      }
      (self.set.images[group[0]].height, self.set.images[group[0]].width) = (sized.height, sized.width)
      images.append(group.map { set.images[$0].fileName })
    }
    // What is ignored in one of them is ignored in the one that stays.
    let kept = Dictionary(self.set.images.enumerated().map { ($1.id, $0) }) { first, _ in first }
    for image in set.images {
      guard let twin = twins[image.id], let place = kept[twin], let ignored = image.ignored else { continue }
      self.set.images[place].addIgnored([ignored])
    }
    self.set.images.removeAll { twins[$0.id] != nil }
    return twins
  }

  /// Whether both say the same but for their ids.
  private static func isSame(_ one: ObjectAnnotation, _ other: ObjectAnnotation) -> Bool {
    var copy = other
    copy.id = one.id
    return copy == one
  }

  private struct Key: Hashable {
    let image: Int
    let category: Int
    let box: Box
  }
}
