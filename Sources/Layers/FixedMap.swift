import Torch

/// A batch norm's map x · scale + shift, kept for as long as the tensors that it is made of stay as they are.
///
/// Operations on lists of tensors, which averages are made by, do not raise their versions with every engine: they say so
/// (``forget()``).
final class FixedMap {
  private var parts: [(tensor: Tensor, version: Int)] = []
  private var epsilon = 0.0
  private var kept: (scale: Tensor, shift: Tensor)?

  /// Lets go of the map: its tensors are others now.
  func forget() { kept = nil }

  /// The map that is kept, if it was made of these tensors with their elements of now; otherwise it is made and kept.
  func map(
    of tensors: [Tensor], epsilon: Double, _ make: () -> (scale: Tensor, shift: Tensor)
  ) -> (scale: Tensor, shift: Tensor) {
    let isSame =
      epsilon == self.epsilon && zip(parts, tensors).allSatisfy { $0.tensor === $1 && $0.version == $1.version }
    if let kept, isSame { return kept }
    let made = make()
    parts = tensors.map { ($0, $0.version) }
    self.epsilon = epsilon
    kept = made
    return made
  }
}
