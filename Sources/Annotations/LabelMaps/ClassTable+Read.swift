import Documents
import Imaging

extension ClassTable {
  /// What marks a class of a file as one whose pixels are ignored, behind its name.
  static let ignoreMark = "(ignore)"

  /// Reads a file of classes, one a line: `name`, or `id name`; behind it a colour may stand, `#RRGGBB` or `r,g,b`.
  ///
  /// Without ids lines count from 0. A name that ends in `(ignore)` is none: the pixels of its number are ignored. Blank lines
  /// and lines that begin with `# ` or are a lone `#` are passed over.
  ///
  /// - Parameter ignoredIDs: numbers that are ignored beside those; nil adds 255, unless it is a class, with or without ids.
  /// - Throws: Also for 256 classes, which leave no number for ignored pixels.
  public static func read(_ path: String, ignoredIDs: Set<Int>? = nil) throws(AnnotationError) -> ClassTable {
    let text = try throwingAnnotationErrors { () throws(DocumentError) in try TextFile.read(path) }
    var lines: [Line] = []
    for (index, raw) in text.lines.enumerated() {
      let words = raw.words.map(String.init)
      guard let first = words.first, first != "#" else { continue }
      lines.append(try Line(words, number: index + 1, file: path))
      // One more than there are ids: the table says so.
      if lines.count > 256 { break }
    }
    guard let first = lines.first else { throw .content(place: path, reason: "names no class") }
    let hasIDs = lines.contains { $0.id != nil }
    if hasIDs, let other = lines.first(where: { ($0.id == nil) != (first.id == nil) }) {
      throw other.error(
        other.id == nil
          ? "has no id, though line \(first.number) has one" : "has an id, though line \(first.number) has none")
    }
    return try table(lines, ignoredIDs: ignoredIDs, file: path)
  }

  private static func table(
    _ lines: [Line], ignoredIDs: Set<Int>?, file: String
  ) throws(AnnotationError) -> ClassTable {
    var classes: [Class] = []
    var marked: Set<Int> = []
    var seen: [Int: Line] = [:]
    var names: [String: Line] = [:]
    for (place, line) in lines.enumerated() {
      let id = line.id ?? place
      guard (0...255).contains(id) else { throw line.error("the id is \(id), not in 0…255") }
      if let other = seen.updateValue(line, forKey: id) {
        throw line.error("the id \(id) is that of line \(other.number)")
      }
      if line.isIgnored {
        marked.insert(id)
      } else {
        if let other = names.updateValue(line, forKey: line.name) {
          throw line.error("the name \"\(line.name)\" is that of line \(other.number)")
        }
        var entry = Class(id: id, name: line.name, color: line.color ?? Palette.voc(id))
        entry.hasOwnColor = entry.color != Palette.voc(id)
        classes.append(entry)
      }
    }
    let given = ignoredIDs ?? (seen[255] == nil ? [255] : [])
    let ignored = given.union(marked)
    let kept = classes.filter { !ignored.contains($0.id) }
    guard (1...mostClasses).contains(kept.count) else {
      throw .content(
        place: file,
        reason: kept.isEmpty
          ? "every class is ignored" : "has \(kept.count) classes; one number must be left for ignored pixels")
    }
    var table = ClassTable(kept, ignoredIDs: ignored)
    table.listsIgnored = marked.contains(255)
    return table
  }

  /// The numbers of `--mask-values`, such as `0,255`; nil where they are not numbers of 0...255 with commas.
  public static func maskValues(parsing text: String) -> [Int]? {
    let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = values.compactMap { $0 }
    return numbers.count == values.count && numbers.allSatisfy { (0...255).contains($0) } ? numbers : nil
  }

  /// One line of a file of classes.
  private struct Line {
    let number: Int
    let file: String
    var id: Int?
    var name = ""
    var color: RGB?
    var isIgnored = false

    init(_ words: [String], number: Int, file: String) throws(AnnotationError) {
      (self.number, self.file) = (number, file)
      var words = words
      if words.count > 1, let last = words.last, last.hasPrefix("#") || last.contains(",") {
        if let color = ClassTable.color(last) {
          self.color = color
          words.removeLast()
        } else if last.hasPrefix("#") || !last.contains(where: \.isLetter) {
          throw error("the colour \(last) is neither #RRGGBB nor r,g,b of 0…255")
        }
      }
      if words.count > 1, let number = Int(words[0]) {
        id = number
        words.removeFirst()
      }
      name = words.joined(separator: " ")
      if name.hasSuffix(ClassTable.ignoreMark) { isIgnored = true }
    }

    func error(_ reason: String) -> AnnotationError { .content(place: "\(file):\(number)", reason: reason) }
  }

  /// The colour that `#RRGGBB` or `r,g,b` says.
  static func color(_ text: String) -> RGB? {
    if text.hasPrefix("#") {
      let digits = text.dropFirst()
      guard digits.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
        return nil
      }
      return RGB(hex: value)
    }
    let channels = text.split(separator: ",", omittingEmptySubsequences: false).map { UInt8($0) }
    guard channels.count == 3, let r = channels[0], let g = channels[1], let b = channels[2] else { return nil }
    return RGB(r, g, b)
  }
}
