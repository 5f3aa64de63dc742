import Annotations
import Imaging
import Randomness
import TestSupport
import Views

@testable import Samples

/// A folder of small JPEG files with content of their own, and labels for them.
struct GeneratedImages {
  let folder = try? ScratchFolder()
  let pool: ImagePool

  /// `count` images, wide and high by turns, with one box each.
  init(count: Int, name: String = "labeled", quality: Int = 90) throws {
    var images: [PooledImage] = []
    for index in 0..<count {
      var generator = SeededGenerator(seed: 11, stream: UInt64(index))
      let (height, width) = index % 2 == 0 ? (40 + index, 60) : (70, 45 + index)
      var image = Image(height: height, width: width, channels: 3)
      let (x, y) = (generator.integer(below: 20), generator.integer(below: 20))
      for row in 0..<height {
        for column in 0..<width {
          let inside = (y..<y + 15).contains(row) && (x..<x + 18).contains(column)
          image[row, column, 0] = UInt8((row * 5 + index * 37) % 256)
          image[row, column, 1] = UInt8((column * 7) % 256)
          image[row, column, 2] = inside ? 250 : 20
        }
      }
      let path = try folder?.file("image-\(index).jpg") ?? ""
      try ImageFile.write(image, to: path, quality: quality)
      let box = Box(x: Double(x), y: Double(y), width: 18, height: 15)
      images.append(
        PooledImage(
          path: path, name: "image-\(index).jpg", id: index + 1, height: height, width: width,
          labels: BoxLabels(boxes: [box], classes: [index % 3])))
    }
    pool = ImagePool(name: name, images: images)
  }

  /// The images as unlabelled ones, each with the tags that its place is given; nil for none.
  func tagged(_ tags: (Int) -> [Int]?) -> ImagePool {
    ImagePool(
      name: "unlabeled",
      images: pool.images.enumerated().map { place, image in
        var image = image
        image.tags = tags(place)
        return image
      })
  }
}
