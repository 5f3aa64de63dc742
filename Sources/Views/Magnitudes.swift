/// How far colour operations go.
public enum ColorMagnitudes: Sendable, Hashable {
  /// Whole numbers of 1...9, all equally likely, as in Soft Teacher's release.
  case whole(ClosedRange<Int>)
  /// Any number of 0...10, evenly; what it gives is rounded to one decimal, as in mmdetection 3.3.
  case tenths(ClosedRange<Double>)
}

/// How far geometric changes go, of 0 to a limit and to either side.
public enum GeometryMagnitudes: String, Codable, CaseIterable, Sendable {
  /// Any number, evenly, as in Soft Teacher's release.
  case exact
  /// Rounded to one decimal before the side is drawn, and moves to whole pixels, as in mmdetection 3.3. A move by up to a tenth of the
  /// view is none or a full tenth then.
  case tenths
}

/// What a shear by an angle multiplies coordinates by.
public enum ShearFactor: String, Codable, CaseIterable, Sendable {
  /// The angle's hyperbolic tangent, 0.48 for 30°: as in Soft Teacher's release, whose published figures come from it.
  case tanh
  /// Its tangent, 0.58 for 30°: as in mmdetection 3.3.
  case tan
}

extension Double {
  /// The nearest number with one decimal.
  var roundedToTenths: Double { (self * 10).rounded(.toNearestOrEven) / 10 }
}
