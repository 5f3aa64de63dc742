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

  private var place: OutputPlace {
    OutputPlace(path: output, sources: [source.source], force: force, isDry: dryRun)
  }

  mutating func run() throws {
    let isFile = ImageNames.isImage(output)
    if contactSheet, !isFile { throw ValidationError("--contact-sheet wants an --output that ends in .png or .jpg") }
    try place.requireFree()
    let sheets = views.map { ViewSheets($0, seed: seed, columns: columns) }
    if let reading = try masks.choice.read(source.place) {
      return try draw(
        reading, sheets, DrawnFiles(isFile: isFile, read: ReadFiles(maps: [reading], others: [masks.classes])))
    }
    if sideBySide { throw ValidationError("--side-by-side wants label maps") }
    let reading = try source.place.read()
    try draw(reading, sheets, DrawnFiles(isFile: isFile, read: ReadFiles([reading])))
  }

  /// What is written, and what was read.
  private struct DrawnFiles {
    let isFile: Bool
    let read: ReadFiles
  }

  private func draw(_ reading: SegmentationReading, _ sheets: ViewSheets?, _ files: DrawnFiles) throws {
    let pictures = MaskPictures(reading)
    let images = evenly(reading.images)
    if let sheets {
      let drawing = MaskDrawing(reading.classes)
      return try draw(sheets, images, files, name: \.name) { image in
        let (picture, labels) = try pictures.files(of: image)
        return (picture, .map(labels, drawing))
      }
    }
    try draw(
      images, files, name: \.name,
      sheet: { pictures.contactSheet(of: $0, columns: min(columns, $0.count), leavingOut: $1) },
      picture: { try pictures.picture(of: $0, isSideBySide: sideBySide) })
  }

  private func draw(_ reading: AnnotationReading, _ sheets: ViewSheets?, _ files: DrawnFiles) throws {
    let drawing = try AnnotationDrawing(reading, coloring: colors)
    let images = evenly(reading.set.images)
    if let sheets {
      let names = reading.set.classNames
      return try draw(sheets, images, files, name: \.fileName) { image in
        let picture = try drawing.photograph(of: image)
        let labels = BoxLabels(of: image, in: reading.set, height: picture.height, width: picture.width)
        return (picture, .boxes(labels, names: names))
      }
    }
    try draw(
      images, files, name: \.fileName,
      sheet: { drawing.contactSheet(of: $0, columns: min(columns, $0.count), leavingOut: $1) },
      picture: { try drawing.picture(of: $0) })
  }

  /// Writes a sheet of views for each image, or all of them in one file.
  private func draw<Record>(
    _ sheets: ViewSheets, _ images: [Record], _ files: DrawnFiles, name: @escaping (Record) -> String,
    content: @escaping (Record) throws -> (picture: Image, labels: PartPictures.Labels)
  ) throws {
    func sheet(_ image: (offset: Int, element: Record)) throws -> Image {
      let (picture, labels) = try content(image.element)
      return sheets.sheet(of: picture, labels, number: image.offset)
    }
    try draw(
      Array(images.enumerated()), files, name: { name($0.element) },
      sheet: { images, leaveOut in
        var drawn: [(String, Image)] = []
        for image in images {
          do { drawn.append((Path.name(of: name(image.element)), try sheet(image))) } catch let error as AnnotationError
          {
            leaveOut(image, error)
          }
        }
        return ViewSheets.stacked(drawn)
      }, picture: sheet)
  }

  /// Writes a sheet of the images, or a picture of each; what cannot be drawn is left out and told.
  private func draw<Record>(
    _ images: [Record], _ files: DrawnFiles, name: @escaping (Record) -> String,
    sheet: ([Record], (Record, AnnotationError) -> Void) throws -> Image, picture: (Record) throws -> Image
  ) throws {
    guard !images.isEmpty else { throw ToolFailure(description: "\(source.source): has no image to draw") }
    var taken = ResultNames()
    // The folders of images stay in the names of their pictures.
    let names = images.map { taken.next(name($0).replacing("/", with: "_")) + ".jpg" }
    let refusals = try place.refusals(files.read, names: files.isFile ? [] : names)
    if dryRun { return report(images.map(name), leftOut: [], refusals) }
    var leftOut: [String] = []
    func leaveOut(_ image: Record, _ error: AnnotationError) {
      Output.message("left out: \(error)")
      leftOut.append(name(image))
    }
    if files.isFile {
      let drawn = try sheet(images, leaveOut)
      try requireDrawn(images.count - leftOut.count)
      try Folder.create(Path.folder(of: output))
      try ImageFile.write(drawn, to: output)
    } else {
      try Folder.create(output)
      for (image, file) in zip(images, names) {
        do { try ImageFile.write(try picture(image), to: Path.join(output, file)) } catch let error as AnnotationError {
          leaveOut(image, error)
        }
      }
      try requireDrawn(images.count - leftOut.count)
    }
    let missing = Set(leftOut)
    report(images.map(name).filter { !missing.contains($0) }, leftOut: leftOut)
  }

  private func requireDrawn(_ count: Int) throws {
    guard count > 0 else { throw ToolFailure(description: "\(source.source): no picture could be drawn") }
  }

  private func report(_ images: [String], leftOut: [String], _ refusals: [String] = []) {
    guard json else {
      Output.result("\(output): \(dryRun ? "would show " : "")\(images.count) images")
      return Output.refusals(refusals)
    }
    let report: JSON = [
      "source": JSON(source.source), "output": JSON(output), "images": .array(images.map { JSON($0) }),
      "leftOut": .array(leftOut.map { JSON($0) }), "refusals": .array(refusals.map { JSON($0) }),
      "written": .bool(!dryRun),
    ]
    Output.result(report.serialized(pretty: true))
  }

  private func evenly<Record>(_ images: [Record]) -> [Record] {
    let wanted = min(count, images.count)
    return (0..<wanted).map { images[$0 * images.count / wanted] }
  }
}

extension AnnotationDrawing.Coloring: ExpressibleByArgument {}
