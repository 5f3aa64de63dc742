import TestSupport
import Testing
import Torch

@testable import Layers

final class ModuleInTuple: Module { let pair = (ReLU(), 1) }
final class ModuleInDictionary: Module { let table = ["a": ReLU()] }
final class BareTensor: Module { let tensor = Tensor.ones([1]) }
final class LazyModule: Module { lazy var relu = ReLU() }
struct Wrapper { let layer = Linear(1, 1, using: Generator(seed: 1)) }
final class ModuleInStruct: Module { let wrapper = Wrapper() }

final class Sharing: Module {
  let first: Linear
  let second: Linear
  override init() {
    first = Linear(1, 1, using: Generator(seed: 1))
    second = first
  }
}

@Suite("Module") struct ModuleTests {
  @Test("properties are registered under their names in snake_case, in order; lists are numbered")
  func names() {
    let model = SmallModel(extra: true)
    #expect(
      model.stateDict().names == [
        "first_step.weight", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var",
        "norm.num_batches_tracked", "heads.0.weight", "heads.0.bias", "heads.1.weight", "heads.1.bias", "extra.weight",
        "extra.bias", "scale", "seen",
      ])
    #expect(SmallModel().stateDict().names.count == 12)
    #expect(SmallModel(mode: .frozen).stateDict()["norm.num_batches_tracked"] == nil)
    #expect(model.namedParameters().count == 10)
    #expect(model.parameterCount == 4 * 27 + 4 + 4 + 10 + 15 + 6 + 2)
  }

  @Test("a sequence numbers its layers, those without tensors too")
  func sequences() {
    let generator = Generator(seed: 1)
    let layers = Sequential([Linear(2, 3, using: generator), ReLU(), Linear(3, 1, using: generator)])
    #expect(layers.stateDict().names == ["0.weight", "0.bias", "2.weight", "2.bias"])
    let input = Tensor([1, -1] as [Float], shape: [1, 2])
    let first = input.linear(layers.stateDict()["0.weight"] ?? input, bias: layers.stateDict()["0.bias"]).relu()
    let wanted = first.linear(layers.stateDict()["2.weight"] ?? input, bias: layers.stateDict()["2.bias"])
    #expect(layers(input).isEqual(to: wanted))
  }

  @Test("a shared module stands under its first name only")
  func sharing() {
    #expect(Sharing().stateDict().names == ["first.weight", "first.bias"])
    #expect(Sharing().modules().count == 2)
  }

  /// Says how often it was looked into.
  private final class Looked: Module {
    private final class Count { var value = 0 }
    private let looks = Count()
    let child = Linear(1, 1, using: Generator(seed: 1))
    var count: Int { looks.value }
    override func registeredMembers() -> [(name: String, member: Member)] {
      looks.value += 1
      return super.registeredMembers()
    }
  }

  @Test("a module is walked once, and switched as a whole")
  func walks() {
    let module = Looked()
    for _ in 0..<3 {
      module.evaluate()
      #expect(!module.isTraining && !module.child.isTraining)
      module.train()
      #expect(module.isTraining && module.child.isTraining)
    }
    #expect(
      module.count == 1
        && module.modules().map(ObjectIdentifier.init) == [module, module.child].map(ObjectIdentifier.init))
  }

  // A trap's text goes to standard error before the process ends by a signal.
  @Test("what would be missed is refused: tuples, dictionaries, structs, lazy properties, bare tensors")
  func traps() async {
    await #expect(processExitsWith: .failure) { _ = ModuleInTuple().stateDict() }
    await #expect(processExitsWith: .failure) { _ = ModuleInDictionary().stateDict() }
    await #expect(processExitsWith: .failure) { _ = ModuleInStruct().stateDict() }
    await #expect(processExitsWith: .failure) { _ = BareTensor().stateDict() }
    await #expect(processExitsWith: .failure) { _ = LazyModule().stateDict() }
  }

  @Test("training and evaluation reach every module below")
  func modes() {
    let model = SmallModel()
    model.evaluate()
    #expect(model.modules().allSatisfy { !$0.isTraining })
    model.train()
    #expect(model.modules().allSatisfy { $0.isTraining } && model.modules().count == 5)
  }

  @Test("moving to another element type keeps integers, values and what is trained")
  func moving() throws {
    let model = SmallModel()
    model.heads[0].freeze()
    let before = model.stateDict()
    model.move(to: .cpu, elementType: .float64)
    for (old, new) in zip(before.entries, model.stateDict().entries) {
      #expect(new.tensor.elementType == (old.tensor.elementType == .int64 ? .int64 : .float64))
      #expect(new.tensor.doubles == old.tensor.doubles)
    }
    #expect(
      model.namedParameters().filter { !$0.parameter.isTrained }.map(\.name) == ["heads.0.weight", "heads.0.bias"])
  }
}

@Suite("Initialization") struct InitializationTests {
  static let fanIn: Double = 32 * 9
  static let fanOut: Double = 64 * 9
  static let cases: [(Initialization, Double)] = [
    (.kaimingNormalFanOut, (2 / fanOut).squareRoot()),
    (.normal(deviation: 0.01), 0.01),
    (.kaimingUniform(negativeSlope: 1), (1 / fanIn).squareRoot()),
    (.uniformFanIn, (1 / (3 * fanIn)).squareRoot()),
    (.constant(3), 0),
  ]

  @Test("draws have the deviation that the source gives", arguments: cases)
  func deviations(initial: Initialization, deviation: Double) {
    let tensor = initial.tensor([64, 32, 3, 3], using: Generator(seed: 1)).to(.float64).flattened()
    #expect(abs(tensor.variance(0, correction: 0).scalar.squareRoot() - deviation) <= 0.02 * deviation)
    if case .constant = initial { #expect(tensor.min().scalar == 3 && tensor.max().scalar == 3) }
  }
}
