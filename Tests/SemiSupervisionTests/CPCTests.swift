import Foundation
import Layers
import Segmentation
import Testing
import Torch
import Training
import Views

@testable import Samples
@testable import SemiSupervision

/// Contrastive predictive coding: what a step learns, and that it learns.
@Suite struct CPCTests {
  /// Four images of 4 × 3 patches of 16 pixels every 8, of which row 2 below is predicted: 40 × 32 pixels.
  private static func settings(_ change: (inout CPC.Settings) -> Void = { _ in }) -> CPC.Settings {
    var settings = CPC.Settings()
    (settings.images, settings.patch, settings.stride, settings.rows, settings.columns) = (4, 16, 8, 4, 3)
    (settings.predictFrom, settings.predictTo, settings.contextBlocks, settings.contextWidth) = (2, 2, 1, 16)
    (settings.predictionWidth, settings.patchJitter, settings.greyProbability) = (16, 2, 0.25)
    change(&settings)
    return settings
  }

  private func method(_ settings: CPC.Settings, steps: Int = 40, seed: UInt64 = 3) -> CPC {
    var optimizer = OptimizerSettings()
    (optimizer.algorithm, optimizer.learningRate, optimizer.headLearningRateFactor) = (.adamw, 0.0005, 4)
    return CPC(
      TinySegmentation.network(seed: seed).backbone, settings: settings, optimizer: optimizer,
      length: RunLength(steps: steps, recipeSteps: steps, imagesPerStep: settings.images), seed: seed)
  }

  /// Images of noise on upright stripes: every image and every column of patches has a colour of its own, by which patches can be told.
  private func batch(_ index: Int, _ settings: CPC.Settings) -> SampleBatch {
    let (count, height, width) = (settings.images, settings.grid.height, settings.grid.width)
    let generator = Generator(seed: UInt64(index))
    let shades = Tensor.uniform([count, 3, 1, 1], using: generator) * 4 - 2
    let stripes = Tensor.normal([count, 3, 1, width / 8], using: generator).repeatedInterleaved(8, axis: 3)
    let images = shades + stripes + Tensor.normal([count, 3, height, width], using: generator) * 0.1
    let views = (0..<count).map { image in
      View(
        image: image, imageID: image, name: "\(image).jpg",
        geometry: ViewGeometry(originalHeight: height, originalWidth: width), labels: BoxLabels())
    }
    return SampleBatch(
      labeledWeak: [], labeledStrong: [], unlabeledWeak: [ViewBatch(images: images, views: views)],
      unlabeledStrong: [])
  }

  /// The losses of steps that are taken.
  private func train(_ method: CPC, steps: Int) -> [Double] {
    (0..<steps).map { index in
      let step = Step(index: index, stepsPerEpoch: 4, imagesPerStep: method.settings.images, seed: 7)
      let losses = method.losses(for: batch(index % 4, method.settings), at: step)
      losses.total.backward()
      for trained in method.trainedModels {
        trained.optimizer.step(learningRate: trained.learningRate(at: index))
        trained.optimizer.clearGradients()
      }
      return losses.total.scalar
    }
  }

  @Test("a few dozen steps bring InfoNCE far below log C, and the same seed gives the same numbers")
  func learns() {
    let settings = Self.settings { ($0.rows, $0.temperature, $0.patchJitter, $0.greyProbability) = (3, 1, 0, 0) }
    let losses = train(method(settings), steps: 24)
    let random = InfoNCE.largestBound(candidates: settings.candidates)  // log 36
    let last = losses.suffix(4).reduce(0, +) / 4
    #expect(last < random - 2, "\(losses) of \(random)")
    #expect(train(method(settings), steps: 2) == Array(losses.prefix(2)))
    #expect(train(method(settings, seed: 4), steps: 1) != Array(losses.prefix(1)))
  }

  @Test("a step's loss is that of its patches, with its accuracy and bound beside it, and gradients everywhere")
  func terms() throws {
    let settings = Self.settings { ($0.patchJitter, $0.greyProbability, $0.temperature) = (0, 0, 2) }
    let method = method(settings)
    let batch = batch(0, settings)
    let losses = method.losses(for: batch, at: TinySegmentation.step(0))
    #expect(losses.terms.map(\.name) == ["loss_info_nce"])
    #expect(losses.figures.map(\.name) == ["infoNCE.accuracy", "infoNCE.bound"])
    #expect(abs(losses.figures[1].value.scalar - (log(48.0) - losses.total.scalar)) < 1e-5)
    let grid = settings.grid
    let patches = grid.patches(of: batch.unlabeledWeak[0].images)
    let scores = method.network.coding(method.network.encoder.vectors(ofPatches: patches, in: grid))[0]
    let wanted = InfoNCE(temperature: 2)(scores.scores, positives: scores.positives).scalar
    #expect(abs(losses.total.scalar - wanted) < 1e-5)
    losses.total.backward()
    for trained in method.trainedModels {
      #expect(trained.model.namedParameters().allSatisfy { $0.parameter.value.gradient != nil }, "\(trained.name)")
    }
    #expect(method.trainedModels.map(\.name) == ["encoder", "predictions"])
    #expect(method.trainedModels.map(\.learningRate) == [0.0005, 0.002])
    #expect(
      method.predictors.map(\.name) == ["encoder"] && method.predictors[0].predictor.model === method.network.encoder)
  }

  @Test("colour is taken from whole patches, each by itself: with certainty one channel is as good as all")
  func grey() {
    let settings = Self.settings { ($0.patchJitter, $0.greyProbability) = (0, 1) }
    let batch = batch(2, settings)
    let images = batch.unlabeledWeak[0].images
    let mean = images.mean(1, keepingAxes: true).expanded([4, 3, settings.grid.height, settings.grid.width])
      .contiguous()
    let grey = SampleBatch(
      labeledWeak: [], labeledStrong: [],
      unlabeledWeak: [ViewBatch(images: mean, views: batch.unlabeledWeak[0].views)], unlabeledStrong: [])
    func loss(_ batch: SampleBatch, _ settings: CPC.Settings) -> Double {
      method(settings).losses(for: batch, at: TinySegmentation.step(0)).total.scalar
    }
    let inColour = Self.settings { ($0.patchJitter, $0.greyProbability) = (0, 0) }
    #expect(abs(loss(batch, settings) - loss(grey, inColour)) < 1e-4)
    #expect(loss(batch, settings) != loss(batch, inColour))
  }

  @Test("an encoder that drops branches at random draws from the step: the same again, another time otherwise")
  func dropPath() {
    var network = SegmentationNetworkSettings(kind: .fcnLight)
    (network.width, network.backbone.dropPath) = (8, 0.5)
    let settings = Self.settings { ($0.patchJitter, $0.greyProbability) = (0, 0) }
    func loss(_ step: Int) -> Double {
      let method = CPC(
        network.make(classCount: 2, using: Generator(seed: 3)).backbone, settings: settings,
        optimizer: OptimizerSettings(), length: TinySegmentation.length, seed: 3)
      return method.losses(for: batch(0, settings), at: TinySegmentation.step(step)).total.scalar
    }
    let first = loss(0)
    #expect(first == loss(0) && first != loss(1))
  }

  @Test(
    "a grid that says nothing, or that views cannot have, is refused with what is wanted",
    arguments: [
      (
        "pretraining.cpc.rows=5",
        "'pretraining.cpc.rows' is '5', it must be 6 or more, as row 5 below the first is predicted"
      ),
      ("pretraining.cpc.predict_from=1", "it must be 2 or more, as nearer rows share pixels with their context"),
      ("pretraining.cpc.predict_to=1", "it must be predict_from or more"),
      ("pretraining.cpc.stride=65", "it must be between 1 and patch"),
      ("pretraining.cpc.temperature=0", "it must be more than 0"),
      ("pretraining.cpc.name=cpc", "unknown key 'pretraining.cpc.name'"),
      ("pretraining.kind=moco", "'pretraining.kind' is 'moco', wanted one of none, cpc"),
    ])
  func rules(assignment: String, wanted: String) throws {
    let error = try #require(
      #expect(throws: SettingsError.self) {
        try SegmentationSettings<SupervisedSegmentation.Settings>.resolved([], assignments: [assignment])
      })
    #expect(error.description.contains(wanted) && !error.description.contains("\n"), "\(error)")
  }

  @Test("the defaults are the source's grid: 7 × 7 patches of 64 pixels in 256")
  func defaults() {
    let settings = CPC.Settings()
    #expect(settings.rules.allSatisfy { $0.holds })
    #expect(settings.grid == PatchGrid(patch: 64, stride: 32, rows: 7, columns: 7) && settings.grid.height == 256)
    #expect(settings.views.unlabeled == .init(images: 16, weak: 1) && settings.views.labeled.images == 0)
  }
}
