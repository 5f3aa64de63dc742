import Documents
import Reporting

/// Listens for classes that are labelled but among no sure pixels of unlabelled images, and says so, of each class once.
struct MissedClasses {
  /// Unlabelled images over which a class must be missing to be said.
  static let patience = 400
  /// Share of labelled pixels from which a class is missed.
  static let missedShare = 0.002

  private let classes: [String]
  /// The share of each in labelled pixels.
  private let labeled: [Double]
  /// By class: unlabelled images since one of its pixels was sure; −1 once that was said.
  private var silence: [Int]

  /// Begins, or goes on with what was saved of as many classes.
  init(classes: [String], labeled: [Double], _ saved: JSON?) {
    (self.classes, self.labeled) = (classes, labeled)
    let silent = saved?.array?.map { $0.int ?? 0 } ?? []
    silence = silent.count == classes.count ? silent : [Int](repeating: 0, count: classes.count)
  }

  /// For a checkpoint.
  var state: JSON { .array(silence.map { JSON($0) }) }

  /// What is to be said after a step with so many sure pixels of each class in so many images.
  mutating func listen(_ sure: [Int], images: Int) -> [String] {
    // Where nothing at all is sure that is said elsewhere.
    guard sure.contains(where: { $0 > 0 }) else { return [] }
    var lines: [String] = []
    for index in classes.indices where silence[index] >= 0 {
      silence[index] = sure[index] > 0 ? 0 : silence[index] + images
      guard silence[index] >= Self.patience, labeled[index] >= Self.missedShare else { continue }
      silence[index] = -1
      lines.append(
        "no sure pixel of class '\(classes[index])' in \(Self.patience) unlabelled images, but "
          + "\(NumberText.short((1000 * labeled[index]).rounded() / 10)) % of labelled pixels are of it: it is unlearnt unless "
          + "method.threshold is lower, or method.threshold_policy.policy is class_wise")
    }
    return lines
  }
}
