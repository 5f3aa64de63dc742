import Documents

/// COCO's twelve figures of boxes or masks, and the average precision of each class.
///
/// All lie in 0…1, and -1 where there is nothing to judge by (no object of that class or size), as in the reference.
/// `AP` is the mean over the overlaps 0.50, 0.55 … 0.95, the classes and 101 recall points, with at most 100 detections
/// an image and class; `AR…` is the recall reached, averaged over overlaps and classes.
public struct BoxMetrics: Sendable, Equatable {
  /// The figures of one class.
  public struct Class: Sendable, Equatable {
    /// The class.
    public var category: EvaluatedCategory
    /// Average precision over the ten overlaps.
    public var AP: Double
    /// Average precision at an overlap of 0.5.
    public var AP50: Double
    /// Objects that are to be found: neither crowds nor ignored.
    public var truthCount: Int
    /// Detections that were judged: of the 100 highest scores in each image.
    public var detectionCount: Int
  }

  /// Average precision over overlaps 0.50 … 0.95.
  public var AP: Double
  /// Average precision at an overlap of 0.50.
  public var AP50: Double
  /// Average precision at an overlap of 0.75.
  public var AP75: Double
  /// `AP` of objects of at most 32² pixels.
  public var APs: Double
  /// `AP` of objects of 32² to 96² pixels.
  public var APm: Double
  /// `AP` of objects of at least 96² pixels.
  public var APl: Double
  /// How many detections of an image and class were looked at, and by whose rules.
  public var settings: AveragePrecisionSettings
  /// Recall with each of these limits on detections.
  public var AR: [Double]
  /// Recall with the largest limit, of objects of at most 32² pixels.
  public var ARs: Double
  /// The same of objects of 32² to 96² pixels.
  public var ARm: Double
  /// The same of objects of at least 96² pixels.
  public var ARl: Double
  /// The classes in the order in which they were given.
  public var classes: [Class]

  /// How many detections of an image and class were looked at: 1, 10 and 100 unless something else was asked for.
  public var maxDetections: [Int] { settings.maxDetections }

  /// The figures with their names, in the order in which COCO prints them: with its ladder of limits `AP AP50 AP75 APs
  /// APm APl AR1 AR10 AR100 ARs ARm ARl`.
  public var summary: [(name: String, value: Double)] {
    [("AP", AP), ("AP50", AP50), ("AP75", AP75), ("APs", APs), ("APm", APm), ("APl", APl)]
      + zip(maxDetections, AR).map { ("AR\($0)", $1) } + [("ARs", ARs), ("ARm", ARm), ("ARl", ARl)]
  }

  /// The figures as `evaluate --json` writes them: the summary, then `classes` (name: AP) and `classesAP50`.
  ///
  /// Two classes of one name keep apart by their identifier: the second is written `name (id)`.
  public var json: JSON {
    var object = JSONObject()
    for (name, value) in summary { object[name] = .init(value) }
    let categories = classes.map(\.category)
    object["classes"] = categories.json { JSON(classes[$0].AP) }
    object["classesAP50"] = categories.json { JSON(classes[$0].AP50) }
    return .object(object)
  }
}
