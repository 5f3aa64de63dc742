import Annotations
import ArgumentParser

/// The options that say how several sources of labels are read; those that name a place may differ from source to source.
struct SeveralSources: ParsableArguments {
  @Option(
    name: [.customLong("images"), .customLong("images-root")],
    help: "Folder that image names are relative to: once for all sources, or once for each in their order.")
  var images: [String] = []

  @Option(help: "Form of the sources, where it shall not be found out: once for all, or once for each.")
  var from: [AnnotationFormat] = []

  @OptionGroup var reading: ReadingFlags

  @OptionGroup(title: "Label maps") var numbers: MaskNumberOptions

  @Option(
    help: ArgumentHelp(
      "Folder of PNG label maps, called as the images: once for all sources, or once for each.", valueName: "DIR"))
  var masks: [String] = []

  @Option(
    name: [.customLong("classes"), .customLong("class-table")],
    help: ArgumentHelp(
      "Classes of label maps: once for all sources, or once for each; classes.txt near each otherwise.",
      valueName: "FILE"))
  var classes: [String] = []

  /// Refuses options that are given neither once nor for each source.
  func require(count: Int) throws {
    let given = [
      ("--images", images.count), ("--from", from.count), ("--masks", masks.count), ("--classes", classes.count),
    ]
    for (name, times) in given where times > 1 && times != count {
      throw ValidationError("\(name) is given \(times) times for \(count) sources; wanted is once, or for each")
    }
  }

  /// Reads the source at a place among all, label maps as objects; tells what was noticed.
  func read(_ path: String, at place: Int) throws -> AnnotationReading {
    let source = LabelSource(
      path: path, images: Self.value(images, at: place), form: Self.value(from, at: place), reading)
    return try source.read(
      numbers.choice(masks: Self.value(masks, at: place), classes: Self.value(classes, at: place)))
  }

  private static func value<Value>(_ values: [Value], at place: Int) -> Value? {
    values.count > 1 ? values[place] : values.first
  }
}
