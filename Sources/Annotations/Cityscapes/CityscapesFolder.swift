import Documents
import Imaging

/// Reads Cityscapes' label maps: `gtFine/SPLIT/CITY/NAME_gtFine_labelIds.png` or `…_labelTrainIds.png`, and the objects of
/// `…_instanceIds.png` where it is there.
///
/// The nineteen classes that are judged become objects, all other numbers are ignored; a table of classes chooses otherwise. In
/// `instanceIds` a number from 1000 on is class × 1000 + object, a smaller one the class alone: of a class with objects that is
/// a group that is not told apart, of another all of it.
enum CityscapesFolder: AnnotationForm {
  static let summary =
    "Cityscapes label maps (gtFine/…_labelIds.png or …_labelTrainIds.png, …_instanceIds.png for objects)"
  static let coordinates = "a pixel's number is its class; in instanceIds class × 1000 + object"
  static let holds: [LabelKind] = [.masks, .labelMaps]
  static let isFolder = true
  static let sign = "files …_gtFine_labelIds.png"
  private static let pictures = "leftImg8bit"
  /// The kinds of annotation, which are parts of the files' names.
  private static let kinds = ["gtFine", "gtCoarse"]

  /// The folder of label maps: the path itself, or `gtFine` in it.
  private static func root(of path: String) -> String {
    kinds.map { Path.join(path, $0) }.first { Folder.exists($0) } ?? path
  }

  static func evidence(in look: SourceLook) -> String? {
    look.files.first { part(of: $0) != nil }.map { "files such as \($0)" }
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let root = options.labelMaps.masks ?? root(of: path)
    let files = try throwingAnnotationErrors { () throws(DocumentError) in try Folder.filesBelow(root) }
    let parts = files.compactMap { part(of: $0) }
    guard
      let numbering = CityscapesClasses.Numbering.allCases.first(where: { kind in parts.contains { $0.kind == kind } })
    else {
      throw .content(place: root, reason: "has no file …_gtFine_labelIds.png or …_gtFine_labelTrainIds.png below it")
    }
    let chosen = parts.filter { $0.kind == numbering }
    let imageFolder = options.images ?? imageFolder(of: root)
    let classes = options.labelMaps.classes ?? CityscapesClasses.table(numbering)
    let background = classes.index(of: ObjectMasks.background)
    try ImageLocator(folder: root).requireInside(chosen.map(\.file))
    let assembly = MaskAssembly(
      names: chosen.map { "\($0.stem)_\(pictures).png" },
      categories: classes.classes.enumerated().filter { $0.offset != background }.map { _, entry in
        Category(id: entry.id, name: entry.name, supercategory: CityscapesClasses.entry(entry.name)?.group)
      })
    let reader = CityscapesReader(classes: classes, background: background, root: root)
    var problems = AnnotationProblems()
    problems.add(.labelMaps, "labels: \(chosen.count) files …_\(numbering.rawValue).png")
    let set = assembly.set(problems: &problems) { place throws(AnnotationError) in
      let part = chosen[place]
      let content = try reader.content(of: part.file, instances: "\(part.stem)_\(part.annotation)_instanceIds.png")
      let image = Path.join(imageFolder, "\(part.stem)_\(pictures).png")
      if Folder.hasFile(image) { try content.requireSize(ofImage: image, mask: part.file, options.exif) }
      return content
    }
    problems.add(AnnotationCheck.references(of: set))
    return FormContent(
      set: set, problems: problems, imageFolder: imageFolder, files: files.map { Path.join(root, $0) },
      hasBackground: background != nil)
  }

  /// A file's name taken apart.
  private struct Part: Sendable {
    let file: String
    let stem: String
    let annotation: String
    let kind: CityscapesClasses.Numbering
  }

  private static func part(of file: String) -> Part? {
    for kind in CityscapesClasses.Numbering.allCases {
      for annotation in kinds {
        let ending = "_\(annotation)_\(kind.rawValue).png"
        if file.hasSuffix(ending), file.count > ending.count {
          return Part(file: file, stem: String(file.dropLast(ending.count)), annotation: annotation, kind: kind)
        }
      }
    }
    return nil
  }

  /// The folder of the images beside one of label maps: `leftImg8bit` in the place of `gtFine`.
  private static func imageFolder(of root: String) -> String {
    let whole = Path.resolved(root) ?? root
    var parts = whole.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let place = parts.lastIndex(where: { kinds.contains($0) }) else { return root }
    parts[place] = pictures
    let folder = parts.joined(separator: "/")
    return Folder.exists(folder) ? folder : root
  }
}

/// Reads one image's label maps.
private struct CityscapesReader: Sendable {
  let classes: ClassTable
  let background: Int?
  let root: String

  func content(of file: String, instances: String) throws(AnnotationError) -> MaskedContent {
    let labels = try LabelMapReader(classes).labels(inFile: Path.join(root, file))
    var content = MaskedContent(height: labels.height, width: labels.width)
    let place = Path.join(root, instances)
    guard Folder.hasFile(place) else {
      for entry in LabelRuns(labels.pixels, height: labels.height, width: labels.width).entries {
        add(entry.mask, class: entry.value, isCrowd: false, to: &content)
      }
      return content
    }
    let numbers: (labels: [UInt16], height: Int, width: Int)
    do throws(ImagingError) { numbers = try ImageFile.readWideLabelMap(place) } catch {
      throw .unreadable(error, place)
    }
    guard (numbers.height, numbers.width) == (labels.height, labels.width) else {
      throw .content(
        place: place, reason: "is \(numbers.width)×\(numbers.height), \(file) \(labels.width)×\(labels.height)")
    }
    // The number and the class in one, so that ignored classes need no second look.
    let pairs = zip(numbers.labels, labels.pixels).map {
      UInt32($1) << 16 | ($1 == ClassTable.ignored ? 0 : UInt32($0))
    }
    for entry in LabelRuns(pairs, height: labels.height, width: labels.width).entries {
      let (label, number) = (entry.value >> 16, entry.value & 0xFFFF)
      let hasInstances =
        label != ClassTable.ignored && CityscapesClasses.entry(classes.names[label])?.hasInstances ?? false
      add(entry.mask, class: label, isCrowd: hasInstances && number < 1000, to: &content)
    }
    return content
  }

  private func add(_ mask: RunLengthMask, class index: Int, isCrowd: Bool, to content: inout MaskedContent) {
    if index == Int(ClassTable.ignored) {
      content.ignored = mask
    } else if index != background {
      content.objects.append(.init(categoryID: classes.classes[index].id, mask: mask, isCrowd: isCrowd))
    }
  }
}
