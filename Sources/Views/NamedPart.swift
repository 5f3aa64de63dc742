/// What views are made by, under a name: one part of augmentation, or several that follow one another.
public struct NamedPart: Sendable {
  /// A word or two, in ASCII.
  public let name: String
  /// What it does, in order.
  public let parts: [any Augmentation]

  /// One part.
  init(_ name: String, _ part: any Augmentation) { self.init(name, [part]) }

  /// Several parts.
  init(_ name: String, _ parts: [any Augmentation]) {
    self.name = name
    self.parts = parts
  }
}

extension ViewSettings {
  /// Each part that views of detectors have or may have, with these settings' magnitudes and certain to act, one at a time; then a whole
  /// weak and a whole strong view.
  public var namedParts: [NamedPart] {
    var all = strongAugmentation
    (all.eraseProbability, all.jitter.probability, all.blur.probability) = (1, 1, 1)
    all.noise.probabilities = all.noise.areasFrom.map { _ in 1 }
    return [NamedPart("mirror", RandomMirror(probability: 1))]
      + all.colors.filter { $0.name != "identity" } + all.geometries
      + [
        all.erasing, NamedPart("jitter", all.jitter.part), NamedPart("grey", ColorPart.grey()),
        NamedPart("blur", all.blur.part), NamedPart("noise", all.noise.parts), NamedPart("a weak view", weak),
        NamedPart("a strong view", sharesGeometry ? weak + strong : strong),
      ]
  }
}

extension SegmentationViewSettings {
  /// Each part of the views of segmenters, with these settings' magnitudes and certain to act, one at a time; then a whole weak view, a
  /// whole strong view, and strong views by the other policies.
  public var namedParts: [NamedPart] {
    var all = strongAugmentation
    (all.jitter.probability, all.greyProbability, all.blur.probability, all.cutout.probability) = (1, 1, 1, 1)
    func view(by policy: ViewPolicy) -> [any Augmentation] {
      var other = self
      other.strongAugmentation.policy = policy
      return sharesGeometry ? weak + other.strong : other.strong
    }
    // What only turns up in policies; a cutout is a part of its own already.
    let operations = PolicyOperation.ctAugment(fill: UInt8(clamping: all.ctaugment.fill)).filter {
      !["identity", "cutout"].contains($0.name)
    }
    return [
      NamedPart("resize", scaling),
      NamedPart("resize and crop", [scaling, RandomCrop(height: cropHeight, width: cropWidth)]),
      NamedPart("mirror", RandomMirror(probability: 1)),
    ] + all.sda + operations.map { NamedPart($0.name, SingleOperation(operation: $0)) } + [
      NamedPart("a weak view", weak), NamedPart("a strong view", view(by: .sda)),
      NamedPart("by randaugment", view(by: .randaugment)), NamedPart("by ctaugment", view(by: .ctaugment)),
    ]
  }
}
