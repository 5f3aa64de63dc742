import Documents
import Reporting
import Training

/// Compares the teacher with what is known of it at evaluations, and says in words, each thing once, what does not fit:
/// unlabelled images of another kind than the validation images, and a teacher far below its student.
///
/// Both must hold at two evaluations in a row, so that a young teacher, which is behind for a while, is not blamed. A burn-in
/// does not count, as no image is taught then.
///
/// - Another kind: the median over unlabelled images of the teacher's best score is less than two thirds of that over validation
///   images, where this is at least 0.3. A best score needs no labels and hardly depends on how many objects an image has, its
///   median not on a few odd images. (A detector of blood cells, after 60 to 180 steps: 0.97 to 0.99 in other photographs of
///   blood, 0.7 falling to 0.4 in drawn shapes.)
/// - Far below: its AP is less than half of the student's, where this is at least 0.05.
struct TeacherWatch {
  /// Unlabelled images whose best scores make a median.
  static let leastImages = 50
  /// The validation images' median below which a teacher is sure of nothing, whatever it sees.
  static let leastMedian = 0.3
  /// The student's AP below which it has not learnt enough to be compared.
  static let leastAP = 0.05
  /// A median that is less than this share of the validation images' is that of another kind.
  static let shareOfMedian = 2.0 / 3
  /// An AP that is less than this share of the student's is far below.
  static let shareOfAP = 0.5
  private static let wantedInARow = 2

  /// Best scores of unlabelled images since the last comparison; see ``PseudoBoxStatistics/bestScores``.
  private var bestScores = [Int](repeating: 0, count: PseudoBoxStatistics.bestBins)
  private var otherKind = Finding()
  private var behind = Finding()

  /// How often in a row something was so, and whether it was said.
  private struct Finding {
    var inARow = 0
    var isSaid = false

    /// Whether it is to be said now.
    mutating func isDue(_ isSo: Bool) -> Bool {
      inARow = isSo ? inARow + 1 : 0
      guard inARow >= TeacherWatch.wantedInARow, !isSaid else { return false }
      isSaid = true
      return true
    }

    var state: JSON { ["inARow": JSON(inARow), "isSaid": .bool(isSaid)] }

    init(_ state: JSON? = nil) {
      inARow = state?["inARow"]?.int ?? 0
      isSaid = state?["isSaid"]?.bool ?? false
    }
  }

  /// Begins at a state that was saved; anew where there is none.
  init(_ state: JSON? = nil) {
    otherKind = Finding(state?["otherKind"])
    behind = Finding(state?["behind"])
    if let saved = state?["bestScores"]?.array?.compactMap(\.int), saved.count == bestScores.count {
      bestScores = saved
    }
  }

  /// What is saved.
  var state: JSON {
    [
      "otherKind": otherKind.state, "behind": behind.state, "bestScores": .array(bestScores.map { JSON($0) }),
    ]
  }

  /// Looks at an evaluation.
  ///
  /// - Parameters:
  ///   - best: Best scores of unlabelled images since the last look, counted by hundredths.
  ///   - judgements: What was found on validation images, by the models' names.
  ///   - figure: The figure by which they are compared, such as AP.
  /// - Returns: What is to be said now, a line each.
  mutating func look(best: [Int], judgements: [(name: String, judgement: Judgement)], figure: String) -> [String] {
    for (bin, count) in best.enumerated() { bestScores[bin] += count }
    guard best.contains(where: { $0 > 0 }), let teacher = judgements.first(where: { $0.name == "teacher" })?.judgement
    else { return [] }
    var lines: [String] = []
    if bestScores.reduce(0, +) >= Self.leastImages, let known = teacher.medianBestScore,
      let unknown = PseudoBoxStatistics.median(ofBest: bestScores)
    {
      bestScores = bestScores.map { _ in 0 }
      if otherKind.isDue(known >= Self.leastMedian && unknown < Self.shareOfMedian * known) {
        lines.append(
          "the teacher's best score is \(NumberText.fixed(unknown, 2)) in half of the unlabelled images or less, in "
            + "validation images \(NumberText.fixed(known, 2)): the unlabelled images may be of another kind than the "
            + "labelled ones, or show none of these objects; see the contact sheets")
      }
    }
    if let student = judgements.first(where: { $0.name == "student" })?.judgement {
      let (own, other) = (teacher[figure], student[figure])
      if behind.isDue(other >= Self.leastAP && own < Self.shareOfAP * other) {
        lines.append(
          "the teacher (\(figure) \(NumberText.fixed(own, 3))) is far below its student "
            + "(\(NumberText.fixed(other, 3))): it follows too slowly; lower memory_images, or lengthen the burn-in")
      }
    }
    return lines
  }
}
