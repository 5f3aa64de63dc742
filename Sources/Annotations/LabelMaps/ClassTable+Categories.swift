import Documents
import Imaging

extension Category {
  /// The key of a class under which its colour lies, as in COCO's panoptic files: `[r, g, b]`.
  static let colorKey = "color"

  /// Its own colour: as in COCO's panoptic files, or `#RRGGBB` as in CVAT's.
  var color: RGB? {
    switch extra[Self.colorKey]?.content {
    case .string(let text)?: return text.hasPrefix("#") ? ClassTable.color(text) : nil
    case .array(let numbers)?:
      let channels = numbers.compactMap { $0.int.flatMap { UInt8(exactly: $0) } }
      return channels.count == 3 && numbers.count == 3 ? RGB(channels[0], channels[1], channels[2]) : nil
    default: return nil
    }
  }
}

extension ClassTable.Class {
  /// The class as one of a set; a colour of its own is a key of it.
  var category: Category {
    var category = Category(id: id, name: name)
    if hasOwnColor {
      category.extra[Category.colorKey] = [JSON(Int(color.r)), JSON(Int(color.g)), JSON(Int(color.b))]
    }
    return category
  }
}

extension ClassTable {
  /// Notes a colour of the background's own, which has no place in a set: the background is no class there.
  func noteColor(ofBackground index: Int?, _ source: String, _ problems: inout AnnotationProblems) {
    guard let index, classes[index].hasOwnColor else { return }
    let (name, color) = (classes[index].name, classes[index].color)
    problems.add(.ignoredElement, "\(source): the colour \(color.r),\(color.g),\(color.b) of \(name) is not read")
  }
}
