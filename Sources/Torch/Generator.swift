import CTorch
import Randomness

/// A source of random tensors with a state of its own, on the CPU whatever the device, so that a seed gives the same
/// numbers everywhere.
public final class Generator: @unchecked Sendable {
  let handle: ct_generator

  /// A generator at the start of the seed's stream.
  ///
  /// libtorch's engine looks at the low 32 bits only, so a larger seed is mixed into 32 bits; smaller ones give PyTorch's
  /// own streams.
  public init(seed: UInt64) {
    var handle: ct_generator?
    let low = seed >> 32 == 0 ? seed : SplitMix64.mix(seed) >> 32
    Engine.check(ct_generator_new(low, &handle), "make a generator")
    guard let handle else { preconditionFailure("the engine made no generator") }
    self.handle = handle
  }

  deinit { ct_generator_release(handle) }

  /// The whole state, uint8 [S]; setting it continues exactly from there.
  public var state: Tensor {
    get {
      var result: ct_tensor?
      Engine.check(ct_generator_state(handle, &result), "read a generator's state")
      guard let result else { preconditionFailure("a generator without a state") }
      return Tensor(owning: result)
    }
    set { Engine.check(ct_generator_restore(handle, newValue.handle), "restore a generator's state") }
  }
}
