import Segmentation
import TestSupport
import Testing
import Training

@testable import SemiSupervision

@Suite struct StageLengthTests {
  @Test("the stages of ST++ share a budget of images in the ratio of their recipe")
  func shares() throws {
    let recipe = try SegmentationSettings<STPlusPlus.Settings>.resolved([Recipes.document("camvid-small-st++")])
    #expect(recipe.stepsOfStages == [400, 600, 800] && recipe.allImages == 1800 * 8)
    // 3200 images are 400 steps of 8: 400 · 4/18 = 88.9, 400 · 6/18 = 133.3, and the rest.
    let short = try recipe.seeing(3200)
    #expect(short.stepsOfStages == [89, 133, 178] && short.allImages == 3200)
    #expect(short.method.teacherSteps == 89 && short.method.retrainingSteps == 133 && short.trainer.steps == 178)
    #expect(try recipe.seeing(14400) == recipe)
  }

  @Test("a stage without a number of its own is as long as the last one, and gets one by a budget")
  func sameLength() throws {
    var settings = SegmentationSettings<ST.Settings>()
    settings.trainer.steps = 100
    #expect(settings.stepsOfStages == [100, 100])
    #expect(try settings.seeing(16 * 11).stepsOfStages == [6, 5])
    settings.method.pseudoLabels = "made/pseudo-masks.json"
    #expect(settings.stepsOfStages == [100])
    #expect(try settings.seeing(16 * 11).stepsOfStages == [11])
  }

  @Test("a detector's first stage counts by its own images a step")
  func detection() throws {
    var settings = DetectionSettings<SelfTraining.Settings>()
    settings.method.stepImages = StepImages(labeled: 2, unlabeled: 2)
    settings.trainer.steps = 100
    #expect(settings.allImages == 100 * 2 + 100 * 4)
    let short = try settings.seeing(60)
    #expect(short.stepsOfStages == [10, 10] && short.allImages == 60)
  }

  @Test("the pre-training of an encoder is a stage before the method's, and shares the budget")
  func pretraining() throws {
    var settings = SegmentationSettings<ST.Settings>()
    settings.method.stepImages = StepImages(labeled: 2, unlabeled: 2)
    settings.trainer.steps = 100
    settings.pretraining.cpc.images = 8
    #expect(settings.allImages == 800)
    settings.pretraining.kind = .cpc
    settings.pretraining.steps = 50
    // 50 · 8 + 100 · 4 + 100 · 4 images.
    #expect(settings.stepsOfStages == [50, 100, 100] && settings.allImages == 1200)
    let short = try settings.seeing(120)
    #expect(short.stepsOfStages == [5, 10, 10] && short.pretraining.steps == 5 && short.method.teacherSteps == 10)
    settings.pretraining.steps = 0
    #expect(settings.stepsOfStages == [100, 100, 100])
    #expect(
      errorMessage { _ = try short.seeing(8) }
        == "8 images are 0 steps for stage 1 of 3 that train, 1 or more are wanted: a longer budget")
  }

  @Test("any budget is met to within half a step of the last stage", arguments: 40...80)
  func nearest(images: Int) throws {
    var settings = SegmentationSettings<STPlusPlus.Settings>()
    settings.method.stepImages = StepImages(labeled: 1, unlabeled: 2)
    settings.trainer.steps = 7
    settings.method.retrainingSteps = 5
    let seen = try settings.seeing(images).allImages
    #expect(2 * abs(seen - images) <= 3, "\(seen)")
  }

  @Test("a method without stages takes as many steps as see the images")
  func plain() throws {
    var settings = SegmentationSettings<SupervisedSegmentation.Settings>()
    settings.method.labeledImages = 8
    #expect(try settings.seeing(100).stepsOfStages == [13])
    #expect(
      errorMessage { _ = try settings.seeing(3) } == "3 images are 0 steps, 1 or more are wanted: a longer budget")
  }

  @Test("a budget that leaves ST++ fewer steps than snapshots is refused with the stage")
  func tooShort() throws {
    let recipe = try SegmentationSettings<STPlusPlus.Settings>.resolved([Recipes.document("camvid-small-st++")])
    #expect(
      errorMessage { _ = try recipe.seeing(8 * 9) }
        == "72 images are 2 steps for stage 1 of 3 that train, 3 or more are wanted: a longer budget")
  }
}
