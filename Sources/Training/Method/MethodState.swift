import Documents
import Layers
import Torch

/// All that a method remembers between steps beside the trained models and their optimizers.
public struct MethodState {
  /// Tensors by name: a teacher under `teacher.`, class thresholds, a generator's state.
  public var tensors: StateDict
  /// Numbers and text.
  public var values: JSONObject

  /// A state; methods that remember nothing have an empty one.
  public init(tensors: StateDict = StateDict([]), values: JSONObject = JSONObject()) {
    self.tensors = tensors
    self.values = values
  }

  /// Whether nothing is remembered.
  public var isEmpty: Bool { tensors.entries.isEmpty && values.isEmpty }
}
