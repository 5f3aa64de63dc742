import Annotations
import ArgumentParser
import Documents

/// `annotation-tool validate`.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check labels: ids, references, boxes, outlines, label maps, image files and their sizes.",
    discussion: """
      Exit code 1 where an error is found; with --strict also where an object would be left out of training, and where no image \
      file is found.
      """
  )

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions

  @Flag(
    help:
      "Count objects that would be left out (no area, outside the image) as errors, and image files that are missing even where none is found."
  )
  var strict = false

  @Flag(help: "Decode every image as a whole, which finds truncated files.")
  var decode = false

  @Flag(help: "Taken by all verbs; this one writes nothing.")
  var dryRun = false

  @Flag(help: "Leave image files alone, also with --strict.")
  var labelsOnly = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func validate() throws {
    if labelsOnly, decode || source.images != nil {
      throw ValidationError("--labels-only leaves image files alone: it goes neither with --decode nor with --images")
    }
  }

  mutating func run() throws {
    if let reading = try masks.choice.read(source.place) { return try check(reading) }
    let reading = try source.place.inspect()
    var problems = reading.problems
    // What was refused or is not listed has moved the places of the others.
    let isWhole = reading.form == .coco && source.list == nil && problems.counts[.badValue] == nil
    problems.add(AnnotationCheck.contents(of: reading.set, isWhole: isWhole))
    let looksAtImages = !labelsOnly && (source.images != nil || decode || strict || reading.expectsImages)
    if looksAtImages { problems.add(try reading.checkImageFiles(decoding: decode, exif: source.reading.exif)) }
    let failures = problems.count(.error) + (strict ? problems.count(.skip) : 0)
    if json {
      Output.result(self.report(reading, problems, looksAtImages, failures).serialized(pretty: true))
    } else {
      print(reading, problems, looksAtImages)
    }
    if failures > 0 {
      throw ToolFailure(description: "\(source.source): \(failures) \(failures == 1 ? "error" : "errors")")
    }
  }

  private func print(_ reading: AnnotationReading, _ problems: AnnotationProblems, _ looksAtImages: Bool) {
    let set = reading.set
    Output.result(
      "\(source.source): \(reading.form.rawValue), \(set.images.count) images, \(set.objects.count) objects, "
        + "\(set.categories.count) classes")
    if labelsOnly {
      Output.result("image files: not looked at")
    } else if !looksAtImages {
      Output.result("image files: not looked at (none found at \(reading.imageFolder); --images names their folder)")
    } else {
      Output.result("image files: \(decode ? "decoded" : "headers read") in \(reading.imageFolder)")
    }
    printProblems(problems)
  }

  private func printProblems(_ problems: AnnotationProblems) {
    for severity in AnnotationProblems.Severity.allCases {
      for code in AnnotationProblems.Code.allCases where code.severity == severity {
        guard let count = problems.counts[code] else { continue }
        Output.result("\(severity.rawValue) \(code.rawValue) ×\(count)")
        let examples = problems.examples.filter { $0.code == code }.prefix(severity == .note ? 3 : 20)
        for example in examples { Output.result("  \(example.message)") }
        if count > examples.count { Output.result("  and \(count - examples.count) more") }
      }
    }
    if problems.counts.isEmpty { Output.result("no problems found") }
  }

  private func report(
    _ reading: AnnotationReading, _ problems: AnnotationProblems, _ looksAtImages: Bool, _ failures: Int
  ) -> JSON {
    return [
      "source": JSON(source.source), "form": JSON(reading.form.rawValue), "images": JSON(reading.set.images.count),
      "objects": JSON(reading.set.objects.count), "classes": .array(reading.set.classNames.map { JSON($0) }),
      "imageFilesChecked": .bool(looksAtImages), "imageFilesDecoded": .bool(looksAtImages && decode),
      "problems": json(of: problems), "errors": JSON(failures), "valid": .bool(failures == 0),
    ]
  }

  private func json(of problems: AnnotationProblems) -> JSON {
    .array(
      AnnotationProblems.Code.allCases.compactMap { code -> JSON? in
        guard let count = problems.counts[code] else { return nil }
        let examples = problems.examples.filter { $0.code == code }.map { JSON($0.message) }
        return [
          "code": JSON(code.rawValue), "severity": JSON(code.severity.rawValue), "count": JSON(count),
          "examples": .array(examples),
        ]
      })
  }

  // MARK: Label maps

  private func check(_ reading: SegmentationReading) throws {
    if labelsOnly {
      throw ValidationError("--labels-only: label maps are files beside the images, and checked with them")
    }
    let statistics = masks.choice.statistics(of: reading, pictures: decode ? .whole : .headers)
    let failures = statistics.problems.count(.error)
    let names = reading.classes.names
    if json {
      let report: JSON = [
        "source": JSON(source.source), "form": JSON(reading.form.rawValue), "images": JSON(reading.images.count),
        "classes": .array(names.map { JSON($0) }), "imageFilesChecked": true, "imageFilesDecoded": .bool(decode),
        "problems": json(of: statistics.problems), "errors": JSON(failures), "valid": .bool(failures == 0),
      ]
      Output.result(report.serialized(pretty: true))
    } else {
      Output.result(
        "\(source.source): \(reading.form.rawValue), \(reading.images.count) images, \(names.count) classes")
      Output.result("image files: \(decode ? "decoded" : "headers read") in \(reading.imageFolder); label maps decoded")
      printProblems(statistics.problems)
    }
    if failures > 0 {
      throw ToolFailure(description: "\(source.source): \(failures) \(failures == 1 ? "error" : "errors")")
    }
  }
}
