import Torch

/// A tensor that is trained, and saved under its property's name.
public final class Parameter {
  /// The elements: a leaf of the gradient's graph.
  public private(set) var value: Tensor

  /// Whether the optimizer moves it and gradients are computed for it.
  public var isTrained: Bool {
    get { value.requiresGradient }
    set { value.requiresGradient = newValue }
  }

  /// A trained parameter with these initial elements.
  public init(_ initial: Tensor, isTrained: Bool = true) {
    value = initial.detached()
    value.requiresGradient = isTrained
  }

  /// Replaces the tensor, as when the element type or device changes. Its gradient goes.
  func replace(with tensor: Tensor) {
    let trained = isTrained
    value = tensor.detached()
    value.requiresGradient = trained
  }
}

/// A tensor that is saved under its property's name and not trained, such as a running mean.
public final class Buffer {
  /// The elements.
  public internal(set) var value: Tensor

  /// A buffer with these elements.
  public init(_ initial: Tensor) { value = initial.detached() }
}
