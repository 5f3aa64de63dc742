import ArgumentParser
import SemiSupervision

/// Where images and labels come from.
package struct DataOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Labelled images.", valueName: "SRC")) package var labeled: String?
  @Option(help: ArgumentHelp("Their folder, where the labels do not lead to it.", valueName: "DIR"))
  package var labeledImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) package var labeledList: String?
  @Option(
    help: ArgumentHelp(
      "Unlabelled images: a folder, a glob pattern, a text list, or labels, which are not read.", valueName: "PATH"))
  package var unlabeled: String?
  @Option(help: ArgumentHelp("Their folder, where a list or labels do not lead to it.", valueName: "DIR"))
  package var unlabeledImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) package var unlabeledList:
    String?
  @Option(
    help: ArgumentHelp(
      "Hidden labels of unlabelled images, to measure pseudo-labels by; nothing is trained on them.", valueName: "SRC"))
  package var audit: String?
  @Option(help: ArgumentHelp("The folder of their images.", valueName: "DIR")) package var auditImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) package var auditList: String?
  @Flag(help: "Leaves unlabelled images out that are also in validation or test, instead of refusing them.")
  package var excludeHeldOut = false
  @Option(help: ArgumentHelp("Labelled images that select the best weights.", valueName: "SRC")) package var validation:
    String?
  @Option(help: ArgumentHelp("Their folder.", valueName: "DIR")) package var validationImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) package var validationList:
    String?
  @Option(help: ArgumentHelp("Labelled images that are judged once, at the end.", valueName: "SRC")) package var test:
    String?
  @Option(help: ArgumentHelp("Their folder.", valueName: "DIR")) package var testImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) package var testList: String?

  /// No flags.
  package init() {}

  /// Whether none of the flags is given.
  package var isEmpty: Bool {
    [
      labeled, labeledImages, labeledList, unlabeled, unlabeledImages, unlabeledList, validation, validationImages,
      validationList, test, testImages, testList, audit, auditImages, auditList,
    ].allSatisfy { $0 == nil }
  }

  /// Whether the flags fit together.
  package func validate() throws {
    for (name, source, images, list) in [
      ("labeled", labeled, labeledImages, labeledList), ("unlabeled", unlabeled, unlabeledImages, unlabeledList),
      ("validation", validation, validationImages, validationList),
      ("test", test, testImages, testList), ("audit", audit, auditImages, auditList),
    ] where source == nil && (images != nil || list != nil) {
      throw ValidationError("--\(name)-images and --\(name)-list want --\(name) beside them.")
    }
  }

  /// Puts the sources into a run's settings.
  package func apply(to run: inout RunInputs) {
    run.labeled = LabelSource(source: labeled, images: labeledImages, list: labeledList)
    run.unlabeled = LabelSource(source: unlabeled, images: unlabeledImages, list: unlabeledList)
    run.audit = LabelSource(source: audit, images: auditImages, list: auditList)
    run.excludeHeldOut = excludeHeldOut
    run.validation = LabelSource(source: validation, images: validationImages, list: validationList)
    run.test = LabelSource(source: test, images: testImages, list: testList)
  }
}
