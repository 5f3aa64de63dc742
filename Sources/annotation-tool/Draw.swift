import Annotations
import ArgumentParser
import Documents
import Imaging

/// `annotation-tool draw`.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw boxes, class names and outlines, or label maps with a legend, on the pictures.",
    discussion: "The pictures are chosen evenly over the source. A missing or broken picture is left out and told.")

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

  @Flag(help: "Write over what exists.")
  var force = false

  mutating func validate() throws {
    guard count > 0 else { throw ValidationError("--count is \(count), not 1 or more") }
    guard (1...100).contains(columns) else { throw ValidationError("--columns is \(columns), not 1 to 100") }
  }

  mutating func run() throws {
    let isFile = ["png", "jpg", "jpeg"].contains(Path.extension(of: output))
    if contactSheet, !isFile { throw ValidationError("--contact-sheet wants an --output that ends in .png or .jpg") }
    try Output.requireFree(output, force: force, source: source.source)
    if let reading = try masks.read(source) {
      let pictures = MaskPictures(reading)
      return try draw(
        evenly(reading.images), isFile: isFile, name: \.name,
        sheet: { try pictures.contactSheet(of: $0, columns: min(columns, $0.count)) },
        picture: { try pictures.picture(of: $0, isSideBySide: sideBySide) })
    }
    if sideBySide { throw ValidationError("--side-by-side wants label maps") }
    let reading = try source.read()
    let drawing = try AnnotationDrawing(reading)
    try draw(
      evenly(reading.set.images), isFile: isFile, name: \.fileName,
      sheet: { try drawing.contactSheet(of: $0, columns: min(columns, $0.count)) },
      picture: { try drawing.picture(of: $0) })
  }

  /// Writes a sheet of the images, or a picture of each.
  private func draw<Record>(
    _ images: [Record], isFile: Bool, name: (Record) -> String, sheet: ([Record]) throws -> Image,
    picture: (Record) throws -> Image
  ) throws {
    guard !images.isEmpty else { throw ToolFailure(description: "\(source.source): has no image to draw") }
    if isFile {
      try Folder.create(Path.folder(of: output))
      try ImageFile.write(try sheet(images), to: output)
      Output.result("\(output): \(images.count) images")
      return
    }
    try Folder.create(output)
    var drawn = 0
    for image in images {
      do {
        let file = Path.withoutExtension(name(image)).replacing("/", with: "_") + ".jpg"
        try ImageFile.write(try picture(image), to: Path.join(output, file))
        drawn += 1
      } catch let error as AnnotationError { Output.message("left out: \(error)") }
    }
    guard drawn > 0 else { throw ToolFailure(description: "\(source.source): no picture could be drawn") }
    Output.result("\(output): \(drawn) images")
  }

  private func evenly<Record>(_ images: [Record]) -> [Record] {
    let wanted = min(count, images.count)
    return (0..<wanted).map { images[$0 * images.count / wanted] }
  }
}
