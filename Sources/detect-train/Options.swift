import ArgumentParser
import SemiSupervision
import Torch
import Training

/// Where images and labels come from.
struct DataOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Labelled images.", valueName: "SRC")) var labeled: String?
  @Option(help: ArgumentHelp("Their folder, where the labels do not lead to it.", valueName: "DIR"))
  var labeledImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) var labeledList: String?
  @Option(
    help: ArgumentHelp(
      "Unlabelled images: a folder, a glob pattern, a text list, or labels, which are not read.", valueName: "PATH"))
  var unlabeled: String?
  @Option(help: ArgumentHelp("Their folder, where a list or labels do not lead to it.", valueName: "DIR"))
  var unlabeledImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) var unlabeledList: String?
  @Option(
    help: ArgumentHelp(
      "Hidden labels of unlabelled images, to measure pseudo-boxes by; nothing is trained on them.", valueName: "SRC"))
  var audit: String?
  @Option(help: ArgumentHelp("The folder of their images.", valueName: "DIR")) var auditImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) var auditList: String?
  @Flag(help: "Leaves unlabelled images out that are also in validation or test, instead of refusing them.")
  var excludeHeldOut = false
  @Option(help: ArgumentHelp("Labelled images that select the best weights.", valueName: "SRC")) var validation: String?
  @Option(help: ArgumentHelp("Their folder.", valueName: "DIR")) var validationImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) var validationList: String?
  @Option(help: ArgumentHelp("Labelled images that are judged once, at the end.", valueName: "SRC")) var test: String?
  @Option(help: ArgumentHelp("Their folder.", valueName: "DIR")) var testImages: String?
  @Option(help: ArgumentHelp("A list that names a subset of them.", valueName: "TXT")) var testList: String?

  /// Whether none of the flags is given.
  var isEmpty: Bool {
    [
      labeled, labeledImages, labeledList, unlabeled, unlabeledImages, unlabeledList, validation, validationImages,
      validationList, test, testImages, testList, audit, auditImages, auditList,
    ].allSatisfy { $0 == nil }
  }

  func validate() throws {
    for (name, source, images, list) in [
      ("labeled", labeled, labeledImages, labeledList), ("unlabeled", unlabeled, unlabeledImages, unlabeledList),
      ("validation", validation, validationImages, validationList),
      ("test", test, testImages, testList), ("audit", audit, auditImages, auditList),
    ] where source == nil && (images != nil || list != nil) {
      throw ValidationError("--\(name)-images and --\(name)-list want --\(name) beside them.")
    }
  }

  /// Puts the sources into a run's settings.
  func apply(to run: inout RunInputs) {
    run.labeled = LabelSource(source: labeled, images: labeledImages, list: labeledList)
    run.unlabeled = LabelSource(source: unlabeled, images: unlabeledImages, list: unlabeledList)
    run.audit = LabelSource(source: audit, images: auditImages, list: auditList)
    run.excludeHeldOut = excludeHeldOut
    run.validation = LabelSource(source: validation, images: validationImages, list: validationList)
    run.test = LabelSource(source: test, images: testImages, list: testList)
  }
}

/// What is trained.
struct RecipeOptions: ParsableArguments {
  @Option(help: "The way of learning; see --list-methods.") var method: String?
  @Option(help: ArgumentHelp("Settings: a built-in recipe or a YAML file.", valueName: "NAME|FILE"))
  var recipe: String?
  @Option(help: ArgumentHelp("One setting, such as optimizer.learning_rate=0.01; repeatable.", valueName: "KEY=VALUE"))
  var set: [String] = []
  @Option(
    help: ArgumentHelp("First weights: a detector's or a backbone's .pth or .safetensors.", valueName: "FILE"))
  var weights: String?
  @Flag(help: "With --weights: keep everything but the class and box predictor, for classes of one's own.")
  var replacePredictor = false
  @Flag(help: "Show the methods.") var listMethods = false
  @Flag(help: "Show the built-in recipes.") var listRecipes = false

  func validate() throws {
    if replacePredictor, weights == nil {
      throw ValidationError("--replace-predictor wants --weights FILE, whose predictor it replaces.")
    }
    if let method, DetectionMethods.settings(named: method) == nil {
      throw ValidationError("--method \(method): there is \(DetectionMethods.names.joined(separator: ", ")).")
    }
  }

  /// The assignment that says one of the keys, if one does.
  func assignment(ofAny keys: [String]) -> String? {
    self.set.first { assignment in
      guard let document = try? SettingsDocument(assignment: assignment) else { return false }
      return keys.contains { document.text(at: $0) != nil }
    }
  }

  /// Whether anything but a list is asked for.
  var isGiven: Bool { method != nil || recipe != nil || !set.isEmpty || weights != nil }

  /// The recipe; of a built-in one the form for `--method`, where that is another than the recipe's own.
  func document() throws -> SettingsDocument? {
    guard let recipe else { return nil }
    let document = try Recipes.document(recipe)
    guard let method, document.text(at: "method.name") ?? method != method else { return document }
    guard Recipes.names.contains("\(recipe)-\(method)") else {
      throw ValidationError(
        "--recipe \(recipe) is for the method \(document.text(at: "method.name") ?? ""), not for \(method).")
    }
    return try Recipes.document("\(recipe)-\(method)")
  }

  /// The settings of the method that a recipe and `--method` name.
  func method(of document: SettingsDocument?) throws -> any DetectionMethodSettings.Type {
    let name = document?.text(at: "method.name") ?? method ?? Supervised.name
    guard let found = DetectionMethods.settings(named: name) else {
      throw ValidationError(
        "method '\(name)' is not known; there is \(DetectionMethods.names.joined(separator: ", ")).")
    }
    return found
  }

  var methodList: String {
    DetectionMethods.all.map { method in "\(method.init().name)  \(method.summary)" }.joined(separator: "\n")
  }
  var recipeList: String { Recipes.summaries.map { "\($0.name)  \($0.summary)" }.joined(separator: "\n") }
}

/// Where and how it runs.
struct RunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The run's folder; by default a new one under runs/.", valueName: "DIR"))
  var output: String?
  @Option(help: ArgumentHelp("Goes on with a run that was stopped; stands alone.", valueName: "RUN"))
  var resume: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Puts finished runs side by side: a table, comparison.json and a page of pictures in --output.", valueName: "RUN")
  )
  var compare: [String] = []
  @Option(help: "cpu, cuda or cuda:N.") var device: String?
  @Option(
    help:
      "What the network computes in while it trains: float32, bfloat16, float16 (GPUs) or auto (bfloat16 where it is fast)."
  )
  var precision: Precision?
  @Option(help: "Decides everything random.") var seed: UInt64?
  @Option(help: "Length of the run; times of the recipe are scaled to it.") var steps: Int?
  @Option(
    help: ArgumentHelp(
      "Images a step, labelled and unlabelled in the recipe's ratio; auto: as many as fit into memory. Steps and learning rate stay.",
      valueName: "N|auto"))
  var batch: String?
  @Option(
    help: ArgumentHelp(
      "Images in memory at a time: a step's are taken in micro-batches of so many, and move the weights once; auto: as many as fit.",
      valueName: "N|auto"))
  var microBatch: String?
  @Option(help: "Threads of the engine; by default one for each core.") var threads: Int?
  @Option(help: "Threads that decode images.") var workers: Int?
  @Option(help: ArgumentHelp("Trains and judges on the first N labelled images alone.", valueName: "N"))
  var overfit: Int?
  @Flag(help: "Shows at the end where the time of the steps went, beside the least that their work takes.")
  var profile = false
  @Flag(help: "One step, one evaluation, one save, one resume; shows the resolved plan.") var dryRun = false
  @Flag(help: "Shows in words what the run would do, and the resolved settings, and ends.") var explain = false

  func validate() throws {
    for (name, value) in [("steps", steps), ("threads", threads), ("overfit", overfit)] {
      if let value, value < 1 { throw ValidationError("--\(name) \(value): a number of 1 or more is wanted.") }
    }
    for (name, value) in [("batch", batch), ("micro-batch", microBatch)] {
      if let value, BatchOption(value) == nil {
        throw ValidationError("--\(name) \(value): a number of 1 or more, or auto, is wanted.")
      }
    }
    if batch == "auto", microBatch != nil {
      throw ValidationError("--batch auto takes a step's images at once; --micro-batch contradicts it.")
    }
    if let workers, workers < 0 { throw ValidationError("--workers \(workers): a number of 0 or more is wanted.") }
    if let device, Device(device) == nil {
      throw ValidationError("--device \(device): cpu, cuda or cuda:N is wanted.")
    }
  }

  /// Whether anything is said that a run's folder says itself.
  var saysAnythingOfARun: Bool { output != nil || saysAnythingButOutput }

  /// Whether anything is said about a run beside its folder and its workers.
  var saysAnythingButOutput: Bool {
    seed != nil || steps != nil || batch != nil || microBatch != nil || overfit != nil || dryRun || explain
      || device != nil
      || threads != nil || precision != nil || profile
  }

  /// Puts the flags over settings.
  func apply(to run: inout RunInputs, trainer: inout TrainerSettings) {
    run.device = device ?? run.device
    run.precision = precision ?? run.precision
    run.seed = seed ?? run.seed
    run.threads = threads ?? Engine.processorCount
    run.workers = workers ?? run.workers
    run.overfit = overfit ?? 0
    // Settings of a run, given as a recipe, say themselves which length their times were made for.
    if run.recipeSteps == 0 { run.recipeSteps = trainer.steps }
    trainer.steps = steps ?? trainer.steps
  }
}

extension Precision: ExpressibleByArgument {}
