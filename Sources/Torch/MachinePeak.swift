/// What a device reaches at best in arithmetic and in memory traffic: the floors of a profile are made of it.
public struct MachinePeak: Sendable, Equatable {
  /// Floating-point operations a second in float32.
  public var float32: Double
  /// The same in bfloat16; nil where it is not known.
  public var bfloat16: Double?
  /// Bytes a second, read and written.
  public var bytes: Double

  /// Known rates.
  public init(float32: Double, bfloat16: Double? = nil, bytes: Double) {
    self.float32 = float32
    self.bfloat16 = bfloat16
    self.bytes = bytes
  }

  /// Measures a device in about a second: the best of several repetitions of a channels-last convolution, forward, and of
  /// copying a tensor that no cache holds. A GPU is given 64 times the work.
  ///
  /// Forward is where convolutions are fastest: their gradients reach some two thirds of it on a CPU. A floor is what cannot
  /// be undercut, so it is made of the faster rate, and backward passes show their distance from it.
  /// - Parameter bfloat16: Whether its rate is wanted as well; slow where the device has no instructions for it.
  public static func measured(on device: Device, bfloat16: Bool) -> MachinePeak {
    withoutGradients {
      MachinePeak(
        float32: convolutionRate(.float32, device), bfloat16: bfloat16 ? convolutionRate(.bfloat16, device) : nil,
        bytes: copyRate(device))
    }
  }

  /// Of a 3 × 3 convolution of 256 channels, 1.8 GFLOP: large enough to be at the limit, and over in a few milliseconds, so
  /// that on a busy machine some repetition has the processor for itself.
  private static func convolutionRate(_ type: ElementType, _ device: Device) -> Double {
    let (images, channels, side) = (device == .cpu ? 2 : 128, 256, 28)
    // Numbers of all kinds: on zeros and ones some cards are faster than on any data.
    let generator = Generator(seed: 0)
    let map = Tensor.normal([images, channels, side, side], device: device, using: generator).to(type).channelsLast()
    let weight = Tensor.normal([channels, channels, 3, 3], device: device, using: generator).to(type).channelsLast()
    let flops = 2 * images * channels * side * side * channels * 9
    return Double(flops) / fastest(on: device) { _ = map.convolved(weight, padding: 1) }
  }

  private static func copyRate(_ device: Device) -> Double {
    let count = (device == .cpu ? 1 : 64) << 24
    let (source, target) = (Tensor.ones([count], device: device), Tensor.zeros([count], device: device))
    return Double(2 * 4 * count) / fastest(on: device) { target.copyInPlace(from: source) }
  }

  /// Seconds of the fastest of some repetitions, after two that are not counted.
  private static func fastest(on device: Device, _ body: () -> Void) -> Double {
    var best = Double.infinity
    let (clock, begun) = (ContinuousClock(), ContinuousClock.now)
    for repetition in 0... {
      device.synchronize()
      let seconds =
        clock.measure {
          body()
          device.synchronize()
        } / .seconds(1)
      if repetition >= 2 { best = min(best, seconds) }
      if repetition >= 4, ContinuousClock.now - begun > .milliseconds(400) { break }
    }
    return best
  }
}
