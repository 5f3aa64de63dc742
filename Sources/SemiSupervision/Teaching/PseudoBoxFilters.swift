import Detection
import Reporting
import Torch
import Training

extension PseudoBoxes {
  /// Which of a teacher's boxes stand for what.
  public struct Thresholds: Settings {
    /// Where the scores come from that classes and proposals must reach.
    public enum Policy: String, Codable, CaseIterable, Sendable {
      /// The same for all classes and at all times.
      case fixed
      /// For each class by the teacher's own scores, at most the fixed one; see ``AdaptiveThresholds``.
      case adaptive
    }

    /// What decides whether a candidate's box is learnt.
    public enum BoxFilter: String, Codable, CaseIterable, Sendable {
      /// Its spread under jittering.
      case uncertainty
      /// Its score.
      case score
      /// Nothing: every candidate's box is learnt.
      case none
    }

    /// A box found by the teacher with more than this score is a candidate.
    public var candidateScore = 0.5
    /// A candidate with more than this score is an object to the proposal network.
    public var proposalScore = 0.9
    /// A candidate with more than this score is an object of its class to the class loss.
    public var classScore = 0.9
    /// What decides about the box loss.
    public var boxFilter = BoxFilter.uncertainty
    /// A candidate whose box spreads less than this, in units of its size, is a target of the box loss.
    public var boxUncertainty = 0.02
    /// With `box_filter: score`: a candidate with more than this score is a target of the box loss.
    public var boxScore = 0.9
    /// Boxes whose sides are shorter than this in the strong view, in pixels, are dropped.
    public var smallestSide = 0.01
    /// Whether the scores are the same for all classes.
    public var policy = Policy.fixed
    /// What the adaptive policy goes by.
    public var adaptive = AdaptiveThresholds.Settings()

    /// As released with Soft Teacher.
    public init() {}

    /// One score for all three losses: the plain threshold of hard pseudo-boxes.
    public init(score: Double) {
      candidateScore = score
      proposalScore = score
      classScore = score
      boxFilter = .none
    }

    /// Ranges of the numbers.
    public var rules: [SettingsRule] {
      let scores = [
        ("candidate_score", candidateScore), ("proposal_score", proposalScore), ("class_score", classScore),
        ("box_score", boxScore),
      ]
      return scores.map { SettingsRule($0, (0...1).contains($1), "between 0 and 1") } + [
        SettingsRule("box_uncertainty", boxUncertainty >= 0, "0 or more"),
        SettingsRule("smallest_side", smallestSide > 0, "more than 0"),
      ]
    }

    /// The class filter's score in words.
    var classWords: String {
      let score = NumberText.short(classScore)
      guard policy == .adaptive else { return score }
      return "its class's own score, \(NumberText.short(min(adaptive.lowestScore, classScore))) to \(score),"
    }

    /// The box filter in words, to complete "the box of a candidate is learnt …".
    var boxWords: String {
      switch boxFilter {
      case .uncertainty: "where its spread under jittering is below \(NumberText.short(boxUncertainty)) of its size"
      case .score: "where it scores over \(NumberText.short(boxScore))"
      case .none: "always"
      }
    }

    /// The score above which a box must be a candidate, so that no filter misses it.
    var leastScore: Double {
      policy == .adaptive ? min(candidateScore, adaptive.lowestScore) : candidateScore
    }
  }
}

/// What decides in one step which candidates are learnt by which loss.
public struct PseudoBoxFilters: Sendable {
  /// The settings.
  public let thresholds: PseudoBoxes.Thresholds
  /// For each class from label 1 the score that takes the place of a higher fixed one; nil with the fixed policy.
  public let classScores: [Double]?

  /// Filters of a step.
  public init(_ thresholds: PseudoBoxes.Thresholds, classScores: [Double]? = nil) {
    self.thresholds = thresholds
    self.classScores = classScores
  }

  /// Whether each candidate passes the filter of a loss: bool [P]. All comparisons are strict.
  public func passes(_ purpose: PseudoBoxes.Purpose, _ found: PseudoBoxes) -> Tensor {
    switch purpose {
    case .proposals: isAbove(thresholds.proposalScore, found)
    case .classes: isAbove(thresholds.classScore, found)
    case .boxes:
      switch thresholds.boxFilter {
      case .uncertainty:
        found.uncertainty.map { $0 .< thresholds.boxUncertainty } ?? isAbove(thresholds.boxScore, found)
      case .score: isAbove(thresholds.boxScore, found)
      case .none: isAbove(thresholds.candidateScore, found)
      }
    }
  }

  private func isAbove(_ score: Double, _ found: PseudoBoxes) -> Tensor {
    guard let classScores else { return found.scores .> score }
    let least = Tensor([Float(score)] + classScores.map { Float(min($0, score)) })
    return found.scores .> least.gathered(found.labels).to(found.scores.elementType)
  }
}
