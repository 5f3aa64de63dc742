import Samples
import Testing
import TestSupport
import Training

@testable import SemiSupervision

@Suite struct StepImagesTests {
  @Test("the unit is the least numbers in the same ratio")
  func unit() {
    #expect(StepImages(labeled: 4).unit == StepImages(labeled: 1))
    #expect(StepImages(labeled: 4, unlabeled: 8).unit == StepImages(labeled: 1, unlabeled: 2))
    #expect(StepImages(labeled: 6, unlabeled: 4).unit == StepImages(labeled: 3, unlabeled: 2))
  }

  @Test(
    "a number of images is shared in the ratio",
    arguments: [
      (StepImages(labeled: 4), 7, StepImages(labeled: 7)),
      (StepImages(labeled: 1, unlabeled: 4), 10, .init(labeled: 2, unlabeled: 8)),
      (StepImages(labeled: 2, unlabeled: 2), 2, .init(labeled: 1, unlabeled: 1)),
    ])
  func shared(recipe: StepImages, count: Int, wanted: StepImages) throws {
    #expect(try recipe.shared(count) == wanted)
  }

  @Test(
    "a number that cannot be shared names the nearest that can",
    arguments: [(7, "the nearest: 5 or 10"), (11, "the nearest: 10 or 15"), (3, "the nearest: 5")])
  func notShared(count: Int, wanted: String) {
    let message = errorMessage { _ = try StepImages(labeled: 1, unlabeled: 4).shared(count) }
    #expect(
      message
        == "--batch \(count): a step shares its images 1 labelled to 4 unlabelled, so a multiple of 5 is wanted; \(wanted)"
    )
  }

  @Test(
    "a step is shared out among micro-batches that are alike, and other sizes name those",
    arguments: [(5, 8), (10, 4), (20, 2), (40, 1)])
  func microBatches(size: Int, wanted: Int) throws {
    let images = StepImages(labeled: 8, unlabeled: 32)
    #expect(try images.microBatches(of: size) == wanted)
    #expect(images.sharedOut(among: wanted)?.total == size)
    #expect(images.sharedOut(among: 3) == nil)
    #expect(
      errorMessage { _ = try images.microBatches(of: size + 1) }
        == "--micro-batch \(size + 1): a step of 40 (8 labelled, 32 unlabelled) images is shared out evenly in micro-batches of"
        + " 5, 10, 20, 40")
  }

  @Test("that one unlabelled image at a time is mixed with none is said of methods that mix")
  func alone() throws {
    func note<Method: UnlabeledPixelSettings>(_ method: Method, _ images: Int, parts: Int = 1) -> String? {
      var settings = SegmentationSettings<Method>()
      settings.method = method
      (settings.method.unlabeledImages, settings.trainer.accumulation) = (images, parts)
      return settings.mixNote
    }
    #expect(
      note(ClassMixTraining.Settings(), 1)
        == "warning: one unlabelled image at a time: classmix mixes images of one step, so none is mixed; 2 or more are wanted"
    )
    #expect(note(DualTeacher.Settings(), 8, parts: 8)?.contains("mixes images of one micro-batch") == true)
    #expect(note(DualTeacher.Settings(), 8, parts: 4) == nil && note(PiModel.Settings(), 1) == nil)
    #expect(note(FixMatch.Settings(), 1) != nil && note(CutMixMeanTeacher.Settings(), 1) != nil)
    var plain = FixMatch.Settings()
    plain.cutMix.probability = 0
    #expect(note(plain, 1) == nil)
  }

  @Test("micro-batches change no time of a run, and are said; a number that does not divide the images is refused")
  func accumulation() throws {
    let recipe = try Recipes.document("coco-10pct")
    func settings(_ assignments: [String]) throws -> DetectionSettings<SoftTeacher.Settings> {
      try .resolved([recipe], assignments: assignments)
    }
    let (plain, shared) = (try settings([]), try settings(["trainer.accumulation=8"]))
    #expect(shared.length == plain.length && shared.length.imagesPerStep == 40)
    #expect(shared.optimizer.schedule(for: shared.length).warmupSteps == 500)
    #expect(shared.microBatch == StepImages(labeled: 1, unlabeled: 4) && plain.microBatchNote == nil)
    #expect(
      shared.microBatchNote
        == "accumulation: each step's 40 (8 labelled, 32 unlabelled) images are taken as 8 micro-batches of 5 (1 labelled, 4"
        + " unlabelled), whose gradients are averaged")
    #expect(shared.plan.contains { $0.contains(", 8 micro-batches of 5 (1 labelled, 4 unlabelled) a step") })
    #expect(!plain.plan.contains { $0.contains("micro-batch") })
    #expect(
      errorMessage { _ = try settings(["trainer.accumulation=3"]) }
        == "--set trainer.accumulation=3: 'trainer.accumulation' is '3', it must be a number that divides a step's images,"
        + " 40 (8 labelled, 32 unlabelled)")
  }

  @Test("every method takes the images it is given, and nothing else of it changes", arguments: DetectionMethods.names)
  func methods(name: String) throws {
    func check<Method: DetectionMethodSettings>(_: Method.Type) {
      let images = Method().stepImages.unit.times(6)
      var method = Method()
      method.stepImages = images
      #expect(method.stepImages == images)
      #expect(method.views.labeled.images == images.labeled && method.views.unlabeled.images == images.unlabeled)
      method.stepImages = Method().stepImages
      #expect(method == Method())
    }
    let method = try #require(DetectionMethods.settings(named: name), "no method '\(name)'")
    check(method)
  }

  @Test("Soft Teacher at its fullest has no burn-in and takes every box of the teacher for a candidate")
  func fullest() {
    var settings = SoftTeacher.Settings()
    settings.burnInImages = 900
    settings.burnInAP = .at(0.3)
    let fullest = settings.atItsFullest
    #expect(fullest.burnInImages == 0 && fullest.burnInAP == .off && fullest.thresholds.candidateScore == 0)
    // Of 5 images whose numbers are drawn 4 may be unlabelled, of 40 that are drawn by fives 32.
    #expect(fullest.stepImages == StepImages(labeled: 1, unlabeled: 4) && fullest.batches == BatchComposition())
    settings.stepImages = StepImages(labeled: 20, unlabeled: 20)
    settings.batches.drawnTogether = 5
    #expect(settings.atItsFullest.stepImages == StepImages(labeled: 8, unlabeled: 32))
    settings.batches = BatchComposition(.fixed)
    #expect(settings.atItsFullest.stepImages == settings.stepImages)
  }

  @Test("settings with other images keep their steps, and say what the recipe had and what the rate would be")
  func note() {
    var settings = DetectionSettings<Supervised.Settings>()
    settings.trainer.steps = 900
    settings.optimizer.learningRate = 0.001
    #expect(settings.taking(StepImages(labeled: 4)).stepImagesNote == nil)
    let wide = settings.taking(StepImages(labeled: 8))
    #expect(wide.trainer.steps == 900 && wide.run.recipeStepImages == 4)
    #expect(
      wide.stepImagesNote
        == "batch: 8 images a step, the recipe has 4; 900 steps see 7200 images in place of 3600 (--steps 450 sees as many);"
        + " the learning rate stays 0.001 (the linear scaling rule takes 0.002: --set optimizer.learning_rate=0.002)")
    // Settings of a run that are taken again keep what the recipe had.
    #expect(wide.taking(StepImages(labeled: 2)).run.recipeStepImages == 4)
  }
}
