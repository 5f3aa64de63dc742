import ArgumentParser

/// Where a network comes from: a checkpoint of a run, or another toolkit's model by its name with a file of its weights.
struct ModelSource {
  /// `--checkpoint`.
  let checkpoint: String?
  /// `--model`.
  let model: String?
  /// `--weights`.
  let weights: String?

  /// Whether the flags go together.
  ///
  /// - Parameter models: The names that `--model` knows.
  func validate(models: String, knows: (String) -> Bool) throws {
    switch (checkpoint, model, weights) {
    case (nil, nil, nil): throw ValidationError("--checkpoint RUN|FILE is wanted, or --model NAME with --weights FILE.")
    case (nil, nil, .some): throw ValidationError("--weights wants --model NAME beside it, such as \(models).")
    case (nil, .some, nil): throw ValidationError("--model wants --weights FILE beside it.")
    case (.some, nil, nil): break
    case (.some, _, _):
      throw ValidationError("--checkpoint says its model itself; --model and --weights go without it.")
    default: break
    }
    if let model, !knows(model) { throw ValidationError("--model \(model): there is \(models).") }
  }

  /// The network that the flags name.
  func open<Saved>(checkpoint open: (String) throws -> Saved, model make: (String, String) throws -> Saved) throws
    -> Saved
  {
    if let checkpoint { return try open(checkpoint) }
    guard let model, let weights else { throw ValidationError("--model and --weights are wanted.") }
    return try make(model, weights)
  }
}
