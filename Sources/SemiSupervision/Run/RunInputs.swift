import Training

/// What the command line decides about a run; kept with it so that it can be repeated and resumed.
public struct RunInputs: Settings {
  /// Decides everything random.
  public var seed: UInt64 = 1
  /// Where the run computes.
  public var device = "cpu"
  /// What the network computes in while it trains; `auto` until the run begins.
  public var precision = Precision.auto
  /// Threads of the engine.
  public var threads = 2
  /// Threads that decode images.
  public var workers = 2
  /// The recipe's own number of steps, by which times are scaled when `trainer.steps` differs.
  public var recipeSteps = 0
  /// The recipe's own images a step, by which times are scaled when the method's number differs; 0 for the method's.
  public var recipeStepImages = 0
  /// Trains and judges on the first images of the labelled set alone; 0 for all.
  public var overfit = 0
  /// Labelled images.
  public var labeled = LabelSource()
  /// Unlabelled images: a folder, a glob pattern, a text list, or labels that are not read.
  public var unlabeled = LabelSource()
  /// The labels of unlabelled images, for an audit of the pseudo-boxes alone.
  public var audit = LabelSource()
  /// Leaves unlabelled images out that are also held out, which is an error otherwise.
  public var excludeHeldOut = false
  /// Held-out images that select the best checkpoint.
  public var validation = LabelSource()
  /// Held-out images that are judged once, at the end.
  public var test = LabelSource()

  /// The defaults.
  public init() {}

  /// Counts.
  public var rules: [SettingsRule] {
    [
      SettingsRule("threads", threads >= 1, "1 or more"), SettingsRule("workers", workers >= 0, "0 or more"),
      SettingsRule("overfit", overfit >= 0, "0 or more"),
      SettingsRule("recipe_step_images", recipeStepImages >= 0, "0 or more"),
    ]
  }
}

/// A source of labels as the command line names it.
public struct LabelSource: Settings {
  /// A COCO JSON file, a VOC folder, a VOC JSON file or a folder of LabelMe's JSON; empty for none.
  public var source = ""
  /// The folder of the images; empty for where the source says.
  public var images = ""
  /// A list of image names that choose a subset; empty for all.
  public var list = ""

  /// No source.
  public init() {}

  /// A source with its images and its list; nil for what is not given.
  public init(source: String?, images: String?, list: String?) {
    self.source = source ?? ""
    self.images = images ?? ""
    self.list = list ?? ""
  }

  /// Whether there is a source.
  public var isGiven: Bool { !source.isEmpty }
}
