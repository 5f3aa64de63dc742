/// Sizes and augmentation of the views that a segmenter is trained on; the defaults are those of ST and ST++ on Pascal VOC.
public struct SegmentationViewSettings: Codable, Sendable, Equatable {
  /// What the random factor of a view's size multiplies.
  public var resize = Resize.base
  /// The longer side in pixels that the factor multiplies where `resize` is `base` (Cityscapes: 2048).
  public var baseSize = 400
  /// The least factor.
  public var scaleFrom = 0.5
  /// The greatest factor.
  public var scaleTo = 2.0
  /// Height in pixels of the part that a view is (Cityscapes: 721).
  public var cropHeight = 321
  /// Width in pixels of the part that a view is.
  public var cropWidth = 321
  /// How likely a view is mirrored.
  public var mirrorProbability = 0.5
  /// Decodes JPEG files at an eighth, a quarter or half of their size where that is not below the view's.
  public var scaledDecoding = true
  /// Changes pixels of views on the run's device, of bytes that threads decode and resize; else these threads do all of it.
  public var onDevice = false
  /// Makes a strong view of the weak view of the same image, with its size, place and mirroring, as all methods do that compare
  /// pixels of the two; else each view draws its own.
  public var sharesGeometry = true
  /// What strong views get beside: strong data augmentation.
  public var strongAugmentation = SegmentationStrongSettings()

  /// What the random factor of a view's size multiplies.
  public enum Resize: String, Codable, CaseIterable, Sendable {
    /// `base_size` for the longer side, whatever the image's own: ST, ST++, CCT.
    case base
    /// The image's own sides: UniMatch.
    case own
  }

  /// The defaults.
  public init() {}

  /// Resize, crop and mirror.
  public var weak: [any Augmentation] {
    [scaling, RandomCrop(height: cropHeight, width: cropWidth), RandomMirror(probability: mirrorProbability)]
  }

  /// The random size.
  var scaling: RandomScale {
    RandomScale(factors: scaleFrom...max(scaleFrom, scaleTo), of: resize == .base ? .longSide(baseSize) : .image)
  }

  /// Resize, crop and mirror of their own draw, unless they come from the weak view; then strong data augmentation.
  public var strong: [any Augmentation] { (sharesGeometry ? [] : weak) + strongAugmentation.parts }
}

/// What strong views of segmentation methods get beside resize, crop and mirror: strong data augmentation (SDA) in this order, with the
/// defaults of ST and ST++, or a policy.
public struct SegmentationStrongSettings: Codable, Sendable, Equatable {
  /// What strong views are made by: the four parts below it, or a policy with its own settings.
  public var policy = ViewPolicy.sda
  /// Brightness, contrast, saturation and hue, changed in random order.
  public var jitter = ColorJitterSettings(probability: 0.8, change: 0.5, hue: 0.25)
  /// How likely all colour is taken away.
  public var greyProbability = 0.2
  /// A Gaussian blur.
  public var blur = BlurSettings(probability: 0.5)
  /// A rectangle that is covered, and not learnt.
  public var cutout = CutoutSettings()
  /// RandAugment, where it is the policy.
  public var randaugment = RandAugmentSettings()
  /// CTAugment, where it is the policy.
  public var ctaugment = CTAugmentSettings()

  /// The defaults.
  public init() {}

  /// The parts that are not off, in order.
  public var parts: [any Augmentation] { named.flatMap(\.parts) }
  /// What learns of probes; nil where nothing does.
  public var learning: CTAugment? { policy == .ctaugment ? CTAugment(ctaugment) : nil }

  /// The parts with their names.
  var named: [NamedPart] {
    switch policy {
    case .sda: sda
    case .randaugment: randaugment.parts
    case .ctaugment: ctaugment.parts
    }
  }

  /// The parts of strong data augmentation that are not off.
  var sda: [NamedPart] {
    (jitter.probability > 0 ? [NamedPart("jitter", jitter.part)] : [])
      + (greyProbability > 0 ? [NamedPart("grey", ColorPart.grey(probability: greyProbability))] : [])
      + (blur.probability > 0 ? [NamedPart("blur", blur.part)] : [])
      + (cutout.probability > 0 ? [NamedPart("cutout", cutout.part)] : [])
  }
}

/// A rectangle that is covered, and not learnt; the numbers are those of ST++'s release.
public struct CutoutSettings: Codable, Sendable, Equatable {
  /// How likely a strong view has one.
  public var probability = 0.5
  /// The least share of the view that it covers.
  public var areaFrom = 0.02
  /// The greatest share of the view that it covers.
  public var areaTo = 0.4
  /// The least height over width.
  public var ratioFrom = 0.3
  /// The greatest height over width.
  public var ratioTo = 1 / 0.3
  /// What it is covered with.
  public var fill = Fill.noise

  /// What a rectangle is covered with.
  public enum Fill: String, Codable, CaseIterable, Sendable {
    /// A random value for every pixel and channel.
    case noise
    /// Grey of value 125.
    case grey
  }

  /// The defaults.
  public init() {}

  /// The part.
  var part: any Augmentation {
    Cutout(
      areas: areaFrom...max(areaFrom, areaTo), ratios: ratioFrom...max(ratioFrom, ratioTo), probability: probability,
      fill: fill == .grey ? 125 : nil)
  }
}
