import Annotations
import Documents
import Views

/// One image that can be drawn, without its pixels.
public struct PooledImage: Sendable, Equatable {
  /// The file.
  public var path: String
  /// The name by which lists and results call it.
  public var name: String
  /// The id in the file of labels; its place in the pool where there is none.
  public var id: Int
  /// Height in pixels as the labels say; 0 where nothing says it.
  public var height: Int
  /// Width in pixels as the labels say; 0 where nothing says it.
  public var width: Int
  /// Its objects; empty for an unlabelled image.
  public var labels: BoxLabels
  /// Where the classes of its pixels stand; nil for an unlabelled image.
  public var mask: MaskReference?
  /// The classes that are somewhere in the image, rising; nil where that is not known.
  public var tags: [Int]?

  /// An image of a pool.
  public init(
    path: String, name: String, id: Int, height: Int = 0, width: Int = 0, labels: BoxLabels = BoxLabels(),
    mask: MaskReference? = nil, tags: [Int]? = nil
  ) {
    self.path = path
    self.name = name
    self.id = id
    self.height = height
    self.width = width
    self.labels = labels
    self.mask = mask
    self.tags = tags
  }
}

/// The images of one stream, in a fixed order.
public struct ImagePool: Sendable, Equatable {
  /// What the pool is, for messages, such as `labeled`.
  public let name: String
  /// The images; their places are what an order draws.
  public let images: [PooledImage]

  /// A pool of these images.
  public init(name: String, images: [PooledImage]) {
    self.name = name
    self.images = images
  }

  /// How many images there are.
  public var count: Int { images.count }

  /// The first `count` images alone, as for overfitting a few.
  public func first(_ count: Int) -> ImagePool { ImagePool(name: name, images: Array(images.prefix(count))) }

  /// At most `count` images, spread evenly over the pool, as for pictures of some.
  public func spread(_ count: Int) -> ImagePool {
    let wanted = min(count, self.count)
    return ImagePool(name: name, images: (0..<wanted).map { images[$0 * self.count / wanted] })
  }

  /// The images of which `isKept` is true.
  public func filter(_ isKept: (PooledImage) -> Bool) -> ImagePool {
    ImagePool(name: name, images: images.filter(isKept))
  }

  /// A digest of names, sizes and labels in their order: equal for pools that give the same numbers.
  public var digest: String {
    var hash = SHA256()
    for image in images {
      hash.update("\(image.name)\n\(image.height) \(image.width)\n")
      for (box, kind) in zip(image.labels.boxes, image.labels.classes) {
        hash.update("\(kind) \(box.x0) \(box.y0) \(box.x1) \(box.y1)\n")
      }
      if let mask = image.mask { hash.update("\(mask.identity)\n") }
      if let tags = image.tags { hash.update("tags \(tags)\n") }
    }
    return hash.hexDigest()
  }

  /// The group of each image by its shape: 0 wide or square, 1 high, 2 unknown.
  var orientationGroups: [Int] {
    images.map { $0.height == 0 || $0.width == 0 ? 2 : $0.height > $0.width ? 1 : 0 }
  }
}
