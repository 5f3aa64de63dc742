import Annotations
import ArgumentParser
import Documents

/// `annotation-tool diff`.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is different between two sources of labels.",
    discussion: """
      Images and classes are matched by name. Objects are matched by id, or with --by iou within an image by the overlap of \
      their boxes, the largest first: for sources whose ids are not the same. An object may be moved and relabelled at \
      once. Label maps are compared by their objects, one for each class of an image where they do not tell objects apart: \
      --by iou fits them best. Keys of the file, such as info and licenses, are compared too; numbers in keys by their \
      value, so that 0.50 is 0.5. Exit code 0 also where something differs, unless --fail is given.
      """)

  /// How objects are matched.
  enum Matching: String, CaseIterable, ExpressibleByArgument {
    case id, iou
  }

  @Argument(help: ArgumentHelp("Labels or label maps before: any form.", valueName: "old"))
  var old: String

  @Argument(help: ArgumentHelp("Labels or label maps after: any form.", valueName: "new"))
  var new: String

  @Option(help: "How objects are matched: id, or iou.")
  var by = Matching.id

  @Option(help: "With --by iou: the least overlap of boxes that are taken for one object's, above 0, at most 1.")
  var iou = 0.5

  @Option(help: "How many differences of a kind to list; all are counted, and JSON has all.")
  var count = 20

  @OptionGroup var several: SeveralSources

  @Flag(help: "Exit code 1 where something differs.")
  var fail = false

  @Flag(help: "Taken by all verbs; this one writes nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func validate() throws {
    guard iou > 0, iou <= 1 else { throw ValidationError("--iou is \(iou), not above 0 and at most 1") }
    try several.require(count: 2)
    guard count >= 0 else { throw ValidationError("--count is \(count), not 0 or more") }
  }

  mutating func run() throws {
    let sets = try [old, new].enumerated().map { try several.read($1, at: $0) }
    let difference = AnnotationDifference(
      from: sets[0].set, to: sets[1].set, matching: by == .id ? .id : .overlap(atLeast: iou))
    let parts = [
      ("images", "images", difference.images), ("classes", "classes", difference.classes),
      ("objects", "objects", difference.objects), ("file keys", "fileKeys", difference.fileKeys),
    ]
    if json {
      let report = parts.map { _, key, items in (key, Self.json(of: items)) }
      let head: [(String, JSON)] = [("old", JSON(old)), ("new", JSON(new)), ("same", .bool(difference.isEmpty))]
      Output.result(JSON.object(JSONObject(head + report)).serialized(pretty: true))
    } else {
      for (name, _, items) in parts { print(items, name) }
      if difference.isEmpty { Output.result("no differences") }
    }
    if fail, !difference.isEmpty { throw ToolFailure(description: "\(new): differs from \(old)") }
  }

  private func print(_ items: [AnnotationDifference.Item], _ name: String) {
    for kind in AnnotationDifference.Kind.allCases {
      let found = items.filter { $0.kind == kind }
      if found.isEmpty { continue }
      Output.result("\(name) \(kind.rawValue) ×\(found.count)")
      for item in found.prefix(count) { Output.result("  \(item.text)") }
      if found.count > count, count > 0 { Output.result("  and \(found.count - count) more") }
    }
  }

  private static func json(of items: [AnnotationDifference.Item]) -> JSON {
    .object(
      JSONObject(
        AnnotationDifference.Kind.allCases.map { kind in
          (kind.rawValue, .array(items.filter { $0.kind == kind }.map { JSON($0.text) }))
        }))
  }
}
