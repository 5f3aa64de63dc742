/// The classes of the generated data set: shapes, which nothing but their outline tells apart.
///
/// Colour, texture, size, rotation and stretch are drawn without looking at the class. Some pairs are meant to be
/// confused by a detector that has seen few of them: a ring with a small hole and a disc that is shaded towards its
/// centre, a thick cross and a square, a blunt star and a pentagon-like disc, a small star and a small cross.
public enum SyntheticClass: Int, CaseIterable, Sendable {
  /// A filled ellipse, nearly round.
  case disc
  /// An ellipse with a hole, through which the background is seen; the hole counts as background.
  case ring
  /// A square, slightly stretched.
  case square
  /// A triangle of nearly equal sides.
  case triangle
  /// A star of five points.
  case star
  /// A plus sign.
  case cross

  /// The name in label files.
  public var name: String {
    switch self {
    case .disc: "disc"
    case .ring: "ring"
    case .square: "square"
    case .triangle: "triangle"
    case .star: "star"
    case .cross: "cross"
    }
  }

  /// The number in label maps and COCO files, counted from 1; 0 is background.
  public var label: Int { rawValue + 1 }
}
