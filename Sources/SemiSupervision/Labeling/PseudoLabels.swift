import Annotations
import Documents
import Reporting
import Samples

/// A teacher's boxes as labels: a file with all that is known of each, and forms that programs for annotation open, so that a
/// person corrects them and gives them back as labels.
public struct PseudoLabels {
  /// The classes, in the order of the detector's.
  public let categories: [Annotations.Category]
  /// What decided.
  public let rules: PseudoLabelRules
  private var images: [ImageRecord] = []
  private var paths: [String] = []
  private var boxes: [(imageID: Int, box: TeacherBox)] = []

  /// No image yet.
  public init(categories: [Annotations.Category], rules: PseudoLabelRules) {
    self.categories = categories
    self.rules = rules
  }

  /// Adds what was found in an image; boxes that are no candidates of the rules are passed over.
  public mutating func add(_ candidates: [TeacherBox], of image: PooledImage, size: (height: Int, width: Int)) {
    images.append(ImageRecord(id: image.id, fileName: image.name, height: size.height, width: size.width))
    paths.append(image.path)
    boxes += candidates.filter { $0.found.score > rules.leastScore && !$0.found.box.isEmpty }.map { (image.id, $0) }
  }

  /// How many candidates there are, and how many pass each filter.
  public var summary: String {
    func count(_ purpose: PseudoBoxes.Purpose) -> Int { boxes.count { $0.box.passes.contains(purpose) } }
    return "\(boxes.count) candidates, of which \(count(.classes)) pass the class filter, \(count(.boxes)) the box "
      + "filter, \(count(.proposals)) that of proposals"
  }

  /// All candidates as COCO: `score`, `class_scores`, `box_uncertainty` and `filters` stand beside COCO's keys.
  public var candidates: AnnotationSet {
    var set = AnnotationSet(
      categories: categories, images: images, extra: JSONObject([("info", ["pseudo_labels": rules.json])]))
    let names = ["background"] + categories.map(\.name)
    set.objects = boxes.enumerated().map { place, entry in
      let (id, box) = entry
      var object = object(place + 1, id, box)
      object.extra = JSONObject([
        ("score", JSON(box.found.score)),
        ("class_scores", .object(JSONObject(zip(names, box.probabilities).map { ($0, JSON($1)) }))),
        ("box_uncertainty", JSON(box.uncertainty)),
        (
          "filters",
          [
            "proposals": .bool(box.passes.contains(.proposals)), "classes": .bool(box.passes.contains(.classes)),
            "boxes": .bool(box.passes.contains(.boxes)),
          ]
        ),
      ])
      return object
    }
    return set
  }

  /// The boxes that passed the class filter, with their scores in words, and the folder that the images' names are relative to.
  public var corrigible: (set: AnnotationSet, imageFolder: String) {
    let (folder, names) = Self.rooted(images.map(\.fileName), paths)
    var set = AnnotationSet(categories: categories, images: images)
    for (place, name) in names.enumerated() { set.images[place].fileName = name }
    for (id, box) in boxes where box.passes.contains(.classes) {
      var object = object(set.objects.count + 1, id, box)
      object.extra["description"] = .string("score \(NumberText.fixed(box.found.score, 2))")
      set.objects.append(object)
    }
    return (set, folder)
  }

  private func object(_ id: Int, _ imageID: Int, _ box: TeacherBox) -> ObjectAnnotation {
    ObjectAnnotation(
      id: id, imageID: imageID, categoryID: categories[box.found.classIndex].id, box: box.found.box)
  }

  /// Names relative to a folder, and that folder: as they are where they are, else below the folder common to all images, as
  /// for a pattern.
  static func rooted(_ names: [String], _ paths: [String]) -> (folder: String, names: [String]) {
    let folders = Set(zip(names, paths).map { $1.hasSuffix($0) ? String($1.dropLast($0.count)) : "" })
    if folders.count == 1, let folder = folders.first, names.allSatisfy(Path.staysInside), !folder.isEmpty {
      return (folder == "/" ? folder : String(folder.dropLast()), names)
    }
    let parts = paths.map { $0.split(separator: "/", omittingEmptySubsequences: false).dropLast() }
    let common = parts.dropFirst().reduce(parts.first ?? []) { shared, next in
      shared.prefix(zip(shared, next).prefix { $0 == $1 }.count)
    }
    let length = common.reduce(0) { $0 + $1.count + 1 }
    return (common.isEmpty ? "." : common.joined(separator: "/"), paths.map { String($0.dropFirst(length)) })
  }
}

extension PseudoLabels {
  /// Writes the file of all candidates.
  public func write(to path: String) throws(AnnotationError) { try COCOInstances.write(candidates, to: path) }

  /// Writes the boxes that passed the class filter in a form for programs of annotation.
  ///
  /// - Returns: What the form cannot hold, a line each; ids count for nothing here.
  public func write(as format: AnnotationFormat, to path: String) throws(AnnotationError) -> [String] {
    let (set, folder) = corrigible
    if let other = try format.others(in: path, than: set).first {
      throw .content(place: path, reason: "has annotations of other images, such as \(other); give a new folder")
    }
    try format.write(set, to: path, options: WritingOptions(imageFolder: folder))
    let numbering: Set<ConversionLosses.Code> = [
      .classIDs, .classOrder, .imageIDs, .imageOrder, .objectIDs, .unusedClass, .objectKeys,
    ]
    return format.losses(of: set).losses.filter { !numbering.contains($0.code) }.map {
      "\(path): \($0.code.rawValue) ×\($0.count): \($0.code.meaning)"
    }
  }
}
