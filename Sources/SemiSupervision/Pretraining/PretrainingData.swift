import Documents
import Samples
import Segmentation
import Training
import Views

/// The images that an encoder is pre-trained on: the labelled and the unlabelled ones of a segmentation run, all without labels.
struct PretrainingData: TaskData {
  /// All of them.
  let images: ImagePool
  /// Held-out images that select the best weights.
  let validation: ImagePool?
  let unusable: [SkippedImage]
  /// What was noticed, a line each.
  let notes: [String]

  /// Images that are large enough for a grid of patches.
  ///
  /// - Throws: Where an image is too small, however much the views enlarge it.
  init(_ data: SegmentationData, grid: PatchGrid, views: SegmentationViewSettings) throws(RunError) {
    let unlabeled = data.unlabeled?.images ?? []
    images = ImagePool(name: "pretraining", images: (data.labeled.images + unlabeled).map(\.withoutLabels))
    validation = data.validation.map { pool in
      ImagePool(name: pool.name, images: pool.images.map(\.withoutLabels))
    }
    unusable = data.unusable
    notes = [
      "pre-training: \(images.count) images, \(data.labeled.count) labelled and \(unlabeled.count) unlabelled; no labels are looked at"
    ]
    for image in images.images + (validation?.images ?? []) where image.height > 0 && image.width > 0 {
      let largest = views.largestSize(height: image.height, width: image.width)
      guard largest.height < grid.height || largest.width < grid.width else { continue }
      throw .data(
        "\(image.path): is \(largest.width)×\(largest.height) pixels in its largest view (views.scale_to "
          + "\(views.scaleTo)), and the patches of pretraining.cpc cover \(grid.width)×\(grid.height); fewer or smaller "
          + "patches or a greater scale are wanted")
    }
  }

  var labeledPool: ImagePool { images }
  var unlabeled: ImagePool? { images }
  var hasValidation: Bool { validation != nil }
  var splitJSON: JSON? { nil }
}

extension PooledImage {
  /// The image as one that nobody has labelled.
  fileprivate var withoutLabels: PooledImage {
    PooledImage(path: path, name: name, id: id, height: height, width: width)
  }
}
