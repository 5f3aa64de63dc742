import Documents

/// Notices when unlabelled images teach nothing, and says so in words: the usual ways in which a teacher fails in silence.
///
/// Source: the questions asked most about Soft Teacher's release (losses of unlabelled images that stay 0, because no box
/// is above the threshold on a small set), and about methods of segmenters that do nothing in silence.
struct PseudoLabelWatch {
  /// Unlabelled images without a pseudo-label, or without a loss, after which it is said; then after twice as many, and so on.
  static let patience = 200

  /// What is learnt of unlabelled images.
  enum Kind {
    case boxes, pixels

    func nothingPassed(images: Int, best: String, threshold: String) -> String {
      switch self {
      case .boxes:
        "no pseudo-box has passed in \(images) unlabelled images: the teacher's best score was "
          + "\(best), thresholds.class_score is \(threshold); lower it, or lengthen the burn-in"
      case .pixels:
        "no pixel has been sure enough in \(images) unlabelled images: the highest probability was "
          + "\(best), method.threshold is \(threshold); lower it"
      }
    }
  }

  /// Unlabelled images that were learnt from.
  private(set) var imagesLearnt = 0
  /// Unlabelled images in a row of which no pseudo-label has passed.
  private(set) var imagesWithoutLabel = 0
  /// Unlabelled images in a row whose losses were all 0.
  private(set) var imagesWithoutLoss = 0
  /// The best score in the images without one that passed.
  private(set) var bestScore = 0.0

  private let kind: Kind

  /// Begins at a state that was saved; anew where there is none.
  init(_ state: JSON? = nil, of kind: Kind = .boxes) {
    self.kind = kind
    imagesLearnt = state?["imagesLearnt"]?.int ?? 0
    imagesWithoutLabel = state?["imagesWithoutLabel"]?.int ?? 0
    imagesWithoutLoss = state?["imagesWithoutLoss"]?.int ?? 0
    bestScore = state?["bestScore"]?.double ?? 0
  }

  /// What is saved.
  var state: JSON {
    [
      "imagesLearnt": JSON(imagesLearnt), "imagesWithoutLabel": JSON(imagesWithoutLabel),
      "imagesWithoutLoss": JSON(imagesWithoutLoss), "bestScore": JSON(bestScore),
    ]
  }

  /// Looks at one step that learnt from unlabelled images.
  ///
  /// - Parameters:
  ///   - passed: Boxes or pixels that a filter let through.
  ///   - best: The best score in these images; 0 where nothing was found; asked where none passed.
  ///   - threshold: The filter's score.
  ///   - lossIsZero: Whether what the unlabelled images add to the loss is 0.
  ///   - teacherEqualsStudent: Asked now and then.
  /// - Returns: What is to be said now, a line each.
  mutating func look(
    images: Int, passed: Int, best: () -> Double, threshold: Double, lossIsZero: Bool,
    teacherEqualsStudent: () -> Bool
  ) -> [String] {
    var lines: [String] = []
    if passed > 0 {
      (imagesWithoutLabel, bestScore) = (0, 0)
    } else {
      let before = imagesWithoutLabel
      imagesWithoutLabel += images
      bestScore = max(bestScore, best())
      if Self.isDue(before, imagesWithoutLabel) {
        lines.append(
          kind.nothingPassed(
            images: imagesWithoutLabel, best: Self.text(bestScore), threshold: Self.text(threshold)))
      }
    }
    let withoutLoss = imagesWithoutLoss
    imagesWithoutLoss = lossIsZero ? withoutLoss + images : 0
    if Self.isDue(withoutLoss, imagesWithoutLoss) {
      lines.append(
        "unlabelled images have added nothing to the loss for \(imagesWithoutLoss) images: see unlabeled_weight and the "
          + "pseudo-labels in the contact sheets")
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
