import Documents

/// What is done about classes that do not occur in the truth when their mean is taken; code bases differ.
public enum AbsentClasses: String, Sendable, CaseIterable, Codable {
  /// They are left out, whether they were predicted or not.
  case skipped
  /// They are left out where they were not predicted either, and count 0 where they were: a nan-mean of TP / union.
  case skippedUnlessPredicted = "skipped-unless-predicted"
  /// They count 0, as where a small number is added to an empty union.
  case zero
}

/// The figures of a segmentation, all of one confusion matrix over all images.
///
/// All lie in 0…1, and are -1 where there is nothing to judge by. A class's intersection over union is TP / (TP + FP + FN).
public struct SegmentationMetrics: Sendable, Equatable {
  /// The figures of one class.
  public struct Class: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Intersection over union; -1 for a class that is left out of the mean.
    public var IoU: Double
    /// The part of its pixels that was found; -1 where it has none.
    public var accuracy: Double
    /// Its pixels.
    public var truthPixels: Int64
    /// The judged pixels that were predicted as it.
    public var predictedPixels: Int64
  }

  /// The mean of the classes' intersection over union.
  public var mIoU: Double
  /// The part of the pixels that is right.
  public var pixelAccuracy: Double
  /// The mean of the classes' accuracies.
  public var meanAccuracy: Double
  /// The classes' intersection over union, weighted by their pixels.
  public var frequencyWeightedIoU: Double
  /// The classes in the order of their indices.
  public var classes: [Class]
  /// What was done about classes that do not occur in the truth.
  public var absentClasses: AbsentClasses
  /// The judged pixels.
  public var pixels: Int64
  /// The pixels that were not judged.
  public var ignoredPixels: Int64
  /// The judged pixels that were predicted as no class; they are wrong.
  public var otherPixels: Int64

  /// The figures of a matrix.
  ///
  /// - Precondition: there is a name for each class.
  public init(_ matrix: ConfusionMatrix, names: [String], absentClasses: AbsentClasses = .skipped) {
    precondition(
      names.count == matrix.classCount, "SegmentationMetrics: \(names.count) names of \(matrix.classCount) classes")
    let total = matrix.pixels
    var correct: Int64 = 0
    var (unions, accuracies): ([Double], [Double]) = ([], [])
    var weighted = 0.0
    var classes: [Class] = []
    for (index, name) in names.enumerated() {
      let (truth, predicted) = (matrix.truthPixels(index), matrix.predictedPixels(index))
      let common = matrix[truth: index, prediction: index]
      let union = truth + predicted - common
      correct += common
      var entry = Class(name: name, IoU: -1, accuracy: -1, truthPixels: truth, predictedPixels: predicted)
      let counts =
        switch absentClasses {
        case .skipped: truth > 0
        case .skippedUnlessPredicted: union > 0
        case .zero: total > 0
        }
      if counts {
        entry.IoU = union > 0 ? Double(common) / Double(union) : 0
        unions.append(entry.IoU)
      }
      if truth > 0 {
        entry.accuracy = Double(common) / Double(truth)
        accuracies.append(entry.accuracy)
        weighted += Double(truth) / Double(total) * entry.IoU
      } else if absentClasses == .zero, total > 0 {
        accuracies.append(0)
      }
      classes.append(entry)
    }
    func mean(_ values: [Double]) -> Double { values.isEmpty ? -1 : values.reduce(0, +) / Double(values.count) }
    mIoU = mean(unions)
    meanAccuracy = mean(accuracies)
    pixelAccuracy = total > 0 ? Double(correct) / Double(total) : -1
    frequencyWeightedIoU = total > 0 ? weighted : -1
    self.classes = classes
    self.absentClasses = absentClasses
    (pixels, ignoredPixels, otherPixels) = (total, matrix.ignoredPixels, matrix.otherPixels)
  }

  /// The names of the classes that do not occur in the truth.
  public var absent: [String] { classes.filter { $0.truthPixels == 0 }.map(\.name) }

  /// The four figures with their names.
  public var summary: [(name: String, value: Double)] {
    [
      ("mIoU", mIoU), ("pixelAccuracy", pixelAccuracy), ("meanAccuracy", meanAccuracy),
      ("frequencyWeightedIoU", frequencyWeightedIoU),
    ]
  }

  /// The figures as `evaluate --json` writes them: the four, `classes` (name: IoU), `classAccuracies`, what was done about absent
  /// classes and which they are, and counts of pixels.
  public var json: JSON {
    var object = JSONObject()
    for (name, value) in summary { object[name] = JSON(value) }
    object["classes"] = .object(JSONObject(classes.map { ($0.name, JSON($0.IoU)) }))
    object["classAccuracies"] = .object(JSONObject(classes.map { ($0.name, JSON($0.accuracy)) }))
    object["absentClasses"] = JSON(absentClasses.rawValue)
    object["absentFromTruth"] = .array(absent.map { JSON($0) })
    object["pixels"] = JSON(Int(pixels))
    object["ignoredPixels"] = JSON(Int(ignoredPixels))
    object["otherPixels"] = JSON(Int(otherPixels))
    return .object(object)
  }
}
