/// Sizes and augmentation of the views that a model is trained on.
public struct ViewSettings: Codable, Sendable, Equatable {
  /// Smallest shorter side in pixels.
  public var shortSideFrom = 640
  /// Largest shorter side in pixels.
  public var shortSideTo = 800
  /// Smallest shorter side of the weak views of unlabelled images, which a teacher labels: it finds more where it sees more. 0
  /// for the same as of all views, as released.
  public var teacherShortSideFrom = 0
  /// The longer side is at most this many pixels.
  public var longSide = 1333
  /// How likely a view is mirrored.
  public var mirrorProbability = 0.5
  /// Sides of a batch are padded to a multiple of this many pixels.
  public var sizeDivisor = 32
  /// Decodes JPEG files at an eighth, a quarter or half of their size where that is not below the view's.
  public var scaledDecoding = true
  /// Puts images of one orientation into a batch as far as their numbers allow, so that less is padded.
  public var groupByOrientation = true
  /// Changes pixels of views on the run's device, of bytes that threads decode and resize; else these threads do all of it.
  public var onDevice = false
  /// Makes a strong view of the weak view of the same image, with its size and mirroring, as in Unbiased Teacher's release; else each
  /// view draws its own.
  public var sharesGeometry = false
  /// Whether labelled views get one colour operation.
  public var labeledColor = LabeledColor.asMethod
  /// What strong views get beside resize and mirror.
  public var strongAugmentation = StrongAugmentationSettings()

  /// When labelled views get one of the strong views' colour operations.
  public enum LabeledColor: String, Codable, CaseIterable, Sendable {
    /// Where the method's release does so: Soft Teacher with, supervised training without.
    case asMethod = "as_method"
    /// With every method.
    case always
    /// With none.
    case never
  }

  /// The defaults.
  public init() {}

  /// Resize and mirror, as for weak views of unlabelled images.
  public var weak: [any Augmentation] { resizeAndMirror(from: max(shortSideFrom, teacherShortSideFrom)) }

  /// Resize and mirror of their own draw, unless they come from the weak view, then what strong views get.
  public var strong: [any Augmentation] {
    (sharesGeometry ? [] : resizeAndMirror(from: shortSideFrom)) + strongAugmentation.parts
  }

  private func resizeAndMirror(from least: Int) -> [any Augmentation] {
    [
      RandomResize(shortSides: least...max(least, shortSideTo), longSide: longSide),
      RandomMirror(probability: mirrorProbability),
    ]
  }

  /// Resize and mirror, and a colour operation where the settings want it.
  ///
  /// - Parameter colorByMethod: whether the method's release has it; what `as_method` means.
  public func labeled(colorByMethod: Bool = false) -> [any Augmentation] {
    let hasColor =
      switch labeledColor {
      case .asMethod: colorByMethod
      case .always: true
      case .never: false
      }
    return resizeAndMirror(from: shortSideFrom) + (hasColor ? [strongAugmentation.color] : [])
  }
}
