import Reporting
import Views

extension SegmentationStrongSettings {
  /// What a policy does to strong views, in words.
  var policyWords: String {
    func covered(_ size: Double) -> String {
      size > 0 ? "; a square of \(NumberText.short(size)) of the shorter side covered, which is not learnt" : ""
    }
    switch policy {
    case .sda: return "strong data augmentation"
    case .randaugment:
      return "RandAugment, \(randaugment.operations) of 14 operations at levels drawn evenly"
        + covered(randaugment.cutoutSize)
    case .ctaugment:
      return "CTAugment, \(ctaugment.depth) of 19 operations at levels whose rate is at least "
        + "\(NumberText.short(ctaugment.threshold)) of the best (decay \(NumberText.short(ctaugment.decay))), by a probe of each labelled image"
        + covered(ctaugment.cutoutSize)
    }
  }
}
