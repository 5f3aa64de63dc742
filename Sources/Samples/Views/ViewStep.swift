import Imaging

/// One change of a view's pixels, with all that was drawn for it.
public enum ViewStep: Sendable, Equatable, CustomStringConvertible {
  /// A change of colours.
  case color(ColorOperation)
  /// Pixels are moved; where none come from is filled.
  case geometry(GeometricChange, fill: UInt8)
  /// Rectangles are filled.
  case erase([Patch], fill: UInt8)

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
  }

  /// Whether the step does anything.
  public var changesPixels: Bool {
    switch self {
    case .color(let operation): operation != .identity
    case .geometry(let change, _): change.isChange
    case .erase(let patches, _): !patches.isEmpty
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
    }
  }

  /// In words with rounded numbers, for pictures and logs: `posterize to 3 bits`, `rotate by -12.3°`, `erase 2`.
  public var description: String {
    switch self {
    case .color(let operation): operation.description
    case .geometry(let change, _): change.description
    case .erase(let patches, _): "erase \(patches.count)"
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
    case .solarize(let threshold): "solarize from \(threshold)"
    case .posterize(let bits): "posterize to \(bits) \(bits == 1 ? "bit" : "bits")"
    case .color(let factor): "color × \((factor * 100).rounded() / 100)"
    case .contrast(let factor): "contrast × \((factor * 100).rounded() / 100)"
    case .brightness(let factor): "brightness × \((factor * 100).rounded() / 100)"
    case .sharpness(let factor): "sharpness × \((factor * 100).rounded() / 100)"
    case .hue(let turn): "hue turned by \((turn * 3600).rounded() / 10)°"
    }
  }
}
