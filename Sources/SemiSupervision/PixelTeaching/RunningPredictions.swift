// What a network has said about each image so far, as a running mean of its probabilities that forgets: Temporal Ensembling's Z.
//
// Source: Temporal Ensembling (Laine and Aila, ICLR 2017), section 2.2: Z ← αZ + (1 − α)z, target Z / (1 − αᵗ).
// For pixels (no source has that): kept on a coarse grid over the whole image, in float16, so that views of any size, place and mirroring can
// be written and read; what was drawn of the geometry is undone. Each cell counts by itself how often it was seen.

import Annotations
import Layers
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

/// The running mean of what was said about images. K classes, h × w cells over a whole image.
final class RunningPredictions {
  /// What is kept of one image.
  private struct Entry {
    /// Z, float16 [K, h, w].
    var sum: Tensor
    /// How often each cell was seen, float16 [h, w]; so often that nothing changes any more at 1000.
    var times: Tensor
  }

  private let classCount: Int
  /// Cells along the longer side.
  private let side: Int
  /// α.
  private let momentum: Double
  private var entries: [String: Entry] = [:]

  init(classCount: Int, side: Int, momentum: Double) {
    (self.classCount, self.side, self.momentum) = (classCount, side, momentum)
  }

  /// Images that something was said about.
  var count: Int { entries.count }

  /// The mean of what was said about the pixels of a view, [K, H, W], and about which pixels something was, bool [H, W]; nil for an
  /// image that is new.
  ///
  /// - Parameters:
  ///   - key: What tells the image from others.
  ///   - height: Rows of the view with its padding.
  func target(_ key: String, _ view: View, height: Int, width: Int, on device: Device) -> (Tensor, isKnown: Tensor)? {
    guard let entry = entries[key], let back = view.geometry.map.inverse else { return nil }
    let times = entry.times.to(.float32)
    let weights = 1 - (times * log(max(momentum, .leastNormalMagnitude))).exp()
    let isSeen: Tensor = times .> 0
    let means = entry.sum.to(.float32) / weights.filled(1, where: !isSeen)
    let geometry = view.geometry
    let places = Self.centred(height: height, width: width).then(back)
      .then(Self.normed(height: geometry.originalHeight, width: geometry.originalWidth))
    let both = concatenate([means, isSeen.to(.float32).unsqueezed(0)]).to(device).unsqueezed(0)
    let sampled = both.sampledBilinear(
      at: Self.tensor(places, on: device), height: height, width: width, beyond: .edge)[0]
    // Where a neighbour was never seen, its zeros are in the mean.
    return (sampled.sliced(axis: 0, to: classCount), sampled[classCount] .> 0.999)
  }

  /// Adds what is said about the pixels of a view.
  ///
  /// - Parameters:
  ///   - probabilities: [K, H, W].
  ///   - validity: Which of them show the image, bool [H, W].
  func add(_ key: String, _ view: View, _ probabilities: Tensor, validity: Tensor) {
    let geometry = view.geometry
    let (height, width) = (probabilities.size(1), probabilities.size(2))
    let rows = Self.cells(geometry.originalHeight, of: geometry, side)
    let columns = Self.cells(geometry.originalWidth, of: geometry, side)
    withoutGradients {
      // Means over the pixels of about a cell, so that none is passed over.
      let factor = max(1, geometry.scaledHeight / rows)
      let valid = validity.to(.float32).unsqueezed(0)
      let pooled = concatenate([probabilities.to(.float32) * valid, valid]).unsqueezed(0)
        .averagePooled(toHeight: max(1, height / factor), width: max(1, width / factor))
      let places = Self.centred(height: geometry.originalHeight, width: geometry.originalWidth)
        .then(geometry.map).then(Self.normed(height: height, width: width))
      let sampled = pooled.sampledBilinear(
        at: Self.tensor(places, on: probabilities.device), height: rows, width: columns)[0].to(.cpu)
      let share = sampled[classCount]
      let isSeen = (share .> 0.5).to(.float32)
      let said = sampled.sliced(axis: 0, to: classCount) / share.clamped(min: 1e-6)
      let old =
        entries[key]
        ?? Entry(
          sum: Tensor.zeros([classCount, rows, columns], .float16), times: Tensor.zeros([rows, columns], .float16))
      let sum = old.sum.to(.float32)
      entries[key] = Entry(
        sum: (sum + (said - sum) * (isSeen * (1 - momentum)).unsqueezed(0)).to(.float16),
        times: (old.times.to(.float32) + isSeen).clamped(max: 1000).to(.float16))
    }
  }

  /// All that is kept.
  var state: StateDict {
    StateDict(
      entries.sorted { $0.key < $1.key }.flatMap { key, entry in
        [("predictions.\(key).sum", entry.sum), ("predictions.\(key).times", entry.times)]
      })
  }

  /// Goes on with what was kept; false where it is of other classes.
  func restore(_ state: StateDict) -> Bool {
    var found: [String: Entry] = [:]
    let tensors = Dictionary(state.entries.map { ($0.name, $0.tensor) }) { first, _ in first }
    for (name, sum) in state.entries where name.hasPrefix("predictions.") && name.hasSuffix(".sum") {
      let stem = name.dropLast(".sum".count)
      guard let times = tensors[stem + ".times"], sum.rank == 3, sum.size(0) == classCount else { return false }
      found[String(stem.dropFirst("predictions.".count))] = Entry(sum: sum.to(.float16), times: times.to(.float16))
    }
    entries = found
    return true
  }

  /// Cells along a side of an image.
  private static func cells(_ length: Int, of geometry: ViewGeometry, _ side: Int) -> Int {
    let long = max(geometry.originalHeight, geometry.originalWidth)
    return max(1, Int((Double(length * side) / Double(long)).rounded()))
  }

  /// From −1…1 to pixels.
  private static func centred(height: Int, width: Int) -> AffineMap {
    let (y, x) = (Double(height) / 2, Double(width) / 2)
    return AffineMap(a: x, b: 0, tx: x, c: 0, d: y, ty: y)
  }

  /// From pixels to −1…1.
  private static func normed(height: Int, width: Int) -> AffineMap {
    AffineMap(a: 2 / Double(width), b: 0, tx: -1, c: 0, d: 2 / Double(height), ty: -1)
  }

  private static func tensor(_ map: AffineMap, on device: Device) -> Tensor {
    Tensor(
      [map.a, map.b, map.tx, map.c, map.d, map.ty].map { Float($0) }, shape: [1, 2, 3], device: device)
  }
}
