import Annotations
import Documents
import Reporting

/// How the label maps of a source are to be read, as options say it.
struct LabelMapChoice {
  /// Whether a source that could be boxes too is label maps.
  var labelMaps = false
  /// The folder of the PNG files.
  var masks: String?
  /// The file of classes.
  var classes: String?
  var ignoredIDs: [Int] = []
  var maskValues: String?

  /// Whether a source is to be read as label maps: one of these options is given, or it can be nothing else.
  private func isWanted(_ source: LabelSource) -> Bool {
    labelMaps || masks != nil || classes != nil || !ignoredIDs.isEmpty || maskValues != nil
      || !AnnotationSource.looksLikeLabels(source.path)
        && SegmentationSource.looksLikeMasks(source.path, images: source.images)
  }

  /// The form of label maps that a source is to be read in because an option says that it has some; nil for what is found out.
  func form(of source: LabelSource) -> AnnotationFormat? {
    guard source.form == nil, isWanted(source) else { return nil }
    let found = (try? FormRecognition(source.path))?.candidates.map(\.form) ?? []
    if let form = found.first(where: { $0.holds.contains(.labelMaps) }) { return form }
    return Path.extension(of: source.path) == "json" ? nil : .masks
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
  func read(_ source: LabelSource) throws -> SegmentationReading? {
    guard isWanted(source) else {
      try requireBoxes(source.path)
      return nil
    }
    let options = try options()
    let reading = try SegmentationSource.read(
      source.path, images: source.images, masks: masks, list: source.list, classes: options.classes,
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
