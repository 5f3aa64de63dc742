import Imaging

/// What an object's outline or mask is where a form has rings alone.
struct Outline {
  /// Rings x, y, x, y …, one a part.
  let rings: [[Double]]
  /// Holes of a mask, which rings around its parts fill.
  private(set) var holes = 0
  /// Whether the rings are those of an outline or mask, and not the corners of the box.
  private(set) var isOwn = true

  /// The rings of an object's outline, or around the pixels of its mask, else the corners of its box. A mask of more pixels than
  /// are decoded of an image is none.
  init(of object: ObjectAnnotation) {
    switch try? object.segmentation?.content(place: "") {
    case .polygons(let rings)? where !rings.isEmpty: self.rings = rings
    case .mask(let mask)? where mask.box != nil && mask.height * mask.width <= ImageLimits().pixels:
      let traced = RingTracing(mask)
      (rings, holes) = (traced.rings, traced.holes)
    default: (rings, isOwn) = ([Ring.corners(of: object.box)], false)
    }
  }
}
