import ArgumentParser
import Documents

/// Where images come from and where results go.
struct FileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder, a glob pattern, an image, a text list, or labels (COCO JSON, VOC, LabelMe) for their images.",
      valueName: "PATH"))
  var images: String
  @Option(help: ArgumentHelp("The folder of the images where a list or labels do not lead to it.", valueName: "DIR"))
  var imageFolder: String?
  @Option(help: ArgumentHelp("A list that names a subset of the images.", valueName: "TXT")) var imageList: String?
  @Option(help: ArgumentHelp("A new folder for the results.", valueName: "DIR")) var output: String
  @Flag(help: "Writes over results that are there.") var force = false
  @Flag(help: "Draws no pictures.") var noPictures = false

  /// Makes the output folder; one that holds anything is refused without `--force`.
  func prepareOutput() throws {
    if Folder.hasFile(output) { throw PredictError(description: "\(output): is a file, wanted is a folder") }
    if !force, Folder.exists(output), try !Folder.names(in: output).isEmpty {
      throw PredictError(description: "\(output): is not empty; --force writes over it")
    }
    try Folder.create(output)
  }
}
