import Torch

/// A module that turns one tensor into another.
open class Layer: Module {
  /// Applies the layer.
  open func callAsFunction(_ input: Tensor) -> Tensor {
    preconditionFailure("\(type(of: self)) does not say what it computes")
  }
}

/// Layers one after the other; their keys are their numbers.
public final class Sequential: Layer {
  /// The layers in order. One without tensors takes a number too.
  public let layers: [Layer]

  /// The layers in order.
  public init(_ layers: [Layer]) { self.layers = layers }

  public override func registeredMembers() -> [(name: String, member: Member)] {
    layers.enumerated().map { (String($0.offset), .module($0.element)) }
  }

  public override func callAsFunction(_ input: Tensor) -> Tensor {
    layers.reduce(input) { $1($0) }
  }
}

/// max(0, x).
public final class ReLU: Layer {
  public override func callAsFunction(_ input: Tensor) -> Tensor { input.relu() }
}

/// x brought into [0, 6].
public final class ReLU6: Layer {
  public override func callAsFunction(_ input: Tensor) -> Tensor { input.relu6() }
}

/// The greatest element of each window of a map.
public final class MaxPool: Layer {
  private let kernel: Int
  private let stride: Int
  private let padding: Int

  /// Square windows.
  public init(kernel: Int, stride: Int, padding: Int = 0) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  public override func callAsFunction(_ input: Tensor) -> Tensor {
    input.maxPooled(kernel: kernel, stride: stride, padding: padding)
  }
}
