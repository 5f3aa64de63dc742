import Detection
import Documents
import Reporting
import Training

/// What decides which boxes of a trained detector become pseudo-labels: the filters of its own training where it had some.
public struct PseudoLabelRules: Sendable {
  /// The filters.
  public private(set) var thresholds = PseudoBoxes.Thresholds()
  /// For each class from label 1 the adaptive score; nil with the fixed policy.
  public private(set) var classScores: [Double]?
  /// How the uncertainty of boxes is measured.
  public private(set) var jitter = BoxJitterReliability.Settings()
  /// How many proposals are classified; the teacher's number.
  public private(set) var proposals = TeacherProposals.training
  /// Where the rules come from and what they are, in words, a sentence a line.
  public var words: [String] {
    var lines = origin
    lines.append(
      "candidates score over \(NumberText.short(thresholds.leastScore)); classes pass over \(thresholds.classWords) and "
        + "objectness over \(NumberText.short(thresholds.proposalScore)), a box \(thresholds.boxWords)")
    return lines
  }
  private var origin = ["pseudo-labels: by the thresholds released with Soft Teacher"]

  /// As released with Soft Teacher.
  public init() {}

  /// The rules of the run that a checkpoint is of; as released where it is of no run, or of one whose method has none.
  ///
  /// Adaptive scores are those of the run's last step; the fixed ones stand where they cannot be had, and that is said.
  ///
  /// - Parameters:
  ///   - checkpoint: A run's folder, or a file in its `checkpoints`.
  ///   - classCount: The detector's classes without background.
  public init(checkpoint: String, classCount: Int) throws {
    guard let run = Self.run(of: checkpoint) else { return }
    let document = try SettingsDocument(path: run.settingsFile)
    guard let name = document.text(at: "method.name"), let type = DetectionMethods.settings(named: name) else { return }
    let method = try Self.method(type, document)
    switch method {
    case let teacher as any TeacherSettings:
      thresholds = teacher.thresholds
      jitter = teacher.jitterForFilter ?? jitter
      proposals = teacher.teacherProposals
    case let selfTraining as SelfTraining.Settings:
      thresholds = selfTraining.thresholds
      proposals = .evaluation
    default: return
    }
    origin = ["pseudo-labels: by the thresholds of \(run.settingsFile) (\(name))"]
    guard thresholds.policy == .adaptive else { return }
    var adaptive = AdaptiveThresholds(thresholds.adaptive, classCount: classCount)
    if let state = try? Checkpoints(run: run).loadLast().methodValues["scores"], adaptive.restore(state) {
      classScores = adaptive.classScores
      let scores = adaptive.classScores.map { NumberText.short(min($0, thresholds.classScore)) }
      origin.append("class scores of the run's last step, in the order of classes: \(scores.joined(separator: ", "))")
    } else {
      thresholds.policy = .fixed
      origin.append("the run's adaptive class scores are not at hand: the fixed ones stand for them")
    }
  }

  private static func method<Method: DetectionMethodSettings>(
    _ type: Method.Type, _ document: SettingsDocument
  ) throws(SettingsError) -> any DetectionMethodSettings {
    try DetectionSettings<Method>.resolved([document]).method
  }

  private static func run(of checkpoint: String) -> RunFolder? {
    let folder = Folder.exists(checkpoint) ? checkpoint : Path.join(Path.folder(of: checkpoint), "..")
    guard Folder.exists(checkpoint) || Path.name(of: Path.folder(of: checkpoint)) == "checkpoints" else { return nil }
    return try? RunFolder.open(folder)
  }

  /// Puts values over the rules; a class score takes the place of adaptive ones.
  public mutating func set(candidateScore: Double?, classScore: Double?, boxUncertainty: Double?) {
    var said: [String] = []
    if let candidateScore {
      thresholds.candidateScore = candidateScore
      said.append("--candidate-score")
    }
    if let classScore {
      thresholds.classScore = classScore
      thresholds.policy = .fixed
      classScores = nil
      said.append("--class-score")
    }
    if let boxUncertainty {
      thresholds.boxUncertainty = boxUncertainty
      thresholds.boxFilter = .uncertainty
      said.append("--box-uncertainty")
    }
    if !said.isEmpty { origin.append("changed by \(said.joined(separator: ", "))") }
  }

  /// The filters of candidates.
  public var filters: PseudoBoxFilters { PseudoBoxFilters(thresholds, classScores: classScores) }

  /// The score above which a box is a candidate of some filter.
  public var leastScore: Double { thresholds.leastScore }

  /// As `info` of the files.
  public var json: JSON {
    var json = JSONObject([
      ("candidate_score", JSON(thresholds.leastScore)), ("proposal_score", JSON(thresholds.proposalScore)),
      ("class_score", JSON(thresholds.classScore)), ("box_filter", JSON(thresholds.boxFilter.rawValue)),
      ("box_uncertainty", JSON(thresholds.boxUncertainty)), ("box_score", JSON(thresholds.boxScore)),
      ("jitter_count", JSON(jitter.count)), ("jitter_scale", JSON(jitter.scale)),
    ])
    if let classScores { json["class_scores"] = .array(classScores.map { JSON(min($0, thresholds.classScore)) }) }
    json["origin"] = .array(origin.map { JSON($0) })
    return .object(json)
  }
}
