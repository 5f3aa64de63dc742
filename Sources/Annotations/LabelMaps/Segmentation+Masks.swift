extension Segmentation {
  /// The pixels of an object in its image, one mask for each of its parts; parts may lie over each other.
  ///
  /// - Parameter place: what errors call the object.
  func masks(height: Int, width: Int, place: String) throws(AnnotationError) -> [RunLengthMask] {
    switch try content(place: place) {
    case .mask(let mask):
      guard (mask.height, mask.width) == (height, width) else {
        throw .content(
          place: Self.place(in: place),
          reason: "the mask is \(mask.width)×\(mask.height), the image \(width)×\(height)")
      }
      return [mask]
    case .polygons(let rings):
      guard MaskRuns.isUsable(MaskSize(height: height, width: width)) else {
        throw .content(
          place: Self.place(in: place), reason: "the image is \(width)×\(height), and no mask has so many pixels")
      }
      var masks: [RunLengthMask] = []
      for (index, ring) in rings.enumerated() {
        guard let mask = RunLengthMask(polygon: ring, height: height, width: width) else {
          throw .content(place: Self.place(in: place, "[\(index)]"), reason: "leads far out of the image")
        }
        masks.append(mask)
      }
      return masks
    }
  }
}
