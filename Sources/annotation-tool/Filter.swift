import Annotations
import ArgumentParser
import Documents

/// `annotation-tool filter`.
struct Filter: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep the images and objects that are asked for; count what goes.",
    discussion: """
      An object stays if it passes all that is asked. Ids stay, and so do images without objects unless an option says \
      otherwise; --list keeps the images of a list. Images are not copied.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptionsBesideClasses

  @Option(
    help: ArgumentHelp("Keep objects of these classes alone; may be given several times.", valueName: "NAME,NAME,…"))
  var classes: [String] = []

  @Option(help: ArgumentHelp("Drop objects of these classes; may be given several times.", valueName: "NAME,NAME,…"))
  var withoutClasses: [String] = []

  @Option(help: "Least area of an object in square pixels, of its mask where it has one.", transform: Self.number)
  var minArea: Double?

  @Option(help: "Largest area of an object in square pixels.", transform: Self.number)
  var maxArea: Double?

  @Option(help: "Least width and height of a box in pixels.", transform: Self.number)
  var minSide: Double?

  @Option(help: "Largest width and height of a box in pixels.", transform: Self.number)
  var maxSide: Double?

  @Option(help: "Crowds: drop them, or keep only them.")
  var crowd: AnnotationFilter.MarkRule?

  @Option(help: "Difficult objects: drop them, or keep only them.")
  var difficult: AnnotationFilter.MarkRule?

  @Option(help: "Truncated objects: drop them, or keep only them.")
  var truncated: AnnotationFilter.MarkRule?

  @Flag(help: "Keep only images in which an object is left.")
  var withObjects = false

  @Flag(help: "Keep only images in which no object is left.")
  var withoutObjects = false

  @OptionGroup var pixels: GonePixels
  @OptionGroup var target: TargetOptions
  @OptionGroup var flags: WritingFlags

  mutating func validate() throws {
    if !classes.isEmpty, !withoutClasses.isEmpty {
      throw ValidationError("--classes and --without-classes exclude each other")
    }
    for (option, words) in [("--classes", classes), ("--without-classes", withoutClasses)] {
      for word in words {
        let names = word.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
        if names.contains("") { throw ValidationError("\(option) \"\(word)\" has a name that is empty") }
      }
    }
    if withObjects, withoutObjects { throw ValidationError("--with-objects and --without-objects exclude each other") }
    _ = try range("area", minArea, maxArea)
    _ = try range("side", minSide, maxSide)
  }

  mutating func run() throws {
    let labels = target.output([source.source], source.reading, flags)
    try labels.requireFree()
    var reading = try source.place.read(masks.choice)
    let read = ReadFiles([reading], others: [masks.classTable])
    let filter = try filter(of: reading.set)
    let before = reading.set
    let (set, removed) = filter.applied(to: before)
    reading.set = set
    let kept = Set(set.objects.map(\.id))
    let gone = pixels.apply(to: &reading, before: before, isGone: { !kept.contains($0.id) })
    try labels.write(reading, changes(removed, before, gone), read: read)
  }

  private func filter(of set: AnnotationSet) throws -> AnnotationFilter {
    var filter = AnnotationFilter()
    if !classes.isEmpty { filter.classes = try set.classes(named: classes, source: source.source) }
    if !withoutClasses.isEmpty {
      let dropped = try set.classes(named: withoutClasses, source: source.source)
      filter.classes = Set(set.classNames).subtracting(dropped)
    }
    filter.area = try range("area", minArea, maxArea)
    filter.side = try range("side", minSide, maxSide)
    (filter.crowd, filter.difficult, filter.truncated) = (crowd, difficult, truncated)
    filter.images = withObjects ? .withObjects : withoutObjects ? .withoutObjects : .all
    return filter
  }

  /// A number in decimal digits; `0x1`, `nan` and `1e400`, which exceeds what can be held, are none.
  private static func number(_ text: String) throws -> Double {
    guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let value = Double(text), value.isFinite else {
      throw ValidationError("wanted is a number such as 32 or 0.5")
    }
    return value
  }

  private func range(_ name: String, _ least: Double?, _ most: Double?) throws -> ClosedRange<Double> {
    let (least, most) = (least ?? 0, most ?? .infinity)
    guard least >= 0, most >= least else {
      throw ValidationError(
        "--min-\(name) and --max-\(name) are \(least) and \(most); wanted are numbers from 0 on, in order")
    }
    return least...most
  }

  private func changes(
    _ removed: AnnotationFilter.Removed, _ before: AnnotationSet, _ pixels: (line: String, json: JSON)?
  ) -> LabelChanges {
    let reasons = AnnotationFilter.Reason.allCases.compactMap { reason in
      removed.objects[reason].map { (reason.rawValue, $0) }
    }
    let gone = reasons.reduce(0) { $0 + $1.1 }
    var lines = [
      "gone: \(removed.images) of \(before.images.count) images, \(gone) of \(before.objects.count) objects, "
        + "\(removed.classes.count) of \(before.categories.count) classes"
    ]
    if !reasons.isEmpty {
      lines.append("objects gone by their " + reasons.map { "\($0.0): \($0.1)" }.joined(separator: ", "))
    }
    if let pixels { lines.append(pixels.line) }
    var report = JSONObject([
      ("images", JSON(removed.images)), ("objects", JSON(gone)),
      ("classes", .array(removed.classes.map { JSON($0) })),
      ("reasons", .object(JSONObject(reasons.map { ($0.0, JSON($0.1)) }))),
    ])
    report["pixels"] = pixels?.json
    return LabelChanges(lines: lines, members: [("removed", .object(report))])
  }
}

extension AnnotationFilter.MarkRule: ExpressibleByArgument {}
