import Detection
import Layers
@testable import Samples
import Testing
import Torch
import Views
@testable import Training

@testable import SemiSupervision

/// Mean Teacher and Unbiased Teacher; what they share with Soft Teacher is tested with it.
@Suite struct TeacherMethodsTests {
  private func meanTeacher(_ change: (inout MeanTeacher.Settings) -> Void = { _ in }) -> MeanTeacher {
    var settings = MeanTeacher.Settings()
    settings.unlabeledImages = 2
    change(&settings)
    return MeanTeacher(
      TinyDetector.make(seed: 1), settings: settings, optimizer: OptimizerSettings(), length: TinyBatch.length)
  }

  private func unbiasedTeacher(_ change: (inout UnbiasedTeacher.Settings) -> Void = { _ in }) -> UnbiasedTeacher {
    var settings = UnbiasedTeacher.Settings()
    settings.unlabeledImages = 2
    settings.burnInImages = 0
    change(&settings)
    return UnbiasedTeacher(
      TinyDetector.make(seed: 1), settings: settings, optimizer: OptimizerSettings(), length: TinyBatch.length)
  }

  private func values(_ losses: Losses) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: zip(losses.terms.map(\.name), losses.values()))
  }

  @Test("Mean Teacher's unlabelled losses are the detector's own with the teacher's boxes for true ones")
  func meanTeacherLosses() throws {
    let method = meanTeacher { $0.thresholds = .init(score: 0.2) }
    let losses = values(method.losses(for: TinyBatch.make(0), at: TinyBatch.step(0)))
    let sheet = try #require(method.sheet)
    #expect(sheet.found.contains { $0.count > 0 } && sheet.found.allSatisfy { $0.uncertainty == nil })
    let targets = zip(sheet.found, zip(sheet.weak.views, sheet.strong.views)).map {
      $0.targets(for: .classes, sheet.filters, from: $1.0, to: $1.1)
    }
    // Statistics have moved in training mode, but batch norms normalize by the batch then.
    let student = try #require(method.trainedModels[0].model as? FasterRCNN)
    let expected = student.losses(
      ImageBatch(sheet.strong), targets: targets,
      sampler: BalancedSampler(generator: TinyBatch.step(0).makeGenerator(1)))
    for (name, value) in expected.named("unlabeled") {
      #expect(try abs(#require(losses[name]) - value.scalar) < 1e-5 * max(1, value.scalar), "\(name)")
    }
  }

  @Test("a rare class that nothing of passes is let through by the adaptive policy, and the log says its threshold")
  func adaptive() throws {
    func passing(_ policy: PseudoBoxes.Thresholds.Policy) -> (Double, [String]) {
      let method = meanTeacher {
        $0.thresholds.policy = policy
        $0.thresholds.adaptive.lowestScore = 0.1
      }
      var last = Losses()
      for index in 0..<4 { last = method.losses(for: TinyBatch.make(index), at: TinyBatch.step(index)) }
      let figures = Dictionary(uniqueKeysWithValues: last.figures.map { ($0.name, $0.value.scalar) })
      return (figures["pseudo.classes"] ?? -1, last.figures.map(\.name))
    }
    let (fixed, adaptive) = (passing(.fixed), passing(.adaptive))
    #expect(fixed.0 == 0 && adaptive.0 > 0)
    #expect(adaptive.1.contains("pseudo.least_threshold") && !fixed.1.contains("pseudo.least_threshold"))
  }

  @Test("Unbiased Teacher learns objectness and classes of unlabelled images, and nothing about boxes")
  func unbiasedLosses() {
    let method = unbiasedTeacher { $0.thresholds = .init(score: 0.2) }
    let losses = method.losses(for: TinyBatch.make(0), at: TinyBatch.step(0))
    let found = values(losses)
    #expect(found["unlabeled_box_reg"] == 0 && found["unlabeled_rpn_box_reg"] == 0)
    #expect((found["unlabeled_classifier"] ?? 0) > 0 && (found["unlabeled_objectness"] ?? 0) > 0)
    #expect((found["loss_box_reg"] ?? 0) > 0 && (found["loss_rpn_box_reg"] ?? 0) > 0)
    losses.total.backward()
    let student = method.trainedModels[0].model
    #expect(student.namedParameters().contains { ($0.parameter.value.gradient?.norm().scalar ?? 0) > 0 })
  }

  @Test("Unbiased Teacher's labelled loss is the mean over weak and strong view")
  func bothViews() {
    let both = values(unbiasedTeacher().losses(for: TinyBatch.make(0), at: TinyBatch.step(0)))
    let batch = TinyBatch.make(0)
    func alone(_ views: ViewBatch) -> SampleBatch {
      SampleBatch(
        labeledWeak: [views], labeledStrong: [views], unlabeledWeak: batch.unlabeledWeak,
        unlabeledStrong: batch.unlabeledStrong)
    }
    let parts = [batch.labeledWeak[0], batch.labeledStrong[0]].map {
      values(unbiasedTeacher().losses(for: alone($0), at: TinyBatch.step(0)))["loss_objectness"] ?? 0
    }
    // Anchors are sampled by two draws, so the parts are near, not equal.
    let mean = (parts[0] + parts[1]) / 2
    #expect(abs((both["loss_objectness"] ?? 0) - mean) < 0.02 * mean)
    let weakAlone = unbiasedTeacher { $0.labeledStrongViews = false }
    #expect(weakAlone.views.labeled.strong == 0 && unbiasedTeacher().views.labeled.strong == 1)
    let weak = values(weakAlone.losses(for: batch, at: TinyBatch.step(0)))["loss_objectness"] ?? 0
    #expect(abs(weak - parts[0]) < 0.02 * parts[0] && abs(weak - mean) > 1e-6 * mean)
  }

  @Test("Unbiased Teacher's teacher is the student until the burn-in ends, and follows slowly then")
  func burnIn() {
    let method = unbiasedTeacher { $0.burnInImages = 6 }
    func areEqual() -> Bool {
      TinyBatch.areEqual(method.predictors[0].predictor.model, method.predictors[1].predictor.model)
    }
    TinyBatch.take(0, of: method)
    #expect(areEqual() && method.sheet == nil)
    TinyBatch.take(1, of: method)
    #expect(areEqual())
    TinyBatch.take(2, of: method)
    #expect(!areEqual() && method.sheet != nil)
  }

  @Test("the focal loss is (1 − p)^γ times the entropy; with γ = 0 it is the entropy")
  func focal() throws {
    func heads(_ gamma: Double) -> RegionHeads {
      var settings = RegionSettings()
      settings.focalGamma = gamma
      return RegionHeads(channels: 4, strides: [4], classes: 3, settings: settings, using: Generator(seed: 1))
    }
    let logits = Tensor([2, 0, -1, 0.5, 1, 0] as [Float], shape: [2, 3])
    let labels = Tensor([0, 1])
    let plain = heads(0).entropies(logits, labels: labels).doubles
    let focal = heads(1.5).entropies(logits, labels: labels).doubles
    let p = logits.softmax(1).doubles
    for (index, probability) in [p[0], p[4]].enumerated() {
      #expect(abs(plain[index] + logOf(probability)) < 1e-6)
      #expect(abs(focal[index] - powerOf(1 - probability, 1.5) * plain[index]) < 1e-6)
    }
  }

  private func logOf(_ value: Double) -> Double { Tensor([value], shape: [1]).log().scalar }
  private func powerOf(_ value: Double, _ exponent: Double) -> Double {
    Tensor([value], shape: [1]).power(exponent).scalar
  }

  @Test("Unbiased Teacher's preset sets the focal loss and the release's strong views, where nothing else is said")
  func preset() throws {
    typealias Settings = DetectionSettings<UnbiasedTeacher.Settings>
    let plain = try Settings.resolved(nil, assignments: [])
    #expect(plain == Settings())
    #expect(plain.model.regions.focalGamma == 1.5 && plain.method.views.labeled.strong == 1)
    #expect(plain.views.labeledColor == .never && plain.views.sharesGeometry)
    let strong = plain.views.strongAugmentation
    #expect(strong.colorProbability == 0 && strong.geometryProbability == 0 && strong.eraseProbability == 0)
    #expect(strong.jitter.probability == 0.8 && strong.greyProbability == 0.2 && strong.blur.probability == 0.5)
    #expect(strong.noise.probabilities == [0.7, 0.5, 0.3])
    #expect(plain.method.batches == BatchComposition())
    let own = try Settings.resolved(nil, assignments: ["model.regions.focal_gamma=2"])
    #expect(own.model.regions.focalGamma == 2)
    #expect(
      plain.plan.contains(
        "strong views: the weak view of the image, changed further: brightness, contrast, saturation and hue changed"
          + " by up to 0.4, 0.4, 0.4, 0.1 in random order in 80 % of views; grey in 20 % of views; blurred by 0.1 to 2"
          + " pixels in 50 % of views; a rectangle of noise in 70 % of views; a rectangle of noise in 50 % of views;"
          + " a rectangle of noise in 30 % of views"))
  }

  @Test(
    "recipes of Unbiased Teacher keep the strong views that their results were measured with",
    arguments: ["bccd", "bccd-small", "demo"])
  func recipes(name: String) throws {
    typealias Settings = DetectionSettings<UnbiasedTeacher.Settings>
    let views = try Settings.resolved(Recipes.document(name + "-unbiased-teacher"), assignments: []).views
    var wanted = StrongAugmentationSettings()
    wanted.geometryProbability = 0
    if name == "demo" { wanted.colorMagnitudeTo = 5 }
    #expect(views.strongAugmentation == wanted && !views.sharesGeometry && views.labeledColor == .never)
  }
}
