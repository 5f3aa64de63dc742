import Documents
import Imaging

/// Reads one image's label maps of classes and objects.
struct VOCMaskReader: Sendable {
  private let classes: ClassTable
  private let background: Int?
  private let objectFolder: String
  private let reader: LabelMapReader

  init(_ classes: ClassTable, background: Int?, objectFolder: String) {
    (self.classes, self.background, self.objectFolder) = (classes, background, objectFolder)
    reader = LabelMapReader(classes)
  }

  /// What both label maps of that name say.
  func content(of file: String, in folder: String) throws(AnnotationError) -> MaskedContent {
    let labels = try reader.labels(inFile: Path.join(folder, file))
    let objectFile = Path.join(objectFolder, file)
    guard Folder.hasFile(objectFile) else { return content(of: labels) }
    let numbers: Image
    do throws(ImagingError) { numbers = try ImageFile.readLabelMap(objectFile) } catch {
      throw .unreadable(error, objectFile)
    }
    guard (numbers.height, numbers.width) == (labels.height, labels.width) else {
      throw .content(
        place: objectFile,
        reason: "is \(numbers.width)×\(numbers.height), \(Path.join(folder, file)) \(labels.width)×\(labels.height)")
    }
    return content(of: labels, numbers, file: objectFile)
  }

  /// One object a class.
  private func content(of labels: Image) -> MaskedContent {
    var content = MaskedContent(height: labels.height, width: labels.width)
    let runs = LabelRuns(
      labels.pixels, height: labels.height, width: labels.width, without: background.map { [$0] } ?? [])
    for entry in runs.entries { add(entry.mask, class: entry.value, to: &content) }
    return content
  }

  /// One object for each number, and for each class without a number.
  private func content(of labels: Image, _ numbers: Image, file: String) -> MaskedContent {
    var content = MaskedContent(height: labels.height, width: labels.width)
    // A number and its class in one, the number first, so that objects come in the order of their numbers.
    let ignored = UInt16(ClassTable.ignored)
    let none = background.map { UInt16($0) }
    let pairs = zip(labels.pixels, numbers.pixels).map { label, number -> UInt16 in
      let label = UInt16(label)
      if label == ignored || label == none { return label }
      // 255 beside a class is no object, either.
      return (number == 255 ? 0 : UInt16(number)) << 8 | label
    }
    let runs = LabelRuns(pairs, height: labels.height, width: labels.width, without: none.map { [Int($0)] } ?? [])
    var (unnumbered, classesOf) = (0, [Int: Int]())
    for entry in runs.entries {
      let (number, label) = (entry.value >> 8, entry.value & 255)
      if number == 0, label != ClassTable.ignored { unnumbered += entry.mask.area }
      if number > 0 { classesOf[number, default: 0] += 1 }
      add(entry.mask, class: label, to: &content)
    }
    if unnumbered > 0 {
      content.notes.append(
        .init(
          code: .mixedMask, message: "\(file): \(unnumbered) pixels of classes are no object's: one a class is made"))
    }
    for (number, count) in classesOf.sorted(by: { $0.key < $1.key }) where count > 1 {
      content.notes.append(
        .init(code: .mixedMask, message: "\(file): object \(number) shows \(count) classes: one object each is made"))
    }
    return content
  }

  private func add(_ mask: RunLengthMask, class index: Int, to content: inout MaskedContent) {
    if index == Int(ClassTable.ignored) {
      content.ignored = mask
    } else {
      content.objects.append(MaskedContent.Object(categoryID: classes.classes[index].id, mask: mask))
    }
  }
}
