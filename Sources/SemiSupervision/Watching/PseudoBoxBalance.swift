import Documents
import Reporting

/// Notices when pseudo-boxes are out of all proportion to the labels, and says so in words, each thing once.
///
/// A class is starved when none of its boxes has passed the class filter for long while those of others have: for so long
/// that, were classes as frequent among pseudo-boxes as among labels, ten would be there (by chance none is there then in one of
/// 20 000 cases). The teacher says too much when it passes on more than three times as many boxes an image as are labelled.
/// Source: the checks that users of Unbiased Teacher and Soft Teacher are told to make by hand (as many pseudo-boxes as true ones).
struct PseudoBoxBalance {
  /// Unlabelled images over which something must last to be said.
  static let patience = 200
  /// Boxes of a class that must be missing.
  static let wantedBoxes = 10.0
  /// So many times the labelled boxes of an image are too many.
  static let mostTimes = 3.0

  private let labeled: LabeledCounts
  private let classes: [String]
  /// By class: unlabelled images since one of its boxes has passed, boxes of other classes in them, and whether it was said.
  private var silence: [(images: Int, others: Int, isSaid: Bool)]
  /// Images and boxes that passed, since the last comparison with the labels.
  private var window = (images: 0, boxes: 0)
  private var excessIsSaid = false

  /// Begins at a state that was saved; anew where there is none of these classes.
  init(_ labeled: LabeledCounts, classes: [String], _ state: JSON? = nil) {
    self.labeled = labeled
    self.classes = classes
    silence = classes.map { _ in (0, 0, false) }
    guard let saved = state?["silence"]?.array, saved.count == classes.count else { return }
    silence = saved.map { ($0["images"]?.int ?? 0, $0["others"]?.int ?? 0, $0["isSaid"]?.bool ?? false) }
    window = (state?["images"]?.int ?? 0, state?["boxes"]?.int ?? 0)
    excessIsSaid = state?["excessIsSaid"]?.bool ?? false
  }

  /// What is saved.
  var state: JSON {
    [
      "silence": .array(
        silence.map { ["images": JSON($0.images), "others": JSON($0.others), "isSaid": .bool($0.isSaid)] }),
      "images": JSON(window.images), "boxes": JSON(window.boxes), "excessIsSaid": .bool(excessIsSaid),
    ]
  }

  /// Looks at one step.
  ///
  /// - Parameter passed: By class from label 1, boxes that the class filter let through.
  /// - Returns: What is to be said now, a line each.
  mutating func look(images: Int, passed: [Int]) -> [String] {
    starved(images, passed) + excess(images, passed.reduce(0, +))
  }

  private mutating func starved(_ images: Int, _ passed: [Int]) -> [String] {
    let (all, labels) = (passed.reduce(0, +), labeled.objects.reduce(0, +))
    var lines: [String] = []
    for index in classes.indices {
      guard passed[index] == 0 else {
        (silence[index].images, silence[index].others) = (0, 0)
        continue
      }
      silence[index].images += images
      silence[index].others += all
      let (own, others) = (labeled.objects[index], labels - labeled.objects[index])
      guard !silence[index].isSaid, own > 0, others > 0, silence[index].images >= Self.patience,
        Double(silence[index].others) * Double(own) / Double(others) >= Self.wantedBoxes
      else { continue }
      silence[index].isSaid = true
      lines.append(
        "no pseudo-box of class '\(classes[index])' has passed in \(silence[index].images) unlabelled images, but "
          + "\(silence[index].others) of other classes; labelled images have "
          + "\(Self.text(own, labeled.images)) each: lower thresholds.class_score, or take thresholds.policy=adaptive")
    }
    return lines
  }

  private mutating func excess(_ images: Int, _ boxes: Int) -> [String] {
    window = (window.images + images, window.boxes + boxes)
    guard window.images >= Self.patience else { return [] }
    defer { window = (0, 0) }
    let labels = Double(labeled.objects.reduce(0, +)) / Double(max(1, labeled.images))
    guard !excessIsSaid, Double(window.boxes) / Double(window.images) > Self.mostTimes * labels else { return [] }
    excessIsSaid = true
    return [
      "the teacher passes on \(Self.text(window.boxes, window.images)) boxes an unlabelled image, labelled ones have "
        + "\(NumberText.fixed(labels, 1)): it may take background for objects; raise thresholds.class_score, or lengthen the burn-in"
    ]
  }

  private static func text(_ boxes: Int, _ images: Int) -> String {
    let mean = Double(boxes) / Double(max(1, images))
    return mean < 0.1 ? NumberText.short(mean, 2) : NumberText.fixed(mean, 1)
  }
}
