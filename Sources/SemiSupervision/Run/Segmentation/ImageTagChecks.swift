import Samples
import Training

/// Whether image-level labels and the method go together.
extension SegmentationSettings {
  /// Refuses tags that nothing would be learnt of, and a share of images with tags where there are none.
  func checkImageTags() throws(RunError) {
    guard masks.imageTags.isEmpty || method.usesImageTags else {
      let others = SegmentationMethods.all.map { $0.init() as any SegmentationMethodSettings }.filter(\.usesImageTags)
      throw .data(
        "--image-tags \(masks.imageTags): the method \(method.name) learns no image-level labels; "
          + "\(others.map(\.name).joined(separator: ", ")) does")
    }
    guard method.taggedShare == 0 || !masks.imageTags.isEmpty else {
      throw .data("method.tagged_share is \(method.taggedShare), and no image has tags; --image-tags FILE is wanted")
    }
  }

  /// Refuses a share that leaves some for images without tags where there are none.
  func checkTaggedShare(of unlabeled: ImagePool?) throws(RunError) {
    guard (0.0..<1).contains(method.taggedShare), method.taggedShare > 0, let unlabeled else { return }
    guard unlabeled.images.contains(where: { $0.tags == nil }) else {
      throw .data(
        "method.tagged_share is \(method.taggedShare), and \(masks.imageTags) tags all \(unlabeled.count) unlabelled images; 0 or 1 is wanted"
      )
    }
  }
}
