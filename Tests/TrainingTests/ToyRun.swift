import Annotations
import Documents
import Imaging
import Layers
import Randomness
import Samples
import TestSupport
import Torch
import Views

@testable import Training

/// A small net with what makes resuming hard: batch statistics and their running means.
final class ToyNet: Module {
  let first: Convolution
  let norm = BatchNorm(6)
  let head: Linear

  init(seed: UInt64) {
    let generator = Generator(seed: seed)
    first = Convolution(3, 6, kernel: 3, stride: 2, using: generator)
    head = Linear(6, 3, using: generator)
  }

  func callAsFunction(_ images: Tensor) -> Tensor { head(norm(first(images)).relu().mean(2, 3)) }
}

final class ToyPredictor: Predictor {
  let net: ToyNet
  var model: Module { net }
  init(_ net: ToyNet) { self.net = net }
}

/// Which class is in the image, with noise from the step's generator and a teacher that follows the student.
final class ToyMethod: TrainingMethod {
  typealias Batch = SampleBatch
  static let name = "toy"
  let student = ToyNet(seed: 5)
  private let teacher = ToyNet(seed: 6)
  private let average: MovingAverage
  private let optimizer: any Optimizer
  private let schedule: LearningRateSchedule
  private let learningRate: Double
  private var epochs = 0
  /// Steps at which the loss is made infinite.
  var brokenSteps: Set<Int> = []
  /// The micro-batch of them in which it is.
  var brokenMicroBatch = 0
  /// Steps after which the teacher has moved.
  private(set) var updates: [Int] = []

  init(_ settings: OptimizerSettings, length: RunLength) {
    average = MovingAverage(of: student, in: teacher)
    average.update(momentum: 0)
    teacher.evaluate()
    let group = ParameterGroup(student.namedParameters(), weightDecay: settings.weightDecay)
    optimizer = settings.makeOptimizer([group])
    schedule = settings.schedule(for: length)
    learningRate = settings.learningRate
  }

  var views: ViewRequest { ViewRequest(labeled: .init(images: 3, weak: 1)) }
  var trainedModels: [TrainedModel] {
    [
      TrainedModel(
        name: "student", model: student, optimizer: optimizer, learningRate: learningRate, schedule: schedule)
    ]
  }
  var predictors: [(name: String, predictor: any Predictor)] {
    [("teacher", ToyPredictor(teacher)), ("student", ToyPredictor(student))]
  }

  func epochWillBegin(_ epoch: Int) { epochs += 1 }

  func losses(for batch: SampleBatch, at step: Step) -> Losses {
    let images = batch.labeledWeak[0].images
    let noise = Tensor.normal(images.shape, using: step.makeGenerator()) * 0.1
    let logits = student(images + noise)
    let targets = Tensor(batch.labeledWeak[0].views.map { $0.labels.classes[0] })
    let guess = withoutGradients { teacher(images).softmax(1) }
    var losses = Losses()
    let isBroken = brokenSteps.contains(step.index) && brokenMicroBatch == step.microBatch
    let infinity = isBroken ? Double.infinity : 1
    losses.add("class", logits.crossEntropy(targets) * infinity)
    losses.add("consistency", (logits.softmax(1) - guess).power(2).mean(), weight: 0.5)
    losses.report("certainty", guess.max())
    return losses
  }

  func modelsDidUpdate(at step: Step) {
    average.update(momentum: 0.9)
    updates.append(step.index)
  }

  var state: MethodState {
    MethodState(tensors: teacher.stateDict().addingPrefix("teacher."), values: JSONObject([("epochs", JSON(epochs))]))
  }

  func restore(_ state: MethodState) throws {
    try teacher.load(state.tensors.removingPrefix("teacher."), source: "state")
    epochs = state.values["epochs"]?.int ?? -1
  }

  var epochsBegun: Int { epochs }
}

/// Judges by how large the first weights are: any number will do.
struct ToyJudge: Judge {
  let selectedBy = "size"
  let figureNames = ["size", "mean"]
  func judge(_ predictor: any Predictor) throws -> Judgement {
    let weight = predictor.model.stateDict().entries[0].tensor
    let figures = [Figure("size", weight.norm().scalar), Figure("mean", weight.mean().scalar)]
    return Judgement(
      figures: figures, json: .object(JSONObject(figures.map { ($0.name, JSON($0.value)) })))
  }
}

/// Small generated image files and runs of the toy method on them.
struct ToyRun {
  let folder: ScratchFolder
  let pool: ImagePool
  var optimizer = OptimizerSettings()
  var settings = TrainerSettings()

  init(images count: Int = 8) throws {
    folder = try ScratchFolder()
    var images: [PooledImage] = []
    for index in 0..<count {
      var image = Image(height: 24 + index, width: 32, channels: 3, fill: UInt8(20 * (index % 3) + 30))
      for y in 4..<16 { for x in 6..<20 { image[y, x, index % 3] = 240 } }
      let path = try folder.file("images/\(index).png")
      try ImageFile.write(image, to: path)
      images.append(
        PooledImage(
          path: path, name: "\(index).png", id: index, height: 24 + index, width: 32,
          labels: BoxLabels(boxes: [Box(x: 6, y: 4, width: 14, height: 12)], classes: [index % 3])))
    }
    pool = ImagePool(name: "labeled", images: images)
    optimizer.learningRate = 0.05
    optimizer.warmupImages = 12
    optimizer.decay = .cosine
    settings.steps = 20
    settings.gradientClip = .at(1)
  }

  func trainer(
    workers: Int = 2, seed: UInt64 = 3, pool: ImagePool? = nil, lossScale: LossScale? = nil
  ) -> Trainer<ToyMethod, SampleStream> {
    let length = RunLength(
      steps: settings.steps, recipeSteps: settings.steps, imagesPerStep: 3 * settings.accumulation)
    let method = ToyMethod(optimizer, length: length)
    let source = StreamSource(
      pool: pool ?? self.pool, weak: [RandomResize(shortSides: 20...28, longSide: 64), RandomMirror()])
    let stream = SampleStream(
      request: method.views, labeled: source, options: .init(seed: seed, workers: workers))
    return Trainer(
      method: method, source: stream, settings: settings, length: length, seed: seed, lossScale: lossScale)
  }

  func runFolder(_ name: String = "run") throws -> RunFolder { try RunFolder.create(Path.join(folder.path, name)) }

  /// A digest of all weights, of the student and the teacher, to the bit.
  static func digest(_ trainer: Trainer<ToyMethod, SampleStream>) -> String {
    var hash = SHA256()
    for (_, predictor) in trainer.predictors {
      for entry in predictor.model.stateDict().entries {
        hash.update(entry.name)
        entry.tensor.withBytes { hash.update($0) }
      }
    }
    return hash.hexDigest()
  }
}
