import Documents

/// What a format cannot hold of a set, counted by kind with examples.
public struct ConversionLosses: Sendable, Equatable {
  /// One kind of loss that occurs.
  public struct Loss: Sendable, Equatable {
    /// Its kind.
    public let code: Code
    /// How often it occurs.
    public var count: Int
    /// The first few, for the report.
    public var examples: [String]
    /// All images that it concerns, where objects are left out of them.
    public var images: [String]
  }

  /// The losses in the order in which they were first met.
  public private(set) var losses: [Loss] = []
  private static let mostExamples = 3

  /// No loss.
  public init() {}

  /// Whether the target holds everything.
  public var isEmpty: Bool { losses.isEmpty }

  /// How often a kind occurs.
  public func count(_ code: Code) -> Int { losses.first { $0.code == code }?.count ?? 0 }

  /// Adds occurrences; the example is only made where it is kept.
  ///
  /// - Parameter image: the image that an object is left out of; those of one image are added one after another.
  mutating func add(_ code: Code, _ example: @autoclosure () -> String, count: Int = 1, image: String? = nil) {
    let place = losses.firstIndex { $0.code == code } ?? losses.count
    if place == losses.count { losses.append(Loss(code: code, count: 0, examples: [], images: [])) }
    losses[place].count += count
    if losses[place].examples.count < Self.mostExamples { losses[place].examples.append(example()) }
    if let image, losses[place].images.last != image { losses[place].images.append(image) }
  }

  /// Forgets ids that have no place: for labels whose ids are only the order in which their form was read.
  ///
  /// - Parameters:
  ///   - andOrder: whether the order of classes is no more than that, too, as where a form lists none.
  ///   - classes: whether ids of classes have none, either.
  public mutating func removeIDs(andOrder: Bool, classes: Bool = true) {
    losses.removeAll { loss in
      [.imageIDs, .objectIDs].contains(loss.code) || classes && loss.code == .classIDs
        || classes && andOrder && loss.code == .classOrder
    }
  }

  /// One line a kind: code, count, meaning, examples, and how many images objects are left out of.
  public var lines: [String] {
    losses.map { loss in
      let images = loss.images.isEmpty ? "" : "; images: \(namesText(loss.images))"
      return "\(loss.code.rawValue) ×\(loss.count): \(loss.code.meaning) (\(loss.examples.joined(separator: "; ")))"
        + images
    }
  }

  /// The losses as JSON.
  public var json: JSON {
    .array(
      losses.map { loss in
        var object = JSONObject([
          ("code", JSON(loss.code.rawValue)), ("count", JSON(loss.count)), ("meaning", JSON(loss.code.meaning)),
          ("examples", .array(loss.examples.map { JSON($0) })),
        ])
        if !loss.images.isEmpty { object["images"] = .array(loss.images.map { JSON($0) }) }
        return .object(object)
      })
  }
}

extension ConversionLosses {
  /// Adds what the reader of the source had no place for.
  public mutating func add(unreadBy problems: AnnotationProblems) {
    for code in [AnnotationProblems.Code.ignoredElement, .otherShape] {
      guard let count = problems.counts[code] else { continue }
      add(.notRead, problems.examples.first { $0.code == code }?.message ?? "", count: count)
    }
  }
}
