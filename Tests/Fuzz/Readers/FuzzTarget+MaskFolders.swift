import Documents

@testable import Annotations
@testable import Imaging

extension FuzzTarget {
  /// Folders of label maps of one image. The input is its width, then the pixels of the one map and of the other.
  static let maskFolders: [FuzzTarget] = [
    FuzzTarget(name: "voc-masks", seeds: []) {
      [
        classes = InputFile("a.png", in: "voc", VOCMasks.classFolder),
        objects = InputFile("a.png", in: "voc", VOCMasks.objectFolder),
      ] bytes in
      guard let labels = write(bytes, to: classes, objects) else { return }
      guard let content = try? VOCMasks.read(Path.folder(of: classes.folder), options: ReadingOptions()) else { return }
      check(content, pixels: labels.count { $0 != 0 && $0 != 255 })
    },
    FuzzTarget(name: "cityscapes", seeds: []) {
      [
        classes = InputFile("a_gtFine_labelIds.png", in: "cityscapes", "gtFine"),
        instances = InputFile("a_gtFine_instanceIds.png", in: "cityscapes", "gtFine"),
      ] bytes in
      guard let labels = write(bytes, to: classes, instances) else { return }
      guard let content = try? CityscapesFolder.read(classes.folder, options: ReadingOptions()) else { return }
      let table = CityscapesClasses.table(.ids)
      check(content, pixels: labels.count { label in table.classes.contains { $0.id == Int(label) } })
    },
  ]

  /// Writes both label maps; the pixels of the first.
  private static func write(_ bytes: UnsafeRawBufferPointer, to first: InputFile, _ second: InputFile) -> [UInt8]? {
    guard bytes.count > 2, bytes[0] > 0 else { return nil }
    let width = Int(bytes[0])
    let height = (bytes.count - 1) / 2 / width
    guard height > 0 else { return nil }
    let pixels = bytes.dropFirst().prefix(height * width)
    let others = bytes.dropFirst(1 + height * width).prefix(height * width)
    for (file, pixels) in [(first, pixels), (second, others)] {
      let map = Image(height: height, width: width, channels: 1, pixels: Array(pixels))
      guard let png = try? ImageFile.encodePNG(map, level: 0) else { preconditionFailure("a map is not written") }
      png.withUnsafeBytes { file.hold($0) }
    }
    return Array(pixels)
  }

  /// Every pixel of a class is one object's, unless a map was refused.
  private static func check(_ content: FormContent, pixels: Int) {
    let set = content.set
    guard content.problems.count(.error) == 0, let image = set.images.first else { return }
    var owners = [UInt8](repeating: 0, count: image.height * image.width)
    for object in set.objects {
      guard case .mask(let mask)? = try? object.segmentation?.content(place: "input") else {
        preconditionFailure("an object has no mask")
      }
      // Runs of pixels that are the object's lie between others; a map of many objects would take long pixel by pixel.
      var place = 0
      for (number, count) in mask.counts.enumerated() {
        if number % 2 == 1 { for pixel in place..<place + count { owners[pixel] += 1 } }
        place += count
      }
    }
    require(owners.allSatisfy { $0 < 2 }, "a pixel is two objects'")
    require(owners.count { $0 == 1 } == pixels, "the objects have not the pixels of the classes")
  }
}
