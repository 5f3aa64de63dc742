import Documents

/// Notices when unlabelled images teach nothing, and says so in words: the usual ways in which a teacher fails in silence.
///
/// Source: the questions asked most about Soft Teacher's release (losses of unlabelled images that stay 0, because no box
/// is above the threshold on a small set).
struct PseudoBoxWatch {
  /// Unlabelled images without a box, or without a loss, after which it is said; then after twice as many, and so on.
  static let patience = 200

  /// Unlabelled images that were learnt from.
  private(set) var imagesLearnt = 0
  /// Unlabelled images in a row of which no box has passed the class filter.
  private(set) var imagesWithoutBox = 0
  /// Unlabelled images in a row whose losses were all 0.
  private(set) var imagesWithoutLoss = 0
  /// The best score of a box in the images without one that passed.
  private(set) var bestScore = 0.0

  /// Begins at a state that was saved; anew where there is none.
  init(_ state: JSON? = nil) {
    imagesLearnt = state?["imagesLearnt"]?.int ?? 0
    imagesWithoutBox = state?["imagesWithoutBox"]?.int ?? 0
    imagesWithoutLoss = state?["imagesWithoutLoss"]?.int ?? 0
    bestScore = state?["bestScore"]?.double ?? 0
  }

  /// What is saved.
  var state: JSON {
    [
      "imagesLearnt": JSON(imagesLearnt), "imagesWithoutBox": JSON(imagesWithoutBox),
      "imagesWithoutLoss": JSON(imagesWithoutLoss), "bestScore": JSON(bestScore),
    ]
  }

  /// Looks at one step that learnt from unlabelled images.
  ///
  /// - Parameters:
  ///   - passed: Boxes that the class filter let through.
  ///   - best: The teacher's best score in these images; 0 where it found nothing; asked where none passed.
  ///   - threshold: The class filter's score.
  ///   - lossIsZero: Whether what the unlabelled images add to the loss is 0.
  ///   - teacherEqualsStudent: Asked now and then.
  /// - Returns: What is to be said now, a line each.
  mutating func look(
    images: Int, passed: Int, best: () -> Double, threshold: Double, lossIsZero: Bool,
    teacherEqualsStudent: () -> Bool
  ) -> [String] {
    var lines: [String] = []
    if passed > 0 {
      (imagesWithoutBox, bestScore) = (0, 0)
    } else {
      let before = imagesWithoutBox
      imagesWithoutBox += images
      bestScore = max(bestScore, best())
      if Self.isDue(before, imagesWithoutBox) {
        lines.append(
          "no pseudo-box has passed in \(imagesWithoutBox) unlabelled images: the teacher's best score was "
            + "\(Self.text(bestScore)), thresholds.class_score is \(Self.text(threshold)); lower it, or lengthen the "
            + "burn-in")
      }
    }
    let withoutLoss = imagesWithoutLoss
    imagesWithoutLoss = lossIsZero ? withoutLoss + images : 0
    if Self.isDue(withoutLoss, imagesWithoutLoss) {
      lines.append(
        "unlabelled images have added nothing to the loss for \(imagesWithoutLoss) images: see unlabeled_weight and the "
          + "pseudo-boxes in the contact sheets")
    }
    let learnt = imagesLearnt
    imagesLearnt += images
    if Self.isDue(learnt, imagesLearnt), teacherEqualsStudent() {
      lines.append(
        "the teacher equals the student, so it teaches nothing that the student does not know: raise memory_images")
    }
    return lines
  }

  /// Whether a count has just reached the patience, or it doubled once or more often.
  private static func isDue(_ before: Int, _ now: Int) -> Bool {
    var mark = patience
    while mark <= now {
      if before < mark { return true }
      mark *= 2
    }
    return false
  }

  private static func text(_ score: Double) -> String { "\((score * 1000).rounded() / 1000)" }
}
