import Annotations
import ArgumentParser
import Documents

/// `annotation-tool sample`.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a part of the images by seed.",
    discussion: """
      The same source, number and seed give the same images, those of the labelled part that split draws as fold 1. They \
      stand in the source's order. Images are not copied.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions

  @Option(help: "How many images.")
  var count: Int?

  @Option(
    help: ArgumentHelp("Part of the images, above 0, at most 1: 0.125 or 1/8.", valueName: "F"),
    transform: SplitOptions.fraction)
  var fraction: Double?

  @Option(help: "Decides what is drawn.")
  var seed: UInt64 = 1

  @Flag(help: "Each class keeps its share of images, and none is absent where the number of images allows it.")
  var byClass = false

  @OptionGroup var target: TargetOptions
  @OptionGroup var flags: WritingFlags

  mutating func validate() throws {
    guard (count == nil) != (fraction == nil) else { throw ValidationError("give --count or --fraction, one of them") }
    if let count, count < 1 { throw ValidationError("--count is \(count), not 1 or more") }
    if let fraction, !(fraction > 0 && fraction <= 1) {
      throw ValidationError("--fraction is \(fraction), not above 0 and at most 1")
    }
  }

  mutating func run() throws {
    let labels = target.output([source.source], source.reading, flags)
    try labels.requireFree()
    var reading = try source.place.read(masks.choice)
    let read = ReadFiles([reading], others: [masks.classes])
    let whole = reading.set
    guard !whole.images.isEmpty else { throw ToolFailure(description: "\(source.source): has no image to draw") }
    let wanted = count ?? AnnotationSample.count(of: whole.images.count, fraction: fraction ?? 1)
    guard wanted <= whole.images.count else {
      throw ToolFailure(description: "\(source.source): has \(whole.images.count) images, not \(wanted)")
    }
    reading.set = AnnotationSample.draw(whole, count: wanted, strata: byClass ? .byClass : .byImage, seed: seed)
    try labels.write(reading, changes(reading.set, of: whole), read: read)
  }

  private func changes(_ part: AnnotationSet, of whole: AnnotationSet) -> LabelChanges {
    let drawn = Dictionary(uniqueKeysWithValues: AnnotationStatistics(of: part).classes.map { ($0.name, $0.images) })
    let classes = AnnotationStatistics(of: whole).classes
    let ids = Set(part.images.map(\.id))
    let missing = whole.classesAbsent(from: whole.images.indices.filter { ids.contains(whole.images[$0].id) })
    if !missing.isEmpty { Output.message("note: no image of the sample shows \(missing.joined(separator: ", "))") }
    let report = classes.map { entry -> (String, JSON) in
      (entry.name, ["images": JSON(drawn[entry.name, default: 0]), "of": JSON(entry.images)])
    }
    return LabelChanges(
      lines: [
        "drawn: \(part.images.count) of \(whole.images.count) images, \(part.objects.count) of \(whole.objects.count) objects"
      ],
      members: [("seed", .number(String(seed))), ("imagesByClass", .object(JSONObject(report)))])
  }
}
