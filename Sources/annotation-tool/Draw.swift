import Annotations
import ArgumentParser
import Documents
import Imaging
import Views

/// `annotation-tool draw`.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw boxes, class names, outlines and masks, or label maps with a legend, on the pictures.",
    discussion: """
      The pictures are chosen evenly over the source. A missing or broken picture is left out and told. With --views: what \
      each part of the augmentation that training uses makes of an image and its labels, all with the default numbers.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions

  @Option(help: "Folder for one picture an image, or a .png or .jpg file for a contact sheet.")
  var output: String

  @Option(help: "How many images to draw at most.")
  var count = 16

  @Flag(help: "One picture of all instead of one each.")
  var contactSheet = false

  @Option(help: "Columns of the contact sheet.")
  var columns = 4

  @Flag(help: "With label maps: put the bare picture beside the drawn one.")
  var sideBySide = false

  @Option(
    help: ArgumentHelp(
      "What colours stand for: classes, or objects, which is how outlines and masks are told apart.", valueName: "WHAT")
  )
  var colors: AnnotationDrawing.Coloring?

  @Option(help: "Draw each part of the views that detectors or segmenters learn: \(ViewKind.list).")
  var views: ViewKind?

  @Option(help: "With --views: decides what the parts draw.")
  var seed: UInt64 = 1

  @Flag(help: "Write over what exists.")
  var force = false

  @Flag(help: "Say what would be drawn; write nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func validate() throws {
    if sideBySide, views != nil { throw ValidationError("--side-by-side is not for --views") }
    guard count > 0 else { throw ValidationError("--count is \(count), not 1 or more") }
    guard (1...100).contains(columns) else { throw ValidationError("--columns is \(columns), not 1 to 100") }
  }

  mutating func run() throws {
    let isFile = ["png", "jpg", "jpeg"].contains(Path.extension(of: output))
    if contactSheet, !isFile { throw ValidationError("--contact-sheet wants an --output that ends in .png or .jpg") }
    if !dryRun { try Output.requireFree(output, force: force, source: source.source) }
    let sheets = views.map { ViewSheets($0, seed: seed, columns: columns) }
    if let reading = try masks.read(source) {
      let pictures = MaskPictures(reading)
      if let sheets {
        let drawing = MaskDrawing(reading.classes)
        return try draw(sheets, evenly(reading.images), isFile: isFile, name: \.name) { image in
          let (picture, labels) = try pictures.files(of: image)
          return (picture, .map(labels, drawing))
        }
      }
      return try draw(
        evenly(reading.images), isFile: isFile, name: \.name,
        sheet: { try pictures.contactSheet(of: $0, columns: min(columns, $0.count)) },
        picture: { try pictures.picture(of: $0, isSideBySide: sideBySide) })
    }
    if sideBySide { throw ValidationError("--side-by-side wants label maps") }
    let reading = try source.read()
    let drawing = try AnnotationDrawing(reading, coloring: colors)
    if let sheets {
      let names = reading.set.classNames
      return try draw(sheets, evenly(reading.set.images), isFile: isFile, name: \.fileName) { image in
        let picture = try drawing.photograph(of: image)
        let labels = BoxLabels(of: image, in: reading.set, height: picture.height, width: picture.width)
        return (picture, .boxes(labels, names: names))
      }
    }
    try draw(
      evenly(reading.set.images), isFile: isFile, name: \.fileName,
      sheet: { try drawing.contactSheet(of: $0, columns: min(columns, $0.count)) },
      picture: { try drawing.picture(of: $0) })
  }

  /// Writes a sheet of views for each image, or all of them in one file.
  private func draw<Record>(
    _ sheets: ViewSheets, _ images: [Record], isFile: Bool, name: @escaping (Record) -> String,
    content: @escaping (Record) throws -> (picture: Image, labels: PartPictures.Labels)
  ) throws {
    func sheet(_ image: (offset: Int, element: Record)) throws -> Image {
      let (picture, labels) = try content(image.element)
      return sheets.sheet(of: picture, labels, number: image.offset)
    }
    try draw(
      Array(images.enumerated()), isFile: isFile, name: { name($0.element) },
      sheet: { try ViewSheets.stacked($0.map { (Path.name(of: name($0.element)), try sheet($0)) }) }, picture: sheet)
  }

  /// Writes a sheet of the images, or a picture of each.
  private func draw<Record>(
    _ images: [Record], isFile: Bool, name: (Record) -> String, sheet: ([Record]) throws -> Image,
    picture: (Record) throws -> Image
  ) throws {
    guard !images.isEmpty else { throw ToolFailure(description: "\(source.source): has no image to draw") }
    if dryRun { return report(images.map(name), leftOut: []) }
    if isFile {
      try Folder.create(Path.folder(of: output))
      try ImageFile.write(try sheet(images), to: output)
      return report(images.map(name), leftOut: [])
    }
    try Folder.create(output)
    var drawn: [String] = []
    var leftOut: [String] = []
    for image in images {
      do {
        let file = Path.withoutExtension(name(image)).replacing("/", with: "_") + ".jpg"
        try ImageFile.write(try picture(image), to: Path.join(output, file))
        drawn.append(name(image))
      } catch let error as AnnotationError {
        Output.message("left out: \(error)")
        leftOut.append(name(image))
      }
    }
    guard !drawn.isEmpty else { throw ToolFailure(description: "\(source.source): no picture could be drawn") }
    report(drawn, leftOut: leftOut)
  }

  private func report(_ images: [String], leftOut: [String]) {
    guard json else {
      Output.result("\(output): \(dryRun ? "would show " : "")\(images.count) images")
      return
    }
    let report: JSON = [
      "source": JSON(source.source), "output": JSON(output), "images": .array(images.map { JSON($0) }),
      "leftOut": .array(leftOut.map { JSON($0) }), "written": .bool(!dryRun),
    ]
    Output.result(report.serialized(pretty: true))
  }

  private func evenly<Record>(_ images: [Record]) -> [Record] {
    let wanted = min(count, images.count)
    return (0..<wanted).map { images[$0 * images.count / wanted] }
  }
}

extension AnnotationDrawing.Coloring: ExpressibleByArgument {}
