import Annotations
import Documents
import Torch

/// How many pixels of unlabelled images were given each class, and how many of them were sure, between two looks at a run.
struct PixelStatistics {
  /// Images that were labelled.
  private(set) var images = 0
  /// Pixels of each class.
  private(set) var said: [Int]
  /// Sure ones among them.
  private(set) var sure: [Int]

  /// Begins at a state that was saved; anew where there is none of so many classes.
  init(classCount: Int, _ state: JSON? = nil) {
    func saved(_ key: String) -> [Int]? {
      guard let list = state?[key]?.array, list.count == classCount else { return nil }
      return list.map { $0.int ?? 0 }
    }
    said = saved("said") ?? [Int](repeating: 0, count: classCount)
    sure = saved("sure") ?? [Int](repeating: 0, count: classCount)
    images = state?["images"]?.int ?? 0
  }

  /// What is saved.
  var state: JSON {
    ["images": JSON(images), "said": .array(said.map { JSON($0) }), "sure": .array(sure.map { JSON($0) })]
  }

  /// Adds what was learnt in one step.
  mutating func add(_ taught: TaughtPixels) {
    images += taught.weak.views.count
    func counts(_ labels: Tensor) -> [Int] {
      Array(labels.flattened().occurrences(below: 256).to(.int64).integers.prefix(said.count))
    }
    withoutGradients {
      said = zip(said, counts(taught.said)).map { $0 + $1 }
      let kept =
        taught.sureness.map { counts(taught.said.filled(Double(ClassTable.ignored), where: $0 .<= 0)) }
        ?? counts(taught.said)
      sure = zip(sure, kept).map { $0 + $1 }
    }
  }

  /// The share of each class in all sure pixels.
  var shares: [Double] { Self.shares(sure) }

  /// The share of each count in their sum.
  static func shares(_ counts: [Int]) -> [Double] {
    let all = Double(max(1, counts.reduce(0, +)))
    return counts.map { Double($0) / all }
  }

  /// Shares by class, as the file has them.
  func json(classes: [String]) -> JSONObject {
    let saidShares = Self.shares(said)
    let rows = classes.indices.map { index -> (String, JSON) in
      let kept = said[index] > 0 ? JSON(Double(sure[index]) / Double(said[index])) : .null
      return (classes[index], ["said": JSON(saidShares[index]), "learnt": JSON(shares[index]), "kept": kept])
    }
    return JSONObject([("images", JSON(images)), ("classes", .object(JSONObject(rows)))])
  }
}
