import Documents

/// Makes a set of the elements of CVAT's XML.
///
/// Source: CVAT's documentation of "CVAT for images 1.1". Image ids are the file's plus 1, since its first is 0; object ids count
/// from 1 in the file's order. Classes are those of the task's or job's list, which stands before the images, in its order, then those
/// that only occur.
struct CVATReader {
  private var set = AnnotationSet()
  private var problems = AnnotationProblems()
  private var ids: [String: Int] = [:]
  private static let shapes: Set<String> = [
    "polyline", "points", "cuboid", "ellipse", "skeleton", "mask", "track", "tag",
  ]

  /// Reads a file, an image at a time.
  mutating func read(_ file: String) throws(DocumentError) {
    try XMLDocument.read(
      file,
      root: { root throws(DocumentError) in
        guard root.name == CVATFile.root else { throw root.error("is <\(root.name)>, not CVAT's <annotations>") }
      }, child: { child throws(DocumentError) in try add(child) })
  }

  /// Adds an element directly within the root.
  private mutating func add(_ child: XMLElement) throws(DocumentError) {
    switch child.name {
    case "image":
      do throws(DocumentError) { try add(image: child) } catch { problems.add(.badValue, error.description) }
    case "track":
      throw child.error("is a <track>: the file is CVAT for video; wanted is CVAT for images")
    case "meta": add(meta: child)
    case "version": break
    default: problems.add(.ignoredElement, "\(child.file):\(child.line): <\(child.name)> is not read")
    }
  }

  func finish() -> FormContent {
    var problems = problems
    problems.add(AnnotationCheck.references(of: set))
    return FormContent(set: set, problems: problems)
  }

  /// The labels of a task, a job or a project, whichever holds the list, with their colours; and the rest as it is.
  private mutating func add(meta: XMLElement) {
    for labels in meta.children.compactMap({ $0["labels"] }) {
      for label in labels.all("label") {
        guard let name = label["name"]?.trimmedText, !name.isEmpty, ids[name] == nil else { continue }
        _ = categoryID(of: name)
        set.categories[set.categories.count - 1].extra = Self.extra(ofLabel: label)
      }
    }
    let rest = Self.rest(ofMeta: meta)
    if !rest.isEmpty { set.extra[Self.metaKey] = .object(rest) }
  }

  private mutating func categoryID(of name: String) -> Int {
    if let id = ids[name] { return id }
    let id = set.categories.count + 1
    set.categories.append(Category(id: id, name: name))
    ids[name] = id
    return id
  }

  private mutating func add(image element: XMLElement) throws(DocumentError) {
    let image = ImageRecord(
      id: try element.whole("id") + 1, fileName: try element.attribute("name").replacing("\\", with: "/"),
      height: try element.pixels("height"), width: try element.pixels("width"),
      extra: extra(element, besides: ["id", "name", "width", "height"]))
    set.images.append(image)
    for child in element.children {
      do throws(DocumentError) { try add(child, to: image) } catch { problems.add(.badValue, error.description) }
    }
  }

  private mutating func add(_ element: XMLElement, to image: ImageRecord) throws(DocumentError) {
    var object: ObjectAnnotation
    let place = "\(element.file):\(element.line)"
    switch element.name {
    case "box":
      if element.value("rotation") != nil {
        let angle = try element.number("rotation")
        if angle != 0 {
          return problems.add(.otherShape, "\(place): a box turned by \(angle)° is not read; upright ones are")
        }
      }
      let box = Box(
        x0: try element.number("xtl"), y0: try element.number("ytl"), x1: try element.number("xbr"),
        y1: try element.number("ybr"))
      object = ObjectAnnotation(id: 0, imageID: image.id, categoryID: 0, box: box)
    case "polygon":
      let ring = try element.points()
      object = ObjectAnnotation(
        id: 0, imageID: image.id, categoryID: 0, box: Ring.box(around: ring), area: Ring.area(of: ring),
        segmentation: Segmentation(polygons: [ring]))
    case let name where Self.shapes.contains(name):
      return problems.add(.otherShape, "\(place): a \(name) is not read; boxes and polygons are")
    default:
      return problems.add(.ignoredElement, "\(place): <\(element.name)> is not read")
    }
    object.id = set.objects.count + 1
    object.categoryID = categoryID(of: try element.attribute("label"))
    object.extra = extra(
      element, besides: ["label", "xtl", "ytl", "xbr", "ybr", "points", "rotation"])
    take(attributesOf: element, into: &object)
    object.takeFlags()
    set.objects.append(object)
  }

  /// The attributes of an object: flags that have a place of their own, and the others by name, flags that say neither yes nor no
  /// among them. What else stands in the element, and an attribute that stands there again, is noted.
  private mutating func take(attributesOf element: XMLElement, into object: inout ObjectAnnotation) {
    var others = JSONObject()
    var seen: Set<String> = []
    for child in element.children {
      let place = "\(child.file):\(child.line)"
      guard child.name == "attribute", let name = child.value("name") else {
        let what = child.name == "attribute" ? "an <attribute> without a name" : "<\(child.name)>"
        problems.add(.ignoredElement, "\(place): \(what) of <\(element.name)> is not read")
        continue
      }
      guard seen.insert(name == "iscrowd" ? "is_crowd" : name).inserted else {
        problems.add(.ignoredElement, "\(place): a second attribute \(name) of <\(element.name)> is not read")
        continue
      }
      let value = child.trimmedText
      switch (name, Self.flag(value)) {
      case ("difficult", let isSet?): object.isDifficult = isSet
      case ("truncated", let isSet?): object.isTruncated = isSet
      case ("is_crowd", let isSet?), ("iscrowd", let isSet?): object.isCrowd = isSet
      default: others[name] = JSON(value)
      }
    }
    if !others.isEmpty { object.extra["attributes"] = .object(others) }
  }

  /// Whether a text says yes; nil where it says neither yes nor no.
  private static func flag(_ text: String) -> Bool? {
    switch text {
    case "1", "true", "True": true
    case "", "0", "false", "False": false
    default: nil
    }
  }

  /// Other attributes of an element's tag: numbers as numbers, without those that say nothing.
  private func extra(_ element: XMLElement, besides known: Set<String>) -> JSONObject {
    var extra = JSONObject()
    for attribute in element.attributes where !known.contains(attribute.name) && extra[attribute.name] == nil {
      let isDefault = [("occluded", "0"), ("z_order", "0"), ("source", "manual")].contains {
        $0 == attribute.name && $1 == attribute.value
      }
      if !isDefault { extra[attribute.name] = Int(attribute.value).map { JSON($0) } ?? JSON(attribute.value) }
    }
    return extra
  }
}
