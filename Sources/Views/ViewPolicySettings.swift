// Settings of the policies that strong views of segmenters may be drawn by in place of strong data augmentation.

/// What strong views are made by beside resize, crop and mirror.
public enum ViewPolicy: String, Codable, CaseIterable, Sendable {
  /// Strong data augmentation of ST and ST++: jitter, grey, blur and cutout, each with its probability.
  case sda
  /// RandAugment, then a cutout.
  case randaugment
  /// CTAugment, which learns of probes how far operations may go, then a cutout.
  case ctaugment

  /// Whether views are moved, turned or sheared against the weak views that they come from.
  public var movesPixels: Bool { self != .sda }
}

/// RandAugment; the numbers are FixMatch's.
public struct RandAugmentSettings: Codable, Sendable, Equatable {
  /// Operations a view.
  public var operations = 2
  /// The side of the square that is covered at the end and not learnt, as a share of the view's shorter side.
  public var cutoutSize = 0.5
  /// The value of all channels, 0...255, where pixels are covered or come from outside the view; that of the release's cutout.
  public var fill = 127

  /// The defaults.
  public init() {}

  /// The parts in order.
  var parts: [NamedPart] {
    [NamedPart("randaugment", RandAugment(count: operations, fill: UInt8(clamping: fill)))]
      + .cutout(cutoutSize, fill: fill)
  }
}

/// CTAugment; the numbers are FixMatch's.
public struct CTAugmentSettings: Codable, Sendable, Equatable {
  /// Operations a view and a probe.
  public var depth = 2
  /// Bins are drawn whose rate is at least this share of the operation's best (ReMixMatch: 0.85).
  public var threshold = 0.8
  /// What of a bin's rate is kept when a probe has used it.
  public var decay = 0.99
  /// The side of the square that is covered at the end and not learnt, as a share of the view's shorter side.
  public var cutoutSize = 0.5
  /// The value of all channels, 0...255, where pixels are covered or come from outside the view; that of the release's cutout.
  public var fill = 127

  /// The defaults.
  public init() {}

  /// The parts in order, before anything has been learnt.
  var parts: [NamedPart] { [NamedPart("ctaugment", CTAugment(self))] + .cutout(cutoutSize, fill: fill) }
}

extension [NamedPart] {
  /// A square in the end; nothing where it has no side.
  fileprivate static func cutout(_ size: Double, fill: Int) -> [NamedPart] {
    size > 0 ? [NamedPart("cutout", SquareCutout(size: size, fill: UInt8(clamping: fill)))] : []
  }
}
