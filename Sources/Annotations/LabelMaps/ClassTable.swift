import Imaging

/// The classes of label maps: which number in a file stands for which class.
///
/// A model counts classes from 0 without gaps, in the order of the table: the dense index. Files may use other numbers
/// (Cityscapes writes 7 for road), and some for pixels that are nobody's: these become ``ignored`` and are neither
/// learnt nor judged.
public struct ClassTable: Sendable, Equatable {
  /// One class.
  public struct Class: Sendable, Equatable {
    /// The number that stands for it in files, 0...255.
    public let id: Int
    /// Its name.
    public let name: String
    /// Its colour in pictures.
    public let color: RGB
    /// Whether a file says that colour, and it is another than VOC's of the number.
    var hasOwnColor = false

    /// A class.
    public init(id: Int, name: String, color: RGB) {
      (self.id, self.name, self.color) = (id, name, color)
    }

    /// Whether number, name and colour are the same, wherever the colour is from.
    public static func == (left: Class, right: Class) -> Bool {
      left.id == right.id && left.name == right.name && left.color == right.color
    }
  }

  /// What stands for ignored pixels in label maps that were read.
  public static let ignored: UInt8 = 255
  /// The most classes that leave a number for ignored pixels.
  public static let mostClasses = 255

  /// The classes; the place of one is its dense index.
  public let classes: [Class]
  /// The numbers of files whose pixels are ignored.
  public let ignoredIDs: Set<Int>
  /// Whether the file of the table itself says of 255 that it is ignored.
  var listsIgnored = false
  /// For each number of a file its dense index, ``ignored``, or nil where it stands for nothing.
  public let indices: [UInt8?]

  /// A table of these classes without those that are ignored.
  ///
  /// - Parameter ignoredIDs: the numbers to ignore; nil ignores 255, unless it is a class.
  /// - Precondition: ids lie in 0...255 and occur once, and 1...255 classes are not ignored.
  public init(_ classes: [Class], ignoredIDs: Set<Int>? = nil) {
    let ignored = ignoredIDs ?? (classes.contains { $0.id == 255 } ? [] : [255])
    self.classes = classes.filter { !ignored.contains($0.id) }
    self.ignoredIDs = ignored
    var indices = [UInt8?](repeating: nil, count: 256)
    precondition(
      ignored.allSatisfy { (0...255).contains($0) }, "ClassTable: ignored ids lie in 0...255, got \(ignored)")
    precondition(
      (1...Self.mostClasses).contains(self.classes.count),
      "ClassTable: wanted are 1...255 classes, got \(classes.count)")
    for id in ignored { indices[id] = Self.ignored }
    for (index, entry) in self.classes.enumerated() {
      precondition((0...255).contains(entry.id), "ClassTable: the id of \(entry.name) is \(entry.id), not in 0...255")
      precondition(indices[entry.id] == nil, "ClassTable: the id \(entry.id) occurs twice")
      indices[entry.id] = UInt8(index)
    }
    self.indices = indices
  }

  /// A table of names in VOC's colours, with ids counted from 0.
  public init(names: [String], ignoredIDs: Set<Int>? = nil) {
    self.init(
      names.enumerated().map { Class(id: $0, name: $1, color: Palette.voc($0)) }, ignoredIDs: ignoredIDs)
  }

  /// A table of the classes that labels have, in VOC's colours, with ids counted from 0.
  ///
  /// - Throws: where all of them are ignored.
  static func of(
    _ names: [String], ignoredIDs: Set<Int>?, source: String
  ) throws(AnnotationError) -> ClassTable {
    guard names.indices.contains(where: { !(ignoredIDs ?? []).contains($0) }) else {
      throw .content(place: source, reason: "every class is ignored")
    }
    return ClassTable(names: names, ignoredIDs: ignoredIDs)
  }

  /// The number of classes, K: dense indices are 0 ..< K.
  public var count: Int { classes.count }

  /// The names in the order of the dense indices.
  public var names: [String] { classes.map(\.name) }

  /// The dense index of a name.
  public func index(of name: String) -> Int? { classes.firstIndex { $0.name == name } }

  /// The colours by dense index, for 256 entries of a palette: what is no class is black, ``ignored`` VOC's light grey.
  public var palette: [RGB] {
    var palette = [RGB](repeating: .black, count: 256)
    palette[Int(Self.ignored)] = Palette.voc(255)
    for (index, entry) in classes.enumerated() { palette[index] = entry.color }
    return palette
  }

  /// The numbers that files may hold, for messages: `0…10, ignored 11, 255`.
  public var idsText: String {
    let ids = classes.map(\.id).sorted()
    var ranges: [ClosedRange<Int>] = []
    for id in ids {
      if let last = ranges.last, last.upperBound == id - 1 {
        ranges[ranges.count - 1] = last.lowerBound...id
      } else {
        ranges.append(id...id)
      }
    }
    let text = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)…\($0.upperBound)" }
    let ignored = ignoredIDs.sorted().map(String.init).joined(separator: ", ")
    return text.joined(separator: ", ") + (ignored.isEmpty ? "" : "; ignored \(ignored)")
  }
}

extension ClassTable {
  /// The same classes under other numbers: `values[k]` stands for class k in files, as `--mask-values 0,255` says it of masks
  /// of 0 and 255.
  ///
  /// - Parameter ignoredIDs: the numbers to ignore; nil takes those of this table but for the values.
  /// - Returns: the table; nil unless there is one value in 0...255 for each class, all different and none ignored.
  public func renumbered(_ values: [Int], ignoredIDs: Set<Int>? = nil) -> ClassTable? {
    guard values.count == count, Set(values).count == count, values.allSatisfy({ (0...255).contains($0) }),
      ignoredIDs?.isDisjoint(with: values) ?? true
    else { return nil }
    return ClassTable(
      zip(values, classes).map { value, entry in
        var renumbered = Class(id: value, name: entry.name, color: entry.color)
        renumbered.hasOwnColor = entry.hasOwnColor
        return renumbered
      },
      ignoredIDs: ignoredIDs ?? self.ignoredIDs.subtracting(values))
  }
}
