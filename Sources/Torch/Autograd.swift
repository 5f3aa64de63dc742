import CTorch

extension Tensor {
  /// Whether operations on it are recorded for gradients.
  public var requiresGradient: Bool {
    get { ct_tensor_requires_gradient(handle) }
    set { Engine.check(ct_tensor_set_requires_gradient(handle, newValue), "require a gradient of \(self)") }
  }

  /// The gradient accumulated by `backward`; nil where there is none yet.
  public var gradient: Tensor? {
    get {
      var result: ct_tensor?
      Engine.check(ct_tensor_gradient(handle, &result), "read the gradient of \(self)")
      return result.map(Tensor.init(owning:))
    }
    set { Engine.check(ct_tensor_set_gradient(handle, newValue?.handle), "set the gradient of \(self)") }
  }

  /// Accumulates the gradients of this scalar into every leaf it was computed from, and frees the graph.
  public func backward() {
    Engine.check(ct_backward(handle), "backward from \(self)")
  }

  /// The gradients of this scalar with respect to `inputs`; nil for an input it does not depend on. No leaf is touched.
  public func gradients(of inputs: [Tensor], retainingGraph: Bool = false) -> [Tensor?] {
    var results = [ct_tensor?](repeating: nil, count: inputs.count)
    let handles: [ct_tensor?] = inputs.map(\.handle)
    let message = ct_gradients(handle, handles, Int32(inputs.count), retainingGraph, &results)
    Engine.check(message, "gradients of \(self)")
    return withExtendedLifetime(inputs) { results.map { $0.map(Tensor.init(owning:)) } }
  }
}

/// Runs `body` without recording operations for gradients.
///
/// The setting belongs to the calling thread, so `body` is synchronous.
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
  try recordingGradients(false, body)
}

/// Runs `body` recording operations for gradients, also within ``withoutGradients(_:)``: for what needs a gradient to be computed at all, as
/// Grad-CAM does.
public func withGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
  try recordingGradients(true, body)
}

private func recordingGradients<Result>(_ isRecording: Bool, _ body: () throws -> Result) rethrows -> Result {
  let before = ct_gradient_recording()
  ct_set_gradient_recording(isRecording)
  defer { ct_set_gradient_recording(before) }
  return try body()
}
