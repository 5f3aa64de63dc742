/// How average precision is computed: what can differ from COCO's usual way.
public struct AveragePrecisionSettings: Sendable, Equatable {
  /// How many detections of an image and class are looked at, ascending: the ladder `maxDets` of the reference.
  public let maxDetections: [Int]
  /// Whose rules decide where the reference has a quirk.
  public var parity: EvaluationParity

  /// Settings; those of training unless something else is said.
  ///
  /// - Precondition: the limits are positive, each given once.
  public init(maxDetections: [Int] = [1, 10, 100], parity: EvaluationParity = .corrected) {
    precondition(
      !maxDetections.isEmpty && maxDetections.allSatisfy { $0 > 0 } && Set(maxDetections).count == maxDetections.count,
      "AveragePrecisionSettings: \(maxDetections) is no ladder of limits")
    self.maxDetections = maxDetections.sorted()
    self.parity = parity
  }

  /// How many detections AP looks at: in strict parity 100, whether that is a limit or not.
  public var headlineLimit: Int { headlinePlace.map { maxDetections[$0] } ?? 100 }

  /// How many detections the other figures look at, but for recalls at each limit.
  public var figureLimit: Int { maxDetections[figurePlace] }

  /// The limit at which AP is read; nil where the reference finds none and says -1.
  var headlinePlace: Int? { parity == .strict ? maxDetections.firstIndex(of: 100) : maxDetections.count - 1 }

  /// The limit at which the other figures are read, but for recalls at each limit.
  var figurePlace: Int { parity == .strict ? min(2, maxDetections.count - 1) : maxDetections.count - 1 }
}
