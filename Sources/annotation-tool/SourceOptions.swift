import Annotations
import ArgumentParser

/// The options that say which labels are meant.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "File or folder of labels or label maps in any form that `annotation-tool formats` lists.",
      valueName: "src"))
  var source: String

  @Option(
    name: [.customLong("images"), .customLong("images-root")],
    help: "Folder that image names are relative to; found near SRC otherwise.")
  var images: String?

  @Option(
    help:
      "Text file of image names to take, one a line, extension optional; for a VOC folder also a name in ImageSets."
  )
  var list: String?

  @Option(help: "Form of the source, where it shall not be found out.")
  var from: AnnotationFormat?

  @OptionGroup var reading: ReadingFlags

  /// The source, as a value.
  var place: LabelSource {
    LabelSource(path: source, images: images, list: list, form: from, reading)
  }
}

extension AnnotationFormat: ExpressibleByArgument {}
