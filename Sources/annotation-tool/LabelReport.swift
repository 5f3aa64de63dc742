import Annotations
import Documents

/// What a verb says of the labels that it writes, does not write, or would write.
struct LabelReport {
  let output: LabelOutput
  let reading: AnnotationReading
  let to: AnnotationFormat
  let losses: ConversionLosses
  let changes: LabelChanges
  /// For what the place would be refused, of a dry run.
  let refusals: [String]

  /// Whether something would be lost that may not be.
  var isRefused: Bool { !losses.isEmpty && !output.flags.allowLossy }

  func printJSON() {
    let (set, sources) = (reading.set, output.sources)
    let source: JSON = sources.count == 1 ? JSON(sources[0]) : .array(sources.map { JSON($0) })
    let members: [(String, JSON)] = [
      ("source", source), ("from", JSON(reading.form.rawValue)), ("to", JSON(to.rawValue)),
      ("output", JSON(output.path)), ("images", JSON(set.images.count)), ("objects", JSON(set.objects.count)),
      ("classes", JSON(set.categories.count)), ("vocPixelBase", JSON(output.reading.base.rawValue)),
      ("exif", JSON(output.reading.exif.rawValue)),
      ("classTable", .array(set.categories.map { ["id": JSON($0.id), "name": JSON($0.name)] })),
      ("losses", losses.json), ("refused", .bool(isRefused || !refusals.isEmpty)),
      ("refusals", .array(refusals.map { JSON($0) })), ("written", .bool(!output.flags.dryRun && !isRefused)),
    ]
    Output.result(JSON.object(JSONObject(members + changes.members)).serialized(pretty: true))
  }

  func printText() {
    let set = reading.set
    let counts = "\(set.images.count) images, \(set.objects.count) objects, \(set.categories.count) classes"
    for line in losses.lines { Output.message("loss: \(line)") }
    for line in changes.lines { Output.result(line) }
    if output.flags.dryRun {
      Output.result("\(output.path): would hold \(counts)" + (isRefused ? "; refused without --allow-lossy" : ""))
      Output.refusals(refusals)
    } else {
      Output.result("\(output.path): \(counts)")
    }
    guard changes.tellsReading else { return }
    let (base, exif) = (output.reading.base.rawValue, output.reading.exif.rawValue)
    Output.result("VOC pixel base \(base), EXIF \(exif); classes: \(classes)")
  }

  /// The classes with their ids, the first twenty of them.
  private var classes: String {
    let categories = reading.set.categories
    if categories.isEmpty { return "none" }
    let listed = categories.prefix(20).map { "\($0.id) \($0.name)" }.joined(separator: ", ")
    return listed + (categories.count > 20 ? " and \(categories.count - 20) more" : "")
  }
}
