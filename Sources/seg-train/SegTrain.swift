import Annotations
import ArgumentParser
import SemiSupervision
import Training
import TrainingProgram

/// The program `seg-train`: trains a semantic segmenter.
struct SegTrain: TrainingCommand {
  typealias Comparison = SegmentationComparison

  static let configuration = CommandConfiguration(
    commandName: "seg-train",
    abstract: "Trains a semantic segmenter, which gives every pixel a class, on photographs with masks.",
    usage: """
      seg-train
      seg-train --labeled SRC [--labeled-masks DIR] [--unlabeled PATH] [--validation SRC] [--test SRC] \
      [--method NAME] [--recipe NAME] [--output DIR] …
      seg-train --resume RUN
      seg-train --compare METHOD,METHOD,… [--seeds N] [--steps N | --minutes M] --labeled SRC … [--recipe NAME] --output DIR
      seg-train --compare RUN RUN … --output DIR
      """,
    discussion: """
      Without arguments it draws a demo set, trains a supervised baseline and ST++ on a tenth of its masks, and compares \
      them. SRC is a folder of images with --labeled-masks DIR for PNG masks of the same names, a folder with images/ and \
      masks/, a VOC folder (JPEGImages/, SegmentationClass/, ImageSets/), a text file with `image mask` on each line, or \
      COCO JSON with outlines. Masks are palette or grey PNG files whose numbers are classes; --classes FILE names them, a \
      line each. To begin: seg-train --labeled DIR --labeled-masks DIR --unlabeled DIR --validation DIR \
      --validation-masks DIR --recipe masks-small --method st++
      --set pretraining.kind=cpc has the encoder learn all images without labels first, whatever the method.
      Exit code 0: done. 1: bad input or a failed run, with one line on standard error. 64: wrong arguments. 130: stopped \
      by a signal after saving; a second signal stops at once.
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Masks") var masks: MaskOptions
  @OptionGroup(title: "What to train, and how") var recipe: RecipeOptions<SegmentationMethods>
  @OptionGroup(title: "The run") var options: RunOptions
  @OptionGroup(title: "A comparison") var comparison: ComparisonOptions
  /// What `--batch auto` starts: takes steps of the settings in a file and says what memory they took.
  @Option(help: .hidden) var measureStep: String?

  var hasNoOtherData: Bool { masks.isEmpty }

  func runDemo() throws { try Demo.run(options) }

  func measure(_ method: String, _ document: SettingsDocument) throws {
    try measure(settings(of: method), document)
  }

  func start(_ method: String, _ document: SettingsDocument?, output: String) throws {
    try start(settings(of: method), document, output)
  }

  func resume(_ method: String, _ folder: RunFolder, _ document: SettingsDocument) throws {
    try resume(settings(of: method), folder, document)
  }

  func compared(_ method: String, _ entry: ComparedEntry) throws -> any ComparedMethod {
    try compared(settings(of: method), entry)
  }

  /// The settings of a method, whose name is known to be one.
  private func settings(of method: String) -> any SegmentationMethodSettings.Type {
    SegmentationMethods.settings(named: method) ?? SupervisedSegmentation.Settings.self
  }

  private func start<Method: SegmentationMethodSettings>(
    _: Method.Type, _ document: SettingsDocument?, _ output: String
  ) throws {
    let session = try TrainingSession<SegmentationRun<Method>>(document, recipe: recipe, data: data, run: options) {
      masks.apply(to: &$0.masks)
    }
    try session.start(options, output: output)
  }

  private func compared<Method: SegmentationMethodSettings>(
    _: Method.Type, _ entry: ComparedEntry
  ) throws -> any ComparedMethod {
    try ComparedTraining<SegmentationRun<Method>>(entry, recipe: recipe, data: data, run: options) {
      masks.apply(to: &$0.masks)
    }
  }

  private func measure<Method: SegmentationMethodSettings>(_: Method.Type, _ document: SettingsDocument) throws {
    try TrainingSession<SegmentationRun<Method>>(document: document, workers: nil).measureStep()
  }

  private func resume<Method: SegmentationMethodSettings>(
    _: Method.Type, _ folder: RunFolder, _ document: SettingsDocument
  ) throws {
    try TrainingSession<SegmentationRun<Method>>(document: document, workers: options.workers).resume(folder)
  }
}

/// Where masks are, and what their numbers mean.
struct MaskOptions: ParsableArguments {
  @Option(help: ArgumentHelp("PNG masks of the labelled images, by the images' names.", valueName: "DIR"))
  var labeledMasks: String?
  @Option(help: ArgumentHelp("Those of the validation images.", valueName: "DIR")) var validationMasks: String?
  @Option(help: ArgumentHelp("Those of the test images.", valueName: "DIR")) var testMasks: String?
  @Option(help: ArgumentHelp("Hidden ones of the unlabelled images, for --audit.", valueName: "DIR"))
  var auditMasks: String?
  @Option(
    help: ArgumentHelp(
      "Which classes unlabelled images show, for methods that learn it: COCO JSON, of which boxes are not read, or CSV lines image,class.",
      valueName: "FILE"))
  var imageTags: String?
  @Option(
    help: ArgumentHelp(
      "The classes, one a line: a name, or a number and a name; a colour may follow (#RRGGBB). By default classes.txt near the images.",
      valueName: "FILE"))
  var classes: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Numbers in masks of pixels that are nobody's; by default 255.", valueName: "N"))
  var ignoreID: [Int] = []
  @Option(
    help: ArgumentHelp(
      "The numbers in masks that stand for the classes in their order, such as 0,255.", valueName: "N,N,…"))
  var maskValues: String?

  /// Whether none of the flags is given.
  var isEmpty: Bool {
    [labeledMasks, validationMasks, testMasks, auditMasks, imageTags, classes, maskValues].allSatisfy { $0 == nil }
      && ignoreID.isEmpty
  }

  func validate() throws {
    if let id = ignoreID.first(where: { !(0...255).contains($0) }) {
      throw ValidationError("--ignore-id \(id): a number between 0 and 255 is wanted.")
    }
    if let maskValues, values == nil {
      throw ValidationError("--mask-values \(maskValues): numbers between 0 and 255 with commas between are wanted.")
    }
  }

  private var values: [Int]? { maskValues.flatMap { ClassTable.maskValues(parsing: $0) } }

  /// Puts the flags over settings.
  func apply(to masks: inout MaskInputs) {
    masks.labeled = labeledMasks ?? masks.labeled
    masks.validation = validationMasks ?? masks.validation
    masks.test = testMasks ?? masks.test
    masks.audit = auditMasks ?? masks.audit
    masks.imageTags = imageTags ?? masks.imageTags
    masks.classes = classes ?? masks.classes
    if !ignoreID.isEmpty { masks.ignoreIds = ignoreID }
    masks.values = values ?? masks.values
  }
}

@main
enum Program {
  static func main() { SegTrain.runProgram() }
}
