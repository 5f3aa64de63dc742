import Annotations
import Samples

/// The images to be looked at, with the ids that results give them.
struct ImageSource {
  /// The images; names are unique.
  let pool: ImagePool
  /// The classes as results number them, in the order of the network's labels.
  let categories: [Annotations.Category]
  /// The labels of the images, where they are wanted.
  let labels: AnnotationSet?

  /// Finds the images. Of labels the ids of images and classes are kept, and nothing else is looked at unless the labels
  /// themselves are wanted.
  init(_ files: FileOptions, classes: [String], wantsLabels: Bool = false) throws {
    if wantsLabels || AnnotationSource.looksLikeLabels(files.images) {
      let reading =
        wantsLabels
        ? try AnnotationSource.read(files.images, images: files.imageFolder, list: files.imageList)
        : try AnnotationSource.inspect(files.images, images: files.imageFolder, list: files.imageList)
      labels = wantsLabels ? reading.set : nil
      pool = try .unlabeled(reading.set, source: reading.source, folder: reading.imageFolder, name: "given")
      let known = Dictionary(reading.set.categories.map { ($0.name, $0) }) { first, _ in first }
      var unused = reading.set.categories.map(\.id).max() ?? 0
      categories = classes.map { name in
        if let category = known[name] { return category }
        unused += 1
        return Annotations.Category(id: unused, name: name)
      }
      return
    }
    labels = nil
    var pool = try ImagePool.unlabeled(files.images, folder: files.imageFolder, name: "given")
    if let list = files.imageList { pool = try pool.selected(byList: list) }
    let sorted = pool.images.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.pool = ImagePool(
      name: pool.name,
      images: sorted.enumerated().map { place, image in
        PooledImage(path: image.path, name: image.name, id: place + 1)
      })
    categories = classes.enumerated().map { Annotations.Category(id: $0.offset + 1, name: $0.element) }
  }
}
