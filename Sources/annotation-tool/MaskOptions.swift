import Annotations
import ArgumentParser
import Documents
import Reporting

/// The options that say how label maps are to be read.
struct MaskOptions: ParsableArguments {
  @Flag(help: "Take SRC as label maps where it could be boxes too: COCO outlines, a VOC folder.")
  var labelMaps = false

  @Option(help: ArgumentHelp("Folder of PNG label maps, called as the images.", valueName: "DIR"))
  var masks: String?

  @Option(
    help: ArgumentHelp(
      "Classes of label maps, one a line: `name` or `id name`, and a colour; classes.txt near SRC otherwise.",
      valueName: "FILE"))
  var classes: String?

  @Option(
    name: .customLong("ignore-id"),
    help: ArgumentHelp(
      "A number in label maps whose pixels are ignored; may be given several times. Without it 255, unless it is a class.",
      valueName: "N"))
  var ignoredIDs: [Int] = []

  @Option(
    help: ArgumentHelp(
      "The numbers of classes 0, 1, … in label maps, where they are not the table's: 0,255.", valueName: "N,N,…"))
  var maskValues: String?

  mutating func validate() throws {
    if let wrong = ignoredIDs.first(where: { !(0...255).contains($0) }) {
      throw ValidationError("--ignore-id is \(wrong), not in 0…255")
    }
    if let maskValues, ClassTable.maskValues(parsing: maskValues) == nil {
      throw ValidationError("--mask-values is \(maskValues); wanted are numbers of 0…255 with commas, such as 0,255")
    }
  }

  /// Whether a source is to be read as label maps: one of these options is given, or it can be nothing else.
  private func isWanted(_ source: SourceOptions) -> Bool {
    labelMaps || masks != nil || classes != nil || !ignoredIDs.isEmpty || maskValues != nil
      || !AnnotationSource.looksLikeLabels(source.source)
        && SegmentationSource.looksLikeMasks(source.source, images: source.images)
  }

  /// The form of label maps that a source is to be read in because an option says that it has some; nil for what is found out.
  func form(of source: SourceOptions) -> AnnotationFormat? {
    guard source.from == nil, isWanted(source) else { return nil }
    let found = (try? FormRecognition(source.source))?.candidates.map(\.form) ?? []
    if let form = found.first(where: { $0.holds.contains(.labelMaps) }) { return form }
    return Path.extension(of: source.source) == "json" ? nil : .masks
  }

  /// How label maps are read.
  func options() throws -> LabelMapOptions {
    let ignored = ignoredIDs.isEmpty ? nil : Set(ignoredIDs)
    return LabelMapOptions(
      masks: masks, classes: try classes.map { try ClassTable.read($0, ignoredIDs: ignored) }, ignoredIDs: ignored,
      values: maskValues.flatMap { ClassTable.maskValues(parsing: $0) })
  }

  /// Refuses a folder in which there are labels of no kind, with all that was looked for.
  private func requireBoxes(_ folder: String) throws {
    guard Folder.exists(folder) else { return }
    let recognition = try FormRecognition(folder)
    guard recognition.candidates.isEmpty else { return }
    throw ToolFailure(
      description:
        "\(recognition.nothingFound(boxesOnly: true)), or label maps (SegmentationClass or masks in it, "
        + "\(Path.name(of: folder))annot beside it, or --masks DIR)")
  }

  /// The label maps of a source, and what was noticed told; nil for a source of boxes.
  func read(_ source: SourceOptions) throws -> SegmentationReading? {
    guard isWanted(source) else {
      try requireBoxes(source.source)
      return nil
    }
    let options = try options()
    let reading = try SegmentationSource.read(
      source.source, images: source.images, masks: masks, list: source.list, classes: options.classes,
      ignoreIDs: options.ignoredIDs, maskValues: options.values)
    for note in reading.notes { Output.message("note: \(note)") }
    return reading
  }

  /// Counts the label maps of a source, with progress where there are many.
  func statistics(
    of reading: SegmentationReading, pictures: LabelMapStatistics.Look = .none
  ) -> LabelMapStatistics {
    guard reading.images.count >= 500 else { return LabelMapStatistics(of: reading, pictures: pictures) }
    let progress = Progress(total: reading.images.count, label: "reading", unit: "image")
    defer { progress.finish() }
    return LabelMapStatistics(of: reading, pictures: pictures) { progress.update(step: $0) }
  }
}

extension LabelMapStatistics {
  /// Images, sizes and classes, as lines of text.
  var lines: [String] {
    var lines = ["images   \(images)"]
    let shown = imageSizes.prefix(5).map { "\($0.size) ×\($0.count)" }.joined(separator: ", ")
    lines.append("sizes    \(shown)\(imageSizes.count > 5 ? " and \(imageSizes.count - 5) more" : "")")
    let ignored = pixels > 0 ? 100 * Double(ignoredPixels) / Double(pixels) : 0
    lines.append("pixels   \(pixels), \(NumberText.fixed(ignored, 2)) % ignored")
    var table = MetricTable([
      .init("class", .left), .init("number"), .init("of pixels"), .init("images"), .init("of images"),
    ])
    for entry in classes {
      table.append([
        entry.name, "\(entry.id)", NumberText.fixed(100 * share(entry), 2) + " %", "\(entry.images)",
        NumberText.fixed(images > 0 ? 100 * Double(entry.images) / Double(images) : 0, 1) + " %",
      ])
    }
    return lines + [""] + table.text.split(separator: "\n").map(String.init)
  }
}
