// CutMix (Yun et al. 2019) for segmentation (French et al. 2020): rectangles of another image of the batch are pasted into an image, and into
// all that is known of its pixels.
//
// Source of the rectangles: see `CutMixSettings.Rectangles`.
// Difference: in UniMatch, CPS and others the partner comes from a second loader with the same seed, which gives another crop of the same
// picture (github.com/LiheYoung/UniMatch, issue 51; github.com/charlesCXK/TorchSemiSeg, issue 57); here a partner is never the same image.

import Randomness
import Samples
import Torch
import Views

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rectangles that are pasted into the images of one batch.
struct CutMix {
  /// Rectangles of one image in another, by their places in the batch. Where two of them overlap the image's own pixels are back.
  struct Paste: Equatable {
    let image: Int
    let partner: Int
    let patches: [ViewStep.Patch]
  }

  let pastes: [Paste]
  private let shape: (count: Int, height: Int, width: Int)

  /// Draws rectangles for images of one size.
  ///
  /// - Parameter identities: What tells the images apart, in the order of the batch: views of one image are no partners.
  init(
    of identities: [Int], height: Int, width: Int, _ settings: CutMixSettings, using generator: inout SeededGenerator
  ) {
    shape = (identities.count, height, width)
    var pastes: [Paste] = []
    let partners = PixelMix.partners(of: identities, probability: settings.probability, using: &generator)
    for (image, partner) in partners.enumerated() where partner != image {
      let patches = (0..<settings.boxes).compactMap { _ in
        settings.patch(height: height, width: width, using: &generator)
      }
      if !patches.isEmpty { pastes.append(Paste(image: image, partner: partner, patches: patches)) }
    }
    self.pastes = pastes
  }

  /// Draws rectangles for the images of a batch of views.
  init(of views: ViewBatch, _ settings: CutMixSettings, using generator: inout SeededGenerator) {
    self.init(
      of: views.views.map(\.image), height: views.images.size(2), width: views.images.size(3), settings,
      using: &generator)
  }

  /// The pixels that they cover, on a device.
  func mix(on device: Device) -> PixelMix {
    var partners = Array(0..<shape.count)
    let plane = shape.height * shape.width
    var isPasted = [Bool](repeating: false, count: shape.count * plane)
    for paste in pastes {
      partners[paste.image] = paste.partner
      for patch in paste.patches {
        for y in patch.y..<patch.y + patch.height {
          let row = paste.image * plane + y * shape.width
          for x in patch.x..<patch.x + patch.width { isPasted[row + x].toggle() }
        }
      }
    }
    return PixelMix(
      partners: partners,
      isPasted: Tensor(isPasted, shape: [shape.count, shape.height, shape.width], device: device))
  }
}

extension CutMixSettings {
  /// One rectangle; nil where it has no pixel.
  func patch(height: Int, width: Int, using generator: inout SeededGenerator) -> ViewStep.Patch? {
    let areas = areaFrom...max(areaFrom, areaTo)
    let patch: ViewStep.Patch?
    switch rectangles {
    case .ratio:
      patch = Cutout.patch(
        height: height, width: width, areas: areas, ratios: ratioFrom...max(ratioFrom, ratioTo), using: &generator)
    case .logSides:
      // Of several rectangles each has its part of the area.
      let area = generator.uniform(areas)
      let share = pow(area, generator.uniform())
      let scale = (1 / Double(boxes)).squareRoot()
      patch = Self.inside(
        height, width, share * scale, area == 0 ? 0 : area / share * scale, using: &generator)
    case .beta:
      // 1 − λ of the area: Beta(4, 4) is the fourth of seven even draws in order, and is symmetric.
      let side = (0..<7).map { _ in generator.uniform() }.sorted()[3].squareRoot()
      let (rows, columns) = (Double(height) * side, Double(width) * side)
      let y = Double(height) * (0.125 + 0.875 * generator.uniform())
      let x = Double(width) * (0.125 + 0.875 * generator.uniform())
      func bounds(_ centre: Double, _ size: Double, _ limit: Int) -> (from: Int, count: Int) {
        let from = max(0, Int(centre - size / 2))
        return (from, max(0, min(limit, Int(centre + size / 2)) - from))
      }
      let (vertical, horizontal) = (bounds(y, rows, height), bounds(x, columns, width))
      patch = ViewStep.Patch(
        y: vertical.from, x: horizontal.from, height: vertical.count, width: horizontal.count)
    }
    return patch.flatMap { $0.height > 0 && $0.width > 0 ? $0 : nil }
  }

  /// A rectangle of these shares of the sides, anywhere inside.
  private static func inside(
    _ height: Int, _ width: Int, _ rowShare: Double, _ columnShare: Double, using generator: inout SeededGenerator
  ) -> ViewStep.Patch {
    let rows = min(height, Int((Double(height) * rowShare).rounded()))
    let columns = min(width, Int((Double(width) * columnShare).rounded()))
    return ViewStep.Patch(
      y: generator.integer(below: height - rows + 1), x: generator.integer(below: width - columns + 1), height: rows,
      width: columns)
  }
}
