import Annotations
import Torch
import Views

/// What is known of the pixels of some views, carried to other views that go on from them: moved, turned and sheared as their pixels are, by
/// the nearest one.
///
/// The rule is that of label maps (`View.labels(from:)`), to the pixel, one geometric change after the other. Only views that are moved are
/// touched, and where a pixel comes from is reckoned on the device that it lies on. What is covered stays: which pixels show their image
/// says the validity of the other views.
public struct PixelMove {
  /// The place of a view in its batch, its size, and its geometric changes in their order.
  private struct Moved {
    let place: Int
    let view: ViewGeometry
    let changes: [GeometricChange]
  }

  private let moved: [Moved]

  /// From views to those that go on from them, one for one in the order of their batches.
  ///
  /// - Precondition: each of the others has the size, the place and the steps of its view, and then steps of its own.
  public init(from views: [View], to others: [View]) {
    precondition(views.count == others.count, "PixelMove: expected as many views, got \(views.count), \(others.count)")
    moved = zip(views, others).enumerated().compactMap { place, pair in
      let (view, other) = pair
      precondition(
        other.goesOn(from: view), "PixelMove: expected a view of \(view.name) that goes on from the other, got \(other)"
      )
      let changes = other.steps.dropFirst(view.steps.count).compactMap { step -> GeometricChange? in
        if case .geometry(let change, _) = step, change.isChange { change } else { nil }
      }
      return changes.isEmpty ? nil : Moved(place: place, view: other.geometry, changes: changes)
    }
  }

  /// Whether nothing is moved.
  public var isIdentity: Bool { moved.isEmpty }

  /// A tensor of the batch carried along: any type, [N, …, H, W], each view at the upper left of its place.
  ///
  /// - Parameter fill: What stands where no pixel comes from.
  /// - Returns: The tensor itself where nothing is moved, else another one. No gradient flows.
  public func callAsFunction(_ tensor: Tensor, beyond fill: Double) -> Tensor {
    guard !moved.isEmpty else { return tensor }
    return withoutGradients {
      let result = tensor.detached().copied()
      for one in moved {
        let (height, width) = (one.view.height, one.view.width)
        let plane = result.selected(one.place, axis: 0)
        let part = plane.sliced(axis: plane.rank - 2, to: height).sliced(axis: plane.rank - 1, to: width)
        let origin = Self.origins(one, device: tensor.device)
        let flat = part.reshaped(part.shape.dropLast(2) + [height * width])
        let taken = flat.gathered(origin.places, axis: flat.rank - 1).filled(fill, where: !origin.isInside)
        part.copyInPlace(from: taken.reshaped(part.shape))
      }
      return result
    }
  }

  /// Where the pixels of a view come from: places in its rows one after the other, int64 [H · W], and whether there is one, bool [H · W].
  private static func origins(_ moved: Moved, device: Device) -> (places: Tensor, isInside: Tensor) {
    let (height, width) = (moved.view.height, moved.view.width)
    var origins: (places: Tensor, isInside: Tensor)?
    // Backwards: the last change says which pixel is shown of what the ones before it have made.
    for change in moved.changes.reversed() {
      let step = step(change, height: height, width: width, device: device)
      origins =
        origins.map { (step.places.gathered($0.places), $0.isInside .& step.isInside.gathered($0.places)) } ?? step
    }
    guard let origins else { preconditionFailure("PixelMove: expected a view that is moved") }
    return origins
  }

  /// The same for one change; a place that is none is the first.
  private static func step(
    _ change: GeometricChange, height: Int, width: Int, device: Device
  ) -> (places: Tensor, isInside: Tensor) {
    let back = change.inverseMap(height: height, width: width)
    let x = Tensor.indices(width, device: device).to(.float64) + 0.5
    let y = (Tensor.indices(height, device: device).to(.float64) + 0.5).unsqueezed(1)
    // In the host's order of sums.
    let fromX = (x * back.a + y * back.b + back.tx).floor()
    let fromY = (x * back.c + y * back.d + back.ty).floor()
    let isInside = (fromX .>= 0) .& (fromX .< Double(width)) .& (fromY .>= 0) .& (fromY .< Double(height))
    let places = (fromY * Double(width) + fromX).filled(0, where: !isInside).to(.int64)
    return (places.flattened(), isInside.flattened())
  }
}

extension View {
  /// Whether the view is another one with further steps.
  fileprivate func goesOn(from other: View) -> Bool {
    let (own, theirs) = (geometry, other.geometry)
    return image == other.image && own.height == theirs.height && own.width == theirs.width
      && own.scaledHeight == theirs.scaledHeight && own.scaledWidth == theirs.scaledWidth && own.cropY == theirs.cropY
      && own.cropX == theirs.cropX && own.isMirrored == theirs.isMirrored
      && Array(steps.prefix(other.steps.count)) == other.steps
  }
}
