import Annotations
import ArgumentParser
import Reporting

/// The options about the numbers of label maps.
struct MaskNumberOptions: ParsableArguments {
  @Flag(help: "Take SRC as label maps where it could be boxes too: COCO outlines, a VOC folder.")
  var labelMaps = false

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

  /// These options and those of the files, as a value.
  func choice(masks: String?, classes: String?) -> LabelMapChoice {
    LabelMapChoice(
      labelMaps: labelMaps, masks: masks, classes: classes, ignoredIDs: ignoredIDs, maskValues: maskValues)
  }
}

/// The options that say how label maps are to be read.
struct MaskOptions: ParsableArguments {
  @OptionGroup var numbers: MaskNumberOptions

  @Option(help: ArgumentHelp("Folder of PNG label maps, called as the images.", valueName: "DIR"))
  var masks: String?

  @Option(
    name: [.customLong("classes"), .customLong("class-table")],
    help: ArgumentHelp(
      "Classes of label maps, one a line: `name` or `id name`, and a colour; classes.txt near SRC otherwise.",
      valueName: "FILE"))
  var classes: String?

  /// The options as a value.
  var choice: LabelMapChoice { numbers.choice(masks: masks, classes: classes) }
}

/// The same for a verb whose `--classes` are names.
struct MaskOptionsBesideClasses: ParsableArguments {
  @OptionGroup var numbers: MaskNumberOptions

  @Option(help: ArgumentHelp("Folder of PNG label maps, called as the images.", valueName: "DIR"))
  var masks: String?

  @Option(
    help: ArgumentHelp(
      "Classes of label maps, one a line: `name` or `id name`, and a colour; classes.txt near SRC otherwise.",
      valueName: "FILE"))
  var classTable: String?

  /// The options as a value.
  var choice: LabelMapChoice { numbers.choice(masks: masks, classes: classTable) }
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
