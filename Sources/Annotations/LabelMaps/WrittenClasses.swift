import Imaging

/// Which number stands for which category in label maps that are written.
///
/// Numbers are the categories' ids where all of them fit, else the categories count from 1 in the order of their ids.
struct WrittenClasses: Sendable {
  /// The number of each category by its id; those of surplus ones are missing.
  let numbers: [Int: UInt8]
  /// The number of pixels that no object covers.
  let background: UInt8
  /// Whether ids did not fit.
  let isRenumbered: Bool
  /// Categories for which there is no number.
  let surplus: [Category]
  private let lines: [(number: UInt8, name: String, color: RGB)]

  /// Gives out numbers.
  ///
  /// - Parameter zeroIsBackground: whether 0 is never a category's, as in VOC.
  init(_ categories: [Category], zeroIsBackground: Bool) {
    let shown = categories.filter { $0.name != ObjectMasks.background }.sorted { $0.id < $1.id }
    let range = (zeroIsBackground ? 1 : 0)...254
    let fits = shown.allSatisfy { range.contains($0.id) } && shown.count <= 254
    let kept = shown.prefix(254)
    lines = kept.enumerated().map { place, category in
      let number = UInt8(fits ? category.id : place + 1)
      return (number, category.name, category.color ?? Palette.voc(Int(number)))
    }
    isRenumbered = !fits
    surplus = Array(shown.dropFirst(254))
    let taken = Set(lines.map(\.number))
    let background = (0...254).first { !taken.contains($0) } ?? 0
    self.background = background
    var numbers = Dictionary(zip(kept.map(\.id), lines.map(\.number))) { first, _ in first }
    for category in categories where category.name == ObjectMasks.background { numbers[category.id] = background }
    self.numbers = numbers
  }

  /// Whether a key of a category has a place: its colour, which is read back where it is another than VOC's of its number.
  func holds(_ key: String, of category: Category) -> Bool {
    guard key == Category.colorKey, category.name != ObjectMasks.background, let number = numbers[category.id],
      let color = category.color
    else { return false }
    return color != Palette.voc(Int(number))
  }

  /// The lines of a file of classes; colours stand behind the names, so that a name may end like one.
  ///
  /// - Parameters:
  ///   - withBackground: whether the background is among the classes.
  ///   - found: what the label maps show: where it is nothing but the background and ignored pixels, the table says of 255 that it
  ///     is ignored, lest it be taken for the one class.
  /// - Throws: for a name that cannot be read back from a line.
  func text(
    withBackground: Bool, found: MaskWriting.Found = .init(), file: String
  ) throws(AnnotationError) -> String {
    var lines = lines
    if withBackground { lines.append((background, ObjectMasks.background, Palette.voc(Int(background)))) }
    var text = ""
    for (number, name, color) in lines.sorted(by: { $0.number < $1.number }) {
      let words = name.words.joined(separator: " ")
      guard words == name, !name.isEmpty, !name.hasSuffix(ClassTable.ignoreMark) else {
        throw .content(
          place: file,
          reason: "the class \"\(name)\" has no place: wanted is a name without blanks at its ends or two in a row, "
            + "not empty and not ending in \(ClassTable.ignoreMark)")
      }
      text += "\(number) \(name) \(color.r),\(color.g),\(color.b)\n"
    }
    if found.hasIgnored, !found.hasClass { text += "\(ClassTable.ignored) ignored\(ClassTable.ignoreMark)\n" }
    return text
  }
}
