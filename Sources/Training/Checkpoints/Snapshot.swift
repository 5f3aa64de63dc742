import Documents
import Layers
import Torch

/// All that is needed to go on after a step; the tensors share memory with the models.
public struct Snapshot {
  let method: String
  /// Steps done.
  public let step: Int
  let judgedName: String
  let judged: Module
  let models: [TrainedModel]
  let methodState: MethodState
  /// The state of the source of batches.
  public let source: JSON
  let counters: JSON
  let observers: JSON

  /// The weights of the judged model under plain names.
  public var weights: StateDict { judged.stateDict() }

  /// Tensors of the resume file: other models, optimizers, the method's own.
  var resumeTensors: StateDict {
    var entries: [(name: String, tensor: Tensor)] = []
    for trained in models where trained.model !== judged {
      entries += trained.model.stateDict().addingPrefix("models/\(trained.name)/").entries
    }
    for trained in models {
      entries += trained.optimizer.state.tensors.addingPrefix("optimizers/\(trained.name)/").entries
    }
    entries += methodState.tensors.addingPrefix("method/").entries
    return StateDict(entries)
  }

  /// Everything else of the resume file, as the text of its metadata.
  var resumeValues: JSON {
    let steps = JSONObject(models.map { ($0.name, JSON($0.optimizer.state.step)) })
    return [
      "version": 1, "method": .string(method), "counters": counters, "optimizerSteps": .object(steps),
      "methodValues": .object(methodState.values), "source": source, "observers": observers,
    ]
  }
}

/// A checkpoint as read from its files.
public struct SavedRun {
  /// The resume file, for errors.
  public let file: String
  /// The weights file, for errors.
  public let judgedFile: String
  /// The judged model's weights.
  public let judged: StateDict
  /// What the weights file says about its model, as it was given to ``Checkpoints``.
  public let metadata: [String: String]
  let tensors: StateDict
  let values: JSON

  var method: String { values["method"]?.string ?? "" }
  var counters: JSON { values["counters"] ?? .null }
  var optimizerSteps: JSON { values["optimizerSteps"] ?? .null }
  /// What the method remembers between steps, beside its tensors.
  public var methodValues: JSON { values["methodValues"] ?? .null }
  var source: JSON { values["source"] ?? .null }

  /// Steps that were done.
  public var stepsDone: Int { counters["step"]?.int ?? 0 }

  /// What an observer of this name remembered; nil where none did.
  public func state(ofObserver name: String) -> JSON? { values["observers"]?[name] }
}
