import Annotations
import ArgumentParser
import Documents
import Imaging

/// `annotation-tool draw`.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw boxes, class names and outlines on the pictures.",
    discussion: "The pictures are chosen evenly over the source. A missing or broken picture is left out and told.")

  @OptionGroup var source: SourceOptions

  @Option(help: "Folder for one picture an image, or a .png or .jpg file for a contact sheet.")
  var output: String

  @Option(help: "How many images to draw at most.")
  var count = 16

  @Flag(help: "One picture of all instead of one each.")
  var contactSheet = false

  @Option(help: "Columns of the contact sheet.")
  var columns = 4

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
    let reading = try source.read()
    let drawing = try AnnotationDrawing(reading)
    let chosen = evenly(reading.set.images)
    guard !chosen.isEmpty else { throw ToolFailure(description: "\(source.source): has no image to draw") }
    if isFile {
      try Folder.create(Path.folder(of: output))
      try ImageFile.write(try drawing.contactSheet(of: chosen, columns: min(columns, chosen.count)), to: output)
      Output.result("\(output): \(chosen.count) images")
      return
    }
    try Folder.create(output)
    var drawn = 0
    for image in chosen {
      do {
        let picture = try drawing.picture(of: image)
        let name = Path.withoutExtension(image.fileName).replacing("/", with: "_") + ".jpg"
        try ImageFile.write(picture, to: Path.join(output, name))
        drawn += 1
      } catch let error as AnnotationError { Output.message("left out: \(error)") }
    }
    guard drawn > 0 else { throw ToolFailure(description: "\(source.source): no picture could be drawn") }
    Output.result("\(output): \(drawn) images")
  }

  private func evenly(_ images: [ImageRecord]) -> [ImageRecord] {
    let wanted = min(count, images.count)
    return (0..<wanted).map { images[$0 * images.count / wanted] }
  }
}
