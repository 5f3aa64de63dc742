import Documents
import TestSupport
import Testing
import Training

@testable import SemiSupervision

@Suite struct PseudoLabelRulesTests {
  /// A folder with the settings of a run.
  private func run<Method: DetectionMethodSettings>(_ method: Method) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    var settings = DetectionSettings<Method>()
    settings.method = method
    _ = try folder.write(settings.yaml, to: "settings.yaml")
    try Folder.create(folder.path + "/checkpoints")
    return folder
  }

  @Test("a run's own thresholds stand, for its folder and for its files; released ones where there is no run")
  func origins() throws {
    var method = SoftTeacher.Settings()
    method.thresholds.classScore = 0.8
    method.jitter.scale = 0.1
    method.teacherProposals = .evaluation
    let folder = try run(method)
    for place in [folder.path, folder.path + "/checkpoints/best.safetensors"] {
      let rules = try PseudoLabelRules(checkpoint: place, classCount: 2)
      #expect(rules.thresholds.classScore == 0.8 && rules.jitter.scale == 0.1 && rules.proposals == .evaluation)
      #expect(rules.words[0].hasSuffix("settings.yaml (soft-teacher)"))
    }
    for place in [folder.path + "/other/best.safetensors", folder.path + "/checkpoints"] {
      let rules = try PseudoLabelRules(checkpoint: place, classCount: 2)
      #expect(rules.thresholds.classScore == 0.9 && rules.proposals == .training)
      #expect(rules.words[0] == "pseudo-labels: by the thresholds released with Soft Teacher")
    }
  }

  @Test("each method with pseudo-boxes has its own, the supervised one has none")
  func methods() throws {
    let plain = try run(Supervised.Settings())
    #expect(try PseudoLabelRules(checkpoint: plain.path, classCount: 2).thresholds.classScore == 0.9)
    var selfTraining = SelfTraining.Settings()
    selfTraining.thresholds.classScore = 0.7
    let staged = try run(selfTraining)
    #expect(try PseudoLabelRules(checkpoint: staged.path, classCount: 2).thresholds.classScore == 0.7)
    var mean = MeanTeacher.Settings()
    mean.thresholds.boxFilter = .none
    let averaged = try run(mean)
    #expect(try PseudoLabelRules(checkpoint: averaged.path, classCount: 2).thresholds.boxFilter == .none)
  }

  @Test("without the saved scores of an adaptive run the fixed ones stand, and that is said")
  func adaptive() throws {
    var method = SoftTeacher.Settings()
    method.thresholds.policy = .adaptive
    let folder = try run(method)
    let rules = try PseudoLabelRules(checkpoint: folder.path, classCount: 2)
    #expect(rules.classScores == nil && rules.leastScore == 0.5)
    #expect(rules.words.contains("the run's adaptive class scores are not at hand: the fixed ones stand for them"))
  }

  @Test("what the command line says lies over it")
  func overrides() throws {
    var method = SoftTeacher.Settings()
    method.thresholds.boxFilter = .score
    let folder = try run(method)
    var rules = try PseudoLabelRules(checkpoint: folder.path, classCount: 2)
    rules.set(candidateScore: 0.3, classScore: nil, boxUncertainty: 0.05)
    #expect(rules.leastScore == 0.3 && rules.thresholds.classScore == 0.9)
    #expect(rules.thresholds.boxFilter == .uncertainty && rules.thresholds.boxUncertainty == 0.05)
    #expect(rules.words[1] == "changed by --candidate-score, --box-uncertainty")
    #expect(rules.json["candidate_score"] == 0.3)
  }
}
