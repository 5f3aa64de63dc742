import Torch

extension StateDict {
  /// The tensors of a weight file.
  public init(_ stored: StoredWeights) {
    self.init(
      stored.entries.map { entry in
        let tensor = entry.tensor
        return (
          entry.name,
          tensor.withUnsafeBytes { Tensor(bytes: $0, shape: tensor.shape, elementType: tensor.elementType) }
        )
      })
  }
}
