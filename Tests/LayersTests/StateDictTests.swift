import TestSupport
import Testing
import Torch

@testable import Layers

@Suite("State dict") struct StateDictTests {
  @Test("what was saved loads into another model, to the bit")
  func loading() throws {
    let (one, other) = (SmallModel(seed: 1), SmallModel(seed: 2))
    let report = try other.load(one.stateDict(), source: "one")
    #expect(report.isComplete && report.loaded == one.stateDict().names)
    for (a, b) in zip(one.stateDict().entries, other.stateDict().entries) { #expect(a.tensor.isEqual(to: b.tensor)) }
    #expect(report.summary == "loaded 12 of 12 tensors")
  }

  @Test("anything missing, left over or of another shape is refused, and nothing is copied then")
  func strictness() {
    let model = SmallModel(seed: 1)
    let before = model.heads[0].weight.value.copied()
    var entries = SmallModel(seed: 2).stateDict().entries.filter { $0.name != "scale" }
    entries.append((name: "rest", tensor: .ones([1])))
    entries = entries.map { $0.name == "norm.bias" ? (name: $0.name, tensor: Tensor.ones([9])) : $0 }
    let message = errorMessage { try model.load(StateDict(entries), source: "file.pth") }
    #expect(
      message == "file.pth: weights do not fit the model: loaded 10 of 12 tensors; missing 1: scale; "
        + "unexpected 1: rest; of another shape 1: norm.bias is [9], wanted [4]")
    #expect(model.heads[0].weight.value.isEqual(to: before))
    let excused = errorMessage {
      try model.load(StateDict(entries), excusing: ["scale", "rest", "norm."], source: "file.pth")
    }
    #expect(excused == nil)
    #expect(!model.heads[0].weight.value.isEqual(to: before))
    #expect(model.norm.bias.value.isEqual(to: .zeros([4])))
  }

  @Test("a count of batches may be absent or left over")
  func batchCounts() throws {
    let (trained, frozen) = (SmallModel(), SmallModel(mode: .frozen))
    #expect(try frozen.load(trained.stateDict(), source: "trained").isComplete)
    #expect(try trained.load(frozen.stateDict(), source: "frozen").isComplete)
  }

  @Test("loading converts element types and leaves gradients and the leaf alone")
  func conversion() throws {
    let model = SmallModel()
    let leaf = model.scale.value
    let state = StateDict(SmallModel(seed: 3).stateDict().entries.map { ($0.name, $0.tensor.to(.float64)) })
    try model.load(state, source: "double")
    #expect(model.scale.value === leaf && leaf.elementType == .float32 && leaf.requiresGradient)
    #expect(leaf.gradient == nil)
  }

  @Test("a long report is cut to four names a kind")
  func summary() {
    var report = LoadReport()
    report.missing = ["a", "b", "c", "d", "e", "f"]
    #expect(report.summary == "loaded 0 of 6 tensors; missing 6: a, b, c, d, and 2 more")
  }

  @Test("prefixes are taken off and put on")
  func prefixes() {
    let state = SmallModel().stateDict()
    #expect(state.removingPrefix("heads.").names == ["0.weight", "0.bias", "1.weight", "1.bias"])
    #expect(state.removingPrefix("heads.").addingPrefix("x.").names.first == "x.0.weight")
    #expect(state["nothing"] == nil)
  }

  @Test(
    "names are rewritten by the first rule that fits, and back",
    arguments: [
      ("fpn.inner_blocks.2.weight", "fpn.inner_blocks.2.0.weight"), ("a.b.c", "c.b.a"), ("_x.weight", "x.weight"),
      ("untouched.name", "untouched.name"), ("a.b", "a.b"), ("body.x", "trunk.x"), ("body.x.0.y", "trunk.x.0.y"),
      ("body", "body"),
    ])
  func renaming(old: String, new: String) {
    let table = RenameTable([
      ("fpn.inner_blocks.*.*", "fpn.inner_blocks.*.0.*"), ("a.*.c", "c.*.a"), ("_x.*", "x.*"), ("_x.weight", "never"),
      ("body.**", "trunk.**"),
    ])
    #expect(table.renamed(old) == new)
    #expect(table.reversed.renamed(new) == old)
  }
}
