import Annotations

/// The labels and detections of one image, held against each other by the rules of ``LabelSuspects``.
struct LabelMatch {
  private let labels: [LabelSuspects.Label]
  private let detections: [LabelSuspects.Detection]
  private let rules: LabelSuspects.Rules
  /// By label, then detection.
  private let overlaps: [[Double]]

  init(labels: [LabelSuspects.Label], detections: [LabelSuspects.Detection], rules: LabelSuspects.Rules) {
    self.labels = labels
    // The surest first, so that it speaks where several would.
    self.detections = ScoreOrder.falling(detections, score: \.score)
    self.rules = rules
    let boxes = self.detections.map(\.box)
    overlaps = labels.map { label in boxes.map { label.box.intersectionOverUnion(with: $0) } }
  }

  /// Whether anything speaks for a label.
  func isFound(_ label: Int) -> Bool {
    detections.indices.contains {
      detections[$0].score >= rules.lowScore && overlaps[label][$0] >= rules.foundOverlap
    }
  }

  func suspects(of image: Int) -> [LabelSuspects.Suspect] {
    var used: Set<Int> = []
    var suspects: [LabelSuspects.Suspect] = []
    func add(_ kind: LabelSuspects.Kind, _ label: Int, _ detection: Int) {
      used.insert(detection)
      suspects.append(
        .init(
          kind: kind, image: image, label: labels[label], detection: detections[detection],
          overlap: overlaps[label][detection], confidence: detections[detection].score))
    }
    for label in labels.indices where labels[label].classIndex != nil && !labels[label].isExempt {
      if let detection = contradiction(of: label, besides: used) {
        add(.wrongClass, label, detection)
      } else if let detection = betterPlace(of: label, besides: used) {
        add(.badlyPlaced, label, detection)
      } else if !isFound(label) {
        suspects.append(.init(kind: .notFound, image: image, label: labels[label], detection: nil, confidence: 0))
      }
    }
    for detection in unlabeled(besides: used) {
      suspects.append(
        .init(
          kind: .missingLabel, image: image, label: nil, detection: detections[detection],
          confidence: detections[detection].score))
    }
    return suspects
  }

  /// The detection that says a label's object is of another class.
  private func contradiction(of label: Int, besides used: Set<Int>) -> Int? {
    let classIndex = labels[label].classIndex
    let best = detections.indices.first {
      detections[$0].classIndex != classIndex && detections[$0].score >= rules.confidentScore
        && overlaps[label][$0] >= rules.sameOverlap && !used.contains($0)
        && !fits($0, atLeast: rules.sameOverlap)
    }
    guard let best else { return nil }
    let isDefended = detections.indices.contains {
      detections[$0].classIndex == classIndex && overlaps[label][$0] >= rules.sameOverlap
        && detections[$0].score >= detections[best].score
    }
    return isDefended ? nil : best
  }

  /// The detection that says where a label's box should be.
  private func betterPlace(of label: Int, besides used: Set<Int>) -> Int? {
    let own = detections.indices.filter {
      detections[$0].classIndex == labels[label].classIndex && detections[$0].score >= rules.lowScore
    }
    guard !own.contains(where: { overlaps[label][$0] >= rules.placedOverlap }) else { return nil }
    return own.first {
      detections[$0].score >= rules.confidentScore && overlaps[label][$0] >= rules.touchingOverlap
        && detections[$0].uncertainty.map { $0 < rules.boxUncertainty } ?? false && !used.contains($0)
        && !fits($0, atLeast: rules.placedOverlap)
    }
  }

  /// Whether a detection lies on a label of its class.
  private func fits(_ detection: Int, atLeast overlap: Double) -> Bool {
    labels.indices.contains {
      labels[$0].classIndex == detections[detection].classIndex && overlaps[$0][detection] >= overlap
    }
  }

  /// Whether a detection covers half or more of a label of its class.
  private func covers(_ detection: Int) -> Bool {
    let box = detections[detection].box
    return labels.contains {
      $0.classIndex == detections[detection].classIndex
        && $0.box.intersection(with: box).area >= $0.box.area * rules.sameOverlap
    }
  }

  /// Confident detections at whose place nothing is labelled; of several at one place the surest.
  private func unlabeled(besides used: Set<Int>) -> [Int] {
    var taken: [Int] = []
    for detection in detections.indices {
      let box = detections[detection].box
      guard detections[detection].score >= rules.confidentScore, !used.contains(detection),
        labels.indices.allSatisfy({ overlaps[$0][detection] < rules.touchingOverlap }), !covers(detection),
        !labels.contains(where: { $0.isCrowd && $0.box.intersection(with: box).area >= box.area * rules.sameOverlap }),
        !taken.contains(where: { detections[$0].box.intersectionOverUnion(with: box) >= rules.sameOverlap })
      else { continue }
      taken.append(detection)
    }
    return taken
  }
}
