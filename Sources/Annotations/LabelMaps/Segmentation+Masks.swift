extension Segmentation {
  /// The pixels of an object in its image, one mask for each of its parts; parts may lie over each other.
  ///
  /// - Parameter place: what errors call the object.
  func masks(height: Int, width: Int, place: String) throws(AnnotationError) -> [RunLengthMask] {
    switch try content(place: place) {
    case .mask(let mask):
      guard (mask.height, mask.width) == (height, width) else {
        throw .content(
          place: "\(place): segmentation",
          reason: "the mask is \(mask.width)×\(mask.height), the image \(width)×\(height)")
      }
      return [mask]
    case .polygons(let rings):
      return try rings.map { ring throws(AnnotationError) in
        guard let mask = RunLengthMask(polygon: ring, height: height, width: width) else {
          throw .content(place: "\(place): segmentation", reason: "leads far out of the image")
        }
        return mask
      }
    }
  }
}
