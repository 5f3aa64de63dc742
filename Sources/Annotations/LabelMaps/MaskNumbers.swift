import Documents
import Imaging

/// Finds out which classes the numbers in PNG label maps stand for.
struct MaskNumbers {
  private let images: [MaskedImage]
  private let classFolders: [String]
  private let source: String

  init(found: PairedMasks, source: String) {
    (images, classFolders, self.source) = (found.images, found.classFolders, source)
  }

  /// The table to read with: the given one, that of a `classes.txt` near the source, or one of numbers.
  func table(
    _ given: ClassTable?, ignoreIDs: Set<Int>?, values: [Int]?
  ) throws(AnnotationError) -> (table: ClassTable, notes: [String]) {
    var notes: [String] = []
    var table = given
    if table == nil, let file = classFolders.map({ Path.join($0, "classes.txt") }).first(where: { Folder.hasFile($0) })
    {
      table = try ClassTable.read(file, ignoredIDs: ignoreIDs)
      notes.append("classes: those of \(file)")
    }
    if let values {
      let count = table?.count ?? values.count
      let names = table ?? ClassTable(names: (0..<max(1, min(count, 255))).map { "class \($0)" })
      guard let renumbered = names.renumbered(values, ignoredIDs: ignoreIDs.map { $0.union(table?.ignoredIDs ?? []) })
      else {
        throw .content(
          place: source,
          reason:
            "the values \(values.map(String.init).joined(separator: ",")) are not \(count) different, not ignored numbers "
            + "of 0…255, one for each class")
      }
      return (renumbered, notes)
    }
    if let table {
      if table.count == 2, !(ignoreIDs ?? []).contains(255) { try requireSecondClass(table) }
      return (table, notes)
    }
    let numbered = try numbered(ignoreIDs)
    notes.append(
      "no table of classes: they are numbered 0…\(numbered.count - 1) by the highest number in \(images.count) label maps"
    )
    return (numbered, notes)
  }

  /// Classes by the highest number that occurs.
  private func numbered(_ ignoreIDs: Set<Int>?) throws(AnnotationError) -> ClassTable {
    let ignored = ignoreIDs ?? [255]
    var occurs = [Bool](repeating: false, count: 256)
    for image in images { try mark(image, in: &occurs) }
    let ids = (0...255).filter { occurs[$0] && !ignored.contains($0) }
    if ignored.contains(255), occurs[255], ids == [0] { throw binary("all label maps hold 0 and 255 alone") }
    guard let highest = ids.last else {
      throw .content(place: source, reason: "every pixel of the label maps is ignored")
    }
    guard highest > 0 else { throw .content(place: source, reason: "the label maps hold one class alone, 0") }
    guard highest < 255 else {
      throw .content(
        place: source,
        reason: "the label maps hold numbers up to 255 that are not ignored; a table of classes is wanted")
    }
    return ClassTable(names: (0...highest).map { "class \($0)" }, ignoredIDs: ignored)
  }

  /// Of two classes: masks of 0 and 255 alone, as tools for one object paint them, would be read as background and ignored.
  private func requireSecondClass(_ table: ClassTable) throws(AnnotationError) {
    guard table.indices[255] == ClassTable.ignored, table.indices[1] == 1, !table.listsIgnored else { return }
    var occurs = [Bool](repeating: false, count: 256)
    for image in images {
      // Colours cannot be taken for numbers.
      if case .file(let path) = image.mask, (try? ImageFile.isRGBPNG(path)) == true { return }
      try mark(image, in: &occurs)
      // Another number is the reader's concern.
      if (1..<255).contains(where: { occurs[$0] }) { return }
    }
    if occurs[255] { throw binary("there are two classes, but all label maps hold 0 and 255 alone") }
  }

  private func binary(_ found: String) -> AnnotationError {
    .content(
      place: source,
      reason: "\(found), and 255 is ignored; where 255 is the object, --mask-values 0,255 makes it class 1")
  }

  private func mark(_ image: MaskedImage, in occurs: inout [Bool]) throws(AnnotationError) {
    guard case .file(let path) = image.mask else { return }
    let map: Image
    do throws(ImagingError) { map = try ImageFile.readLabelMap(path) } catch {
      guard (try? ImageFile.isRGBPNG(path)) == true else { throw .unreadable(error, path) }
      throw .content(place: path, reason: "its pixels are colours; a table of classes with their colours is wanted")
    }
    occurs.withUnsafeMutableBufferPointer { occurs in for value in map.pixels { occurs[Int(value)] = true } }
  }
}
