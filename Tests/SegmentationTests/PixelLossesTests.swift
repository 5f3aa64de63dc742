import TestDevice
import TestSupport
import Testing
import Torch

@testable import Segmentation

@Suite("PixelLosses") struct PixelLossesTests {
  static let shape = [2, 5, 9, 11]
  static var logits: Tensor { Golden.values("logits", shape).to(.float64) }
  static var targets: Tensor { Tensor(Golden.file.integers("losses.targets"), shape: [2, 9, 11]) }
  static let classWeights = Tensor([1, 0.5, 2, 0, 3] as [Double])

  /// A loss with a name, of logits and targets.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let loss: @Sendable (Tensor, Tensor) -> Tensor

    static let all: [Case] = [
      Case(testDescription: "cross_entropy") { PixelLosses.crossEntropy($0, $1) },
      Case(testDescription: "weighted_classes") {
        PixelLosses.crossEntropy($0, $1, classWeights: classWeights.to($0.widened().elementType).to($0.device))
      },
      Case(testDescription: "hard_threshold") { PixelLosses.hardExamples($0, $1, threshold: 0.3, minimumKept: 1) },
      Case(testDescription: "hard_kept") { PixelLosses.hardExamples($0, $1, threshold: 0.1, minimumKept: 60) },
      Case(testDescription: "dice") { PixelLosses.dice($0, $1) },
      Case(testDescription: "soft") { logits, _ in
        PixelLosses.softCrossEntropy(logits, Golden.values("soft", shape).to(.float64).softmax(1).to(logits.device))
      },
    ]
  }

  @Test("values and gradients are PyTorch's", arguments: Case.all)
  func golden(example: Case) throws {
    let logits = Self.logits
    logits.requiresGradient = true
    let value = example.loss(logits, Self.targets)
    Golden.expect(value.reshaped(1), equals: "losses.\(example.testDescription)", tolerance: Golden.double)
    value.backward()
    let gradient = try #require(logits.gradient)
    Golden.expect(gradient, equals: "losses.\(example.testDescription).gradient", tolerance: Golden.double)
  }

  /// The cross-entropy of pixels, written out; weights 0 where a pixel does not count.
  static func reference(_ weights: (Int, Int) -> Double, over denominator: Double? = nil) -> Double {
    let logits = Self.logits.permuted(0, 2, 3, 1).contiguous().doubles
    var (sum, count) = (0.0, 0.0)
    for (pixel, target) in Self.targets.integers.enumerated() where target != 255 {
      let row = logits[5 * pixel..<5 * pixel + 5].map { $0 }
      let greatest = row.max() ?? 0
      let total = row.map { _exp($0 - greatest) }.reduce(0, +)
      let weight = weights(pixel, target)
      sum -= weight * (row[target] - greatest - _log(total))
      count += weight
    }
    return sum / (denominator ?? count)
  }

  private static func _exp(_ x: Double) -> Double { Tensor([x]).exp().scalar }
  private static func _log(_ x: Double) -> Double { Tensor([x]).log().scalar }

  @Test("weights of pixels count over all valid pixels, or over themselves")
  func denominators() {
    let weights = Tensor((0..<198).map { Double($0 % 3) / 2 }, shape: [2, 9, 11])
    let valid = Double(Self.targets.integers.count { $0 != 255 })
    #expect(valid < 198)
    let byValid = PixelLosses.crossEntropy(Self.logits, Self.targets, weights: weights, over: .valid).scalar
    let byWeights = PixelLosses.crossEntropy(Self.logits, Self.targets, weights: weights, over: .weights).scalar
    #expect(abs(byValid - Self.reference({ pixel, _ in Double(pixel % 3) / 2 }, over: valid)) < 1e-9)
    #expect(abs(byWeights - Self.reference { pixel, _ in Double(pixel % 3) / 2 }) < 1e-9)
    let plain = PixelLosses.crossEntropy(Self.logits, Self.targets).scalar
    #expect(abs(plain - Self.reference { _, _ in 1 }) < 1e-9)
    let softly = PixelLosses.softCrossEntropy(
      Self.logits, Self.targets.filled(0, where: Self.targets .== 255).oneHot(5).permuted(0, 3, 1, 2),
      isValid: PixelLosses.isValid(Self.targets), weights: weights, over: .weights)
    #expect(abs(softly.scalar - byWeights) < 1e-9)
  }

  @Test("where no pixel counts, the loss and its gradient are 0", arguments: Case.all.dropLast())
  func nothing(example: Case) throws {
    let logits = Self.logits
    logits.requiresGradient = true
    let value = example.loss(logits, .full([2, 9, 11], 255, .int64))
    #expect(value.scalar == 0)
    value.backward()
    #expect(try #require(logits.gradient).doubles.allSatisfy { $0 == 0 })
    for denominator in PixelLosses.Denominator.allCases {
      let none = PixelLosses.crossEntropy(
        logits, .full([2, 9, 11], 255, .int64), weights: .ones([2, 9, 11]), over: denominator)
      #expect(none.scalar == 0)
    }
    let soft = PixelLosses.softCrossEntropy(logits, Self.logits.softmax(1), isValid: .zeros([2, 9, 11], .bool))
    #expect(soft.scalar == 0)
  }

  @Test("ignored pixels change nothing, whatever their logits", arguments: Case.all.dropLast())
  func ignoredPixels(example: Case) {
    let isIgnored = (Self.targets .== 255).unsqueezed(1).to(.float64)
    let changed = Self.logits + isIgnored * Golden.values("noise", Self.shape).to(.float64)
    #expect(!changed.isEqual(to: Self.logits))
    let (one, other) = (example.loss(Self.logits, Self.targets), example.loss(changed, Self.targets))
    #expect(abs(one.scalar - other.scalar) < 1e-12)
  }

  @Test("gradients are those of finite differences", arguments: Case.all)
  func finiteDifferences(example: Case) throws {
    let logits = Self.logits
    logits.requiresGradient = true
    example.loss(logits, Self.targets).backward()
    let gradient = try #require(logits.gradient).doubles
    let step = 1e-5
    for index in stride(from: 3, to: gradient.count, by: 97) {
      func moved(_ by: Double) -> Double {
        var values = Self.logits.doubles
        values[index] += by
        return example.loss(Tensor(values, shape: Self.shape), Self.targets).scalar
      }
      let slope = (moved(step) - moved(-step)) / (2 * step)
      #expect(abs(slope - gradient[index]) < 1e-7, "element \(index)")
    }
  }

  @Test("of logits in bfloat16 the loss is float32, and the gradient bfloat16", arguments: Case.all)
  func bfloat16(example: Case) throws {
    let logits = Self.logits.to(.bfloat16)
    logits.requiresGradient = true
    let value = example.loss(logits, Self.targets)
    #expect(value.elementType == .float32)
    let wide = example.loss(logits.detached().to(.float64), Self.targets).scalar
    #expect(abs(value.scalar - wide) < 1e-5 * abs(wide))
    value.backward()
    #expect(try #require(logits.gradient).elementType == .bfloat16)
  }

  @Test("hard pixels are those below the limit, and at least as many as wanted")
  func hardExamples() throws {
    // Two classes: a pixel's probability is a sigmoid of the difference; the classes' logits make 0.9, 0.8, 0.6, 0.2.
    let differences = [0.9, 0.8, 0.6, 0.2].map { Self._log($0 / (1 - $0)) }
    let logits = Tensor(differences + [0, 0, 0, 0], shape: [1, 2, 1, 4])
    let targets = Tensor.zeros([1, 1, 4], .int64)
    func mean(_ probabilities: Double...) -> Double {
      probabilities.map { -Self._log($0) }.reduce(0, +) / Double(probabilities.count)
    }
    for (threshold, kept, wanted) in [
      (0.7, 1, mean(0.6, 0.2)), (0.1, 1, mean(0.2)), (0.1, 3, mean(0.8, 0.6, 0.2)), (0.7, 0, mean(0.6, 0.2)),
      (0.1, 0, 0), (0.1, 100, mean(0.9, 0.8, 0.6, 0.2)),
    ] {
      let loss = PixelLosses.hardExamples(logits, targets, threshold: threshold, minimumKept: kept).scalar
      #expect(abs(loss - wanted) < 1e-9, "\(threshold), \(kept)")
    }
  }

  @Test("Dice of the truth is 0, of its opposite 1; a mistake costs a rare class more")
  func dice() {
    let targets = Tensor([0, 0, 0, 1, 0, 0, 0, 255], shape: [1, 2, 4])
    func loss(_ classes: [Int]) -> Double {
      let oneHot = Tensor(classes, shape: [1, 2, 4]).oneHot(2).permuted(0, 3, 1, 2)
      return PixelLosses.dice((oneHot.to(.float64) - 0.5) * 100, targets).scalar
    }
    #expect(abs(loss([0, 0, 0, 1, 0, 0, 0, 1])) < 1e-9)
    #expect(abs(loss([1, 1, 1, 0, 1, 1, 1, 0]) - 1) < 1e-5)
    // Classes 0 and 1 overlap in 6 of 6 + 7, and in 0.
    #expect(abs(loss([0, 0, 0, 0, 0, 0, 0, 0]) - (1 - 12.0 / 13 + 1) / 2) < 1e-5)
  }

  @Test("losses are the same on other devices, and nothing waits for the device", arguments: TestDevice.all)
  func devices(device: Device) {
    for example in Case.all {
      let logits = Self.logits.to(.float32)
      let wanted = example.loss(logits, Self.targets).scalar
      let (there, targets) = (logits.to(device), Self.targets.to(device))
      var found = Tensor([Float.nan])
      let waits = TestDevice.waits { found = example.loss(there, targets) }
      #expect(waits.isEmpty, "\(example.testDescription): \(waits)")
      #expect(abs(found.scalar - wanted) < 1e-5, "\(example.testDescription)")
    }
  }
}

@Suite("PixelLossSettings") struct PixelLossSettingsTests {
  @Test("each kind is the loss it names, and the auxiliary head's comes with its weight")
  func kinds() throws {
    let (logits, targets) = (PixelLossesTests.logits.to(.float32), PixelLossesTests.targets)
    func value(_ change: (inout PixelLossSettings) -> Void) throws -> Double {
      var settings = PixelLossSettings()
      change(&settings)
      return try settings.makeLoss(pixels: [1, 1, 1, 1, 1], on: .cpu)(logits, targets).scalar
    }
    let entropy = try value { _ in }
    #expect(entropy == PixelLosses.crossEntropy(logits, targets).scalar)
    let dice = try value { $0.kind = .dice }
    #expect(dice == PixelLosses.dice(logits, targets).scalar)
    #expect(abs(try value { $0.kind = .crossEntropyAndDice } - (entropy + dice) / 2) < 1e-6)
    let hard = PixelLosses.hardExamples(logits, targets, threshold: 0.2, minimumKept: 99)
    #expect(try value { ($0.kind, $0.ohemThreshold, $0.ohemMinimumShare) = (.ohem, 0.2, 0.5) } == hard.scalar)
    let weights = [1, 0.5, 2, 0, 3].map { Double($0) }
    let weighted = PixelLosses.crossEntropy(logits, targets, classWeights: Tensor(weights).to(.float32))
    #expect(try value { $0.classWeights = weights } == weighted.scalar)
    let loss = try PixelLossSettings().makeLoss(pixels: [1, 1, 1, 1, 1], on: .cpu)
    let terms = loss.terms(of: SegmentationOutput(logits: logits, auxiliary: logits * 2), targets, auxiliaryWeight: 0.4)
    #expect(terms.map(\.name) == ["loss_segmentation", "loss_auxiliary"] && terms.map(\.weight) == [1, 0.4])
    #expect(loss.terms(of: SegmentationOutput(logits: logits), targets, auxiliaryWeight: 0.4).count == 1)
  }

  @Test("class weights are one for each class")
  func weights() {
    var settings = PixelLossSettings()
    settings.classWeights = [1, 2]
    #expect(
      errorMessage { _ = try settings.makeLoss(pixels: [1, 1, 1], on: .cpu) }
        == "loss.class_weights has 2 weights, wanted is [] or one for each of the 3 classes")
    #expect(
      errorMessage { _ = try PixelLossSettings.resolved(assignments: ["class_weights=[0, 0]"]) }
        == "--set class_weights=[0, 0]: 'class_weights' is a list of 2, it must be [] or a list of numbers of 0 or "
        + "more, not all 0")
  }

  @Test(
    "balance weighs classes by the median of their pixels over their own, or its root; those without a pixel count 1")
  func balance() throws {
    var settings = PixelLossSettings()
    #expect(try settings.weights(pixels: [100, 4, 25]) == [])
    settings.balance = .median
    #expect(try settings.weights(pixels: [100, 4, 25]) == [0.25, 6.25, 1])
    #expect(try settings.weights(pixels: [100, 0, 4, 25, 51]) == [0.38, 1, 9.5, 1.52, 38.0 / 51])
    settings.balance = .squareRoot
    #expect(try settings.weights(pixels: [100, 4, 25]) == [0.5, 2.5, 1])
    settings.classWeights = [1, 2, 3]
    #expect(try settings.weights(pixels: [100, 4, 25]) == [1, 2, 3])
    #expect(ClassBalance.median.weights(pixels: [0, 0]) == [])
  }
}
