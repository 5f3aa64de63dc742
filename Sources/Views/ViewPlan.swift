/// All that is decided about a view before its image is decoded.
public struct ViewPlan: Sendable, Equatable {
  /// Size and map.
  public var geometry: ViewGeometry
  /// What is done to the pixels of the resized and mirrored image, in order.
  public private(set) var steps: [ViewStep] = []

  /// The view that is its image.
  public init(originalHeight: Int, originalWidth: Int) {
    geometry = ViewGeometry(originalHeight: originalHeight, originalWidth: originalWidth)
  }

  /// Adds a step; one that moves pixels enters the geometry.
  public mutating func append(_ step: ViewStep) {
    if case .geometry(let change, _) = step {
      geometry.warp(by: change.map(height: geometry.height, width: geometry.width))
    }
    steps.append(step)
  }
}
