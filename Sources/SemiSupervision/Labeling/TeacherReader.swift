import Annotations
import Detection
import Documents
import Randomness
import Samples
import Torch
import Training
import Views

/// One box of a teacher in pixels of its image, with all that is known about it.
public struct TeacherBox: Sendable, Equatable {
  /// Where and what, and how sure.
  public var found: FoundBox
  /// The probability of each class, background first; the last ones in the order of the classes.
  public var probabilities: [Double]
  /// The mean spread of its sides under jittering, in units of its size.
  public var uncertainty: Double
  /// The filters that it passes.
  public var passes: Set<PseudoBoxes.Purpose>

  /// A box.
  public init(
    found: FoundBox, probabilities: [Double], uncertainty: Double, passes: Set<PseudoBoxes.Purpose>
  ) {
    self.found = found
    self.probabilities = probabilities
    self.uncertainty = uncertainty
    self.passes = passes
  }
}

/// Lets a trained detector look at files of images as a teacher looks at weak views in training: the same features, the same
/// candidates, their boxes moved and refined again, the same filters.
public struct TeacherReader {
  /// The detector, in evaluation mode.
  public let teacher: FasterRCNN
  /// How files become batches.
  public let reader: PoolReader
  /// Where the detector lies.
  public let device: Device
  /// What the network computes in; nil for float32.
  public let computeType: ElementType?
  /// What passes as what.
  public let rules: PseudoLabelRules
  /// Boxes are looked at that score more than this, also where no filter would let them through: what ranks images and doubts
  /// labels asks for unsure boxes, too.
  public static let leastScore = 0.2

  /// A detector with the reading of its images.
  public init(
    _ teacher: FasterRCNN, reader: PoolReader, device: Device, computeType: ElementType? = nil, rules: PseudoLabelRules
  ) {
    self.teacher = teacher
    self.reader = reader
    self.device = device
    self.computeType = computeType
    self.rules = rules
  }

  /// What is found in an image.
  public struct Finding {
    /// The image's place in the pool.
    public let image: Int
    /// Its size in pixels.
    public let size: (height: Int, width: Int)
    /// What `DetectionReader` gives: all detections by falling score.
    public let found: [FoundBox]
    /// What the teacher finds with more than the least score, by falling score.
    public let candidates: [TeacherBox]
  }

  /// What is found in every image of a pool, in its order.
  ///
  /// The moves of the boxes are drawn from the image's name, so that neither the other images nor their order change them.
  ///
  /// - Returns: The images that could not be used.
  @discardableResult
  public func forEachImage(of pool: ImagePool, _ body: (Finding) throws -> Void) rethrows -> [SkippedImage] {
    try teacher.withSteadyWeights {
      try reader.forEachBatch(of: pool, on: device) { batch in
        for finding in look(at: batch) { try body(finding) }
      }
    }
  }

  private func look(at batch: ViewBatch) -> [Finding] {
    withoutGradients {
      let images = ImageBatch(batch).converted(to: computeType)
      let features = teacher.features(images)
      let limits = teacher.settings.proposals.evaluation
      let found = teacher.detections(features, images: images, limits: limits, keepsProbabilities: true)
      let own = rules.proposals.limits(teacher.settings)
      let taught =
        own.count == limits.count && own.perLevel == limits.perLevel
        ? found : teacher.detections(features, images: images, limits: own, keepsProbabilities: true)
      return batch.views.enumerated().map { index, view in
        let candidates = PseudoBoxes.candidates(
          of: [taught[index]], above: min(rules.leastScore, Self.leastScore), teacher: teacher.roiHeads,
          features: features.map { $0.sliced(axis: 0, from: index, to: index + 1) },
          images: ImageBatch(
            pixels: images.pixels.sliced(axis: 0, from: index, to: index + 1), sizes: [images.sizes[index]]),
          jitter: rules.jitter, using: Self.generator(for: view.name))
        return Finding(
          image: view.image, size: (view.geometry.originalHeight, view.geometry.originalWidth),
          found: DetectionReader.boxes(found[index], in: view), candidates: boxes(candidates[0], in: view))
      }
    }
  }

  /// A generator that is a function of an image's name.
  static func generator(for name: String) -> Generator {
    // FNV-1a, 64 bits.
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    var keyed = SeededGenerator(seed: hash, stream: 0x6A69_7474_6572)
    return Generator(seed: keyed.next())
  }

  private func boxes(_ candidates: PseudoBoxes, in view: View) -> [TeacherBox] {
    let found = DetectionReader.boxes(
      Detections(boxes: candidates.boxes, scores: candidates.scores, labels: candidates.labels), in: view)
    let filters = rules.filters
    let passing = PseudoBoxes.Purpose.allCases.map {
      ($0, Set(filters.passes($0, candidates).trueIndices().integers))
    }
    let probabilities = candidates.probabilities?.doubles ?? []
    let spreads = candidates.uncertainty?.doubles ?? []
    let classes = teacher.classCount + 1
    return found.indices.map { place in
      // A box below the rules' own least score is no candidate to any filter.
      let isCandidate = found[place].score > rules.leastScore
      return TeacherBox(
        found: found[place], probabilities: Array(probabilities[place * classes..<(place + 1) * classes]),
        uncertainty: spreads[place],
        passes: Set(passing.filter { isCandidate && $0.1.contains(place) }.map(\.0)))
    }
  }
}
