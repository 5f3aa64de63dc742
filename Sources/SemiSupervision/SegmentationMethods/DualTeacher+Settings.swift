import Reporting
import Samples
import Segmentation
import Training
import Views

extension DualTeacher {
  /// Whose numbers the method has by default.
  public enum Preset: String, Codable, CaseIterable, Sendable {
    /// The released code.
    case released
    /// The paper, where its text and its code differ.
    case paper

    /// The defaults of a run with it.
    var defaults: SegmentationSettings<Settings> {
      var run = SegmentationSettings<Settings>()
      run.method.preset = self
      if self == .paper { (run.method.order, run.method.implicitView, run.method.dropsAlways) = (.drawn, .weak, false) }
      return run
    }
  }

  /// What of the method can be set; the defaults are those of `released`.
  public struct Settings: Training.Settings {
    /// The method's name, by which a recipe chooses it.
    public var name = DualTeacher.name
    /// Whose numbers other keys have by default.
    public var preset = Preset.released
    /// Labelled images a step.
    public var labeledImages = 8
    /// Unlabelled images a step.
    public var unlabeledImages = 8
    /// The loss of mixed images beside that of labelled ones.
    public var unlabeledWeight = 1.0
    /// How many teachers take turns.
    public var teachers = 2
    /// Images seen in a turn; 0 for one pass over the labelled images.
    public var turnImages = 0
    /// Which mixes there are.
    public var pool = Pool.both
    /// Whether mixes follow one another or are drawn, never the same twice in a row.
    public var order = Order.alternating
    /// Rectangles of other images.
    public var cutMix = CutMixSettings.beta
    /// Probability from which a pixel is sure.
    public var threshold = 0.95
    /// Whether the threshold stays, or follows what pixels are like.
    public var thresholdPolicy = PixelThresholdSettings()
    /// Whether a pixel with a pseudo-label counts by its class, too, as `loss.balance` has labelled ones do: rare classes are learnt more,
    /// and so is what is taken for one of them by mistake.
    public var balancesPseudoLabels = false
    /// What sureness does to the loss of mixed images.
    public var weighting = PixelWeighting.imageShare
    /// Images seen over which the teacher on duty remembers the student (0.99 at 16 images a step).
    public var memoryImages = 1600
    /// Whether a teacher begins as the student with each of its turns.
    public var restarts = true
    /// The loss of the sub-model beside that of labelled images; 0 for none.
    public var implicitWeight = 0.2
    /// How likely the last residual branch is left out of the sub-model; earlier ones less, the first never.
    public var dropPath = 0.1
    /// What the sub-model sees.
    public var implicitView = ImplicitView.strong
    /// Whether branches are left out in all passes of the student.
    public var dropsAlways = true

    /// Which mixes there are.
    public enum Pool: String, Codable, CaseIterable, Sendable {
      case both
      case cutMix = "cutmix"
      case classMix = "classmix"

      var mixes: [PoolMix] { self == .both ? [.cutMix, .classMix] : self == .cutMix ? [.cutMix] : [.classMix] }
    }

    /// How mixes follow one another.
    public enum Order: String, Codable, CaseIterable, Sendable {
      case alternating, drawn
    }

    /// What the sub-model sees.
    public enum ImplicitView: String, Codable, CaseIterable, Sendable {
      case weak, strong
    }

    /// The defaults.
    public init() {}

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      unlabeledRules + [
        SettingsRule("name", name == DualTeacher.name, "'\(DualTeacher.name)'"),
        SettingsRule("teachers", (1...8).contains(teachers), "between 1 and 8"),
        SettingsRule("turn_images", turnImages >= 0, "0 or more"),
        SettingsRule("threshold", (0...1).contains(threshold), "between 0 and 1"),
        SettingsRule("memory_images", memoryImages >= 1, "1 or more"),
        SettingsRule("implicit_weight", implicitWeight >= 0, "0 or more"),
        SettingsRule("drop_path", (0..<1).contains(dropPath), "in 0..<1"),
      ]
    }
  }
}

extension DualTeacher.Settings: UnlabeledPixelSettings {
  /// For `--list-methods`.
  public static var summary: String {
    "Dual Teacher (Na et al. 2023): two averages that begin anew take turns as teachers, each with another mix; a thinned student must agree."
  }

  /// Numbers of the paper.
  public static var choicesOfRun: [SettingsChoice] {
    [SettingsChoice("method.preset", of: DualTeacher.Preset.self, defaults: \.defaults)]
  }

  /// By the mix whose turn it is.
  public var mixesImages: Bool { true }

  /// Pseudo-labels go with views that are moved.
  public var viewPolicies: Set<ViewPolicy> { [.sda, .randaugment] }

  /// What is learnt, and what is judged.
  public func plan(for length: RunLength) -> [String] {
    let turn = length.images(turnImages)
    let mixes = pool == .both ? "CutMix and ClassMix, \(order.rawValue)" : pool == .cutMix ? "CutMix" : "ClassMix"
    return [
      "learns: a weak view of each labelled image; mixed strong views of unlabelled ones with a teacher's labels, times \(NumberText.short(unlabeledWeight))",
      "teachers: \(teachers), in turns of " + (turn > 0 ? "\(turn) images" : "one pass over the labelled images")
        + "; each "
        + AverageMemory.plan(memoryImages: memoryImages, for: length)
        + (restarts ? ", and begins as the student with its turn" : ""),
      "mixes: \(mixes), another with each turn",
      "pseudo-labels: sure are " + thresholdPolicy.plan(threshold: threshold, for: length) + "; \(weighting.plan)",
      implicitWeight > 0
        ? "implicit consistency: the student without up to \(NumberText.short(100 * dropPath)) % of its last branches learns the sure pixels in "
          + "\(implicitView.rawValue) views, times \(NumberText.short(implicitWeight))"
        : "without implicit consistency",
      "judged is the student",
    ]
  }

  /// The method on a network.
  public func makeMethod(
    _ network: SegmentationNetwork, loss: PixelLoss, optimizer: OptimizerSettings, length: RunLength
  ) -> any TrainingMethod<SampleBatch> {
    DualTeacher(network, settings: self, loss: loss, optimizer: optimizer, length: length)
  }
}
