import Torch

/// Reference boxes on a grid over each level of a pyramid (Ren et al., Faster R-CNN, section 3.1.1).
///
/// torchvision's convention: boxes are centred on 0 and rounded to whole pixels, and a level's stride is what the padded
/// image's size divided by the level's size gives, so the last level may have 61 instead of 64.
public struct AnchorGenerator: Sendable {
  /// Side lengths (√area) for each level.
  public let sizes: [[Double]]
  /// Height over width, the same for every level.
  public let aspectRatios: [Double]

  /// An anchor for each size and ratio at each position.
  public init(sizes: [[Double]], aspectRatios: [Double]) {
    self.sizes = sizes
    self.aspectRatios = aspectRatios
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
        return [-width, -height, width, height].map { $0.rounded(.toNearestOrEven) }
      }
    }
  }

  /// Anchors of every level, each [Hl · Wl · A, 4] on the CPU: rows, then columns, then the anchors of a position.
  ///
  /// - Parameters:
  ///   - mapSizes: Height and width of each level.
  ///   - height: Of the padded images.
  ///   - width: Of the padded images.
  ///   - type: Of the result.
  public func anchors(
    mapSizes: [(height: Int, width: Int)], height: Int, width: Int, type: ElementType = .float32
  ) -> [Tensor] {
    precondition(mapSizes.count == sizes.count, "\(mapSizes.count) levels, anchors for \(sizes.count)")
    return mapSizes.enumerated().map { level, map in
      func shifts(_ count: Int, stride: Int) -> Tensor {
        (Tensor.range(to: Double(count), .float32) * Double(stride)).to(type)
      }
      let y = shifts(map.height, stride: height / map.height).reshaped(-1, 1).expanded([map.height, map.width])
      let x = shifts(map.width, stride: width / map.width).reshaped(1, -1).expanded([map.height, map.width])
      let origins = stack([x, y, x, y], axis: 2).reshaped(-1, 1, 4)
      let base = Tensor(baseAnchors(level: level), shape: [-1, 4].map { $0 < 0 ? countsPerPosition[level] : $0 })
      return (origins + base.to(type)).reshaped(-1, 4)
    }
  }
}
