import Torch

/// Reference boxes on a grid over each level of a pyramid (Ren et al., Faster R-CNN, section 3.1.1).
///
/// Boxes are centred on 0. torchvision rounds them to whole pixels, and a level's stride is what the padded image's size divided
/// by the level's size gives, so the last level may have 61 instead of 64; mmdetection does neither.
public struct AnchorGenerator: Sendable {
  /// Side lengths (√area) for each level.
  public let sizes: [[Double]]
  /// Height over width, the same for every level.
  public let aspectRatios: [Double]
  /// Pixels from one position to the next, of each level; nil: computed, and anchors rounded (torchvision).
  public let strides: [Int]?

  /// An anchor for each size and ratio at each position.
  public init(sizes: [[Double]], aspectRatios: [Double], strides: [Int]? = nil) {
    precondition(strides == nil || strides?.count == sizes.count, "one stride a level")
    self.sizes = sizes
    self.aspectRatios = aspectRatios
    self.strides = strides
  }

  /// Anchors at each position of each level.
  public var countsPerPosition: [Int] { sizes.map { $0.count * aspectRatios.count } }

  /// The boxes around (0, 0) of a level, [ratios × sizes, 4], ratios outermost.
  func baseAnchors(level: Int) -> [Double] {
    aspectRatios.flatMap { ratio in
      let heightRatio = ratio.squareRoot()
      return sizes[level].flatMap { size in
        let width = size / heightRatio / 2
        let height = size * heightRatio / 2
        let corners = [-width, -height, width, height]
        return strides == nil ? corners.map { $0.rounded(.toNearestOrEven) } : corners
      }
    }
  }

  /// Anchors of all levels, one behind the other, [A, 4] on the CPU, and of every level, each [Hl · Wl · A, 4] of them: rows, then
  /// columns, then the anchors of a position.
  ///
  /// - Parameters:
  ///   - mapSizes: Height and width of each level.
  ///   - height: Of the padded images.
  ///   - width: Of the padded images.
  ///   - type: Of the result, float32 or float64.
  public func anchors(
    mapSizes: [(height: Int, width: Int)], height: Int, width: Int, type: ElementType = .float32
  ) -> (all: Tensor, levels: [Tensor]) {
    precondition(mapSizes.count == sizes.count, "\(mapSizes.count) levels, anchors for \(sizes.count)")
    let levels = mapSizes.enumerated().map { level, map in
      AnchorLevel(
        rows: map.height, columns: map.width, rowStride: strides?[level] ?? height / map.height,
        columnStride: strides?[level] ?? width / map.width, base: baseAnchors(level: level))
    }
    let all = gridAnchors(levels, type: type)
    var first = 0
    return (
      all,
      levels.map { level in
        defer { first += level.count }
        return all.sliced(axis: 0, from: first, to: first + level.count)
      }
    )
  }

  /// Whether the position of each anchor, in the order of ``anchors(mapSizes:height:width:type:)`` over all levels, lies in the
  /// first `height` by `width` pixels of the padded images: bool on the CPU. A position of which a part does counts.
  ///
  /// - Precondition: There are strides.
  func areWithin(mapSizes: [(height: Int, width: Int)], height: Int, width: Int) -> Tensor {
    guard let strides else { preconditionFailure("positions within an image want fixed strides") }
    return concatenate(
      mapSizes.enumerated().map { level, map in
        func mask(_ count: Int, _ side: Int) -> Tensor {
          Tensor.range(to: Double(count), .float32) * Double(strides[level]) .< Double(side)
        }
        let positions = mask(map.height, height).reshaped(-1, 1) .& mask(map.width, width)
        return positions.reshaped(-1, 1).expanded([map.height * map.width, countsPerPosition[level]]).flattened()
      })
  }
}
