import Imaging
import Randomness

/// One change of a view's pixels, with all that was drawn for it.
public enum ViewStep: Sendable, Equatable, CustomStringConvertible {
  /// A change of colours.
  case color(ColorOperation)
  /// Pixels are moved; where none come from is filled.
  case geometry(GeometricChange, fill: UInt8)
  /// The view is blurred by a Gaussian, the standard deviation in its pixels.
  case blur(deviation: Double)
  /// Rectangles are filled.
  case erase([Patch], fill: UInt8)
  /// A rectangle is filled with noise, which the seed decides.
  case noise(Patch, seed: UInt64)

  /// A rectangle of pixels inside a view.
  public struct Patch: Sendable, Hashable {
    /// The uppermost row.
    public let y: Int
    /// The leftmost column.
    public let x: Int
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int

    /// A rectangle.
    public init(y: Int, x: Int, height: Int, width: Int) {
      self.y = y
      self.x = x
      self.height = height
      self.width = width
    }

    /// Bytes for all channels of the rectangle, row by row, all values equally likely.
    public func noise(_ seed: UInt64) -> [UInt8] {
      let count = 3 * height * width
      return [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
        var generator = SeededGenerator(seed: seed)
        while filled < count {
          let word = generator.next()
          for shift in stride(from: 0, to: 64, by: 8) where filled < count {
            bytes[filled] = UInt8(truncatingIfNeeded: word >> UInt64(shift))
            filled += 1
          }
        }
      }
    }
  }

  /// Whether the step does anything.
  public var changesPixels: Bool {
    switch self {
    case .color(let operation): operation != .identity
    case .geometry(let change, _): change.isChange
    case .blur(let deviation): deviation > 0
    case .erase(let patches, _): !patches.isEmpty
    case .noise(let patch, _): patch.height > 0 && patch.width > 0
    }
  }

  /// Changes an image of the view's size.
  public func apply(to image: inout Image) {
    switch self {
    case .color(let operation): operation.apply(to: &image)
    case .geometry(let change, let fill):
      guard change.isChange else { return }
      let back = change.inverseMap(height: image.height, width: image.width)
      image = image.warped(
        sourceX: SIMD3(back.a, back.b, back.tx), sourceY: SIMD3(back.c, back.d, back.ty), fill: fill)
    case .erase(let patches, let fill):
      for patch in patches {
        image.fill(y: patch.y, x: patch.x, height: patch.height, width: patch.width, with: fill)
      }
    case .blur(let deviation): image.blur(deviation: deviation)
    case .noise(let patch, let seed):
      image.fill(y: patch.y, x: patch.x, height: patch.height, width: patch.width, with: patch.noise(seed))
    }
  }

  /// In words with rounded numbers, for pictures and logs: `posterize to 3 bits`, `rotate by -12.3°`, `blur 1.4`, `erase 2`.
  public var description: String {
    switch self {
    case .color(let operation): operation.description
    case .geometry(let change, _): change.description
    case .blur(let deviation): "blur \((deviation * 100).rounded() / 100)"
    case .erase(let patches, _): "erase \(patches.count)"
    case .noise(let patch, _): "noise \(patch.height)×\(patch.width)"
    }
  }
}

extension ColorOperation: CustomStringConvertible {
  /// In words with rounded numbers.
  public var description: String {
    switch self {
    case .identity: "colours unchanged"
    case .autoContrast: "auto contrast"
    case .equalize: "equalize"
    case .solarize(threshold: 0): "invert"
    case .solarize(let threshold): "solarize from \(threshold)"
    case .posterize(let bits): "posterize to \(bits) \(bits == 1 ? "bit" : "bits")"
    case .color(factor: 0): "grey"
    case .color(let factor): "color × \((factor * 100).rounded() / 100)"
    case .contrast(let factor): "contrast × \((factor * 100).rounded() / 100)"
    case .brightness(let factor): "brightness × \((factor * 100).rounded() / 100)"
    case .sharpness(factor: 0): "smooth"
    case .sharpness(let factor): "sharpness × \((factor * 100).rounded() / 100)"
    case .hue(let turn): "hue turned by \((turn * 3600).rounded() / 10)°"
    case .ringBlur: "ring blur"
    case .mixed(let operation, let share): "\(operation) \(Int((share * 100).rounded())) %"
    }
  }
}
