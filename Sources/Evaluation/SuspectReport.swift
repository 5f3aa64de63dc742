import Annotations
import Documents

/// Suspicions about labels as files: `suspects.json` and `suspects.csv`.
public struct SuspectReport {
  private let found: LabelSuspects
  private let rules: LabelSuspects.Rules
  private let images: [Int: String]
  private let classes: [Annotations.Category]

  /// - Parameters:
  ///   - images: The images' names by their numbers.
  ///   - classes: The classes as detections count them.
  public init(
    _ found: LabelSuspects, rules: LabelSuspects.Rules, images: [Int: String], classes: [Annotations.Category]
  ) {
    self.found = found
    self.rules = rules
    self.images = images
    self.classes = classes
  }

  /// How many labels were looked at and how many suspicions of each kind there are.
  public var summary: String {
    let kinds = LabelSuspects.Kind.allCases.map { "\(found.count($0)) \($0.rawValue)" }.joined(separator: ", ")
    let unknown = found.unknownCount
    return "\(found.labelCount) labelled boxes looked at: \(kinds)"
      + (unknown > 0 ? "; \(unknown) of classes that the detector does not know were not judged" : "")
  }

  /// The rules, and the suspicions in their order.
  public var json: JSON {
    [
      "rules": [
        "confident_score": JSON(rules.confidentScore), "low_score": JSON(rules.lowScore),
        "same_overlap": JSON(rules.sameOverlap), "touching_overlap": JSON(rules.touchingOverlap),
        "placed_overlap": JSON(rules.placedOverlap), "found_overlap": JSON(rules.foundOverlap),
        "box_uncertainty": JSON(rules.boxUncertainty),
      ], "labels": JSON(found.labelCount), "labels_of_unknown_classes": JSON(found.unknownCount),
      "suspects": .array(found.suspects.map(json)),
    ]
  }

  private func json(_ suspect: LabelSuspects.Suspect) -> JSON {
    [
      "kind": JSON(suspect.kind.rawValue), "confidence": JSON(suspect.confidence), "image_id": JSON(suspect.image),
      "image": JSON(images[suspect.image] ?? ""),
      "label": suspect.label.map {
        ["id": JSON($0.id), "class": JSON(name($0.classIndex)), "bbox": Self.numbers($0.box)]
      } ?? .null,
      "detection": suspect.detection.map {
        [
          "class": JSON(name($0.classIndex)), "bbox": Self.numbers($0.box), "score": JSON($0.score),
          "box_uncertainty": $0.uncertainty.map { JSON($0) } ?? .null,
        ]
      } ?? .null,
      "overlap": JSON(suspect.overlap),
    ]
  }

  /// A row a suspicion; cells of what is not there are empty.
  public var csv: String {
    func corners(_ box: Box?) -> [String] {
      box.map { [$0.x0, $0.y0, $0.width, $0.height].map { JSON.text(of: ($0 * 10).rounded() / 10) } }
        ?? ["", "", "", ""]
    }
    func places(_ value: Double, _ factor: Double = 1000) -> String {
      JSON.text(of: (value * factor).rounded() / factor)
    }
    let header = [
      "kind", "confidence", "image", "label_id", "label_class", "label_x", "label_y", "label_width", "label_height",
      "found_class", "found_x", "found_y", "found_width", "found_height", "score", "box_uncertainty", "overlap",
    ]
    return CSV.text(
      [header]
        + found.suspects.map { suspect in
          let (label, detection) = (suspect.label, suspect.detection)
          return [suspect.kind.rawValue, places(suspect.confidence), images[suspect.image] ?? ""]
            + [label.map { "\($0.id)" } ?? "", label.map { name($0.classIndex) } ?? ""] + corners(label?.box)
            + [detection.map { name($0.classIndex) } ?? ""] + corners(detection?.box)
            + [
              detection.map { places($0.score) } ?? "", detection?.uncertainty.map { places($0, 10_000) } ?? "",
              label != nil && detection != nil ? places(suspect.overlap) : "",
            ]
        })
  }

  private func name(_ classIndex: Int?) -> String { classIndex.map { classes[$0].name } ?? "" }

  private static func numbers(_ box: Box) -> JSON { [JSON(box.x0), JSON(box.y0), JSON(box.width), JSON(box.height)] }
}

/// The labels of a set as ``LabelSuspects`` takes them.
public struct LabelSuspectsInput {
  private let objects: [Int: [LabelSuspects.Label]]

  /// - Parameter categories: The classes as detections count them; classes are matched by name.
  public init(_ set: AnnotationSet, categories: [Annotations.Category]) {
    let names = Dictionary(set.categories.map { ($0.id, $0.name) }) { first, _ in first }
    let indices = Dictionary(categories.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    objects = Dictionary(grouping: set.objects, by: \.imageID).mapValues { objects in
      objects.map {
        LabelSuspects.Label(
          id: $0.id, classIndex: names[$0.categoryID].flatMap { indices[$0] }, box: $0.box, isExempt: $0.isDifficult,
          isCrowd: $0.isCrowd)
      }
    }
  }

  /// The labels of an image.
  public func labels(of image: Int) -> [LabelSuspects.Label] { objects[image] ?? [] }
}
