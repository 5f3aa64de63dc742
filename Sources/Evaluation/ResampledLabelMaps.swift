/// The mean intersection over union of any choice of the images, from the counts of each.
public struct ResampledLabelMaps: ResampledFigures {
  /// What an image has of a class, in pixels.
  private struct Entry {
    var index: Int32
    var common: Int64
    var truth: Int64
    var union: Int64
  }

  /// The images that are drawn from.
  public let imageCount: Int
  /// The names of the classes.
  public let parts: [String]
  /// By image, the classes that occur in its truth or prediction.
  private let images: [[Entry]]
  private let absentClasses: AbsentClasses

  /// Of the confusion matrices of the images.
  ///
  /// - Precondition: each matrix has as many classes as there are names.
  public init(_ matrices: [ConfusionMatrix], names: [String], absentClasses: AbsentClasses = .skipped) {
    imageCount = matrices.count
    parts = names
    self.absentClasses = absentClasses
    images = matrices.map { matrix in
      precondition(matrix.classCount == names.count, "ResampledLabelMaps: \(matrix.classCount) classes")
      return names.indices.compactMap { index in
        let (truth, common) = (matrix.truthPixels(index), matrix[truth: index, prediction: index])
        let union = truth + matrix.predictedPixels(index) - common
        return union > 0 ? Entry(index: Int32(index), common: common, truth: truth, union: union) : nil
      }
    }
  }

  /// The mean intersection over union and that of each class; NaN where the images chosen have no pixel to judge by.
  public func figures(_ weights: UnsafeBufferPointer<Int32>) -> [Double] {
    var sums = parts.map { _ in (common: Int64(0), truth: Int64(0), union: Int64(0)) }
    for (place, entries) in images.enumerated() where weights[place] > 0 {
      let weight = Int64(weights[place])
      for entry in entries {
        sums[Int(entry.index)].common += weight * entry.common
        sums[Int(entry.index)].truth += weight * entry.truth
        sums[Int(entry.index)].union += weight * entry.union
      }
    }
    let isEmpty = sums.allSatisfy { $0.truth == 0 }
    let each = sums.map { sum -> Double in
      let counts =
        switch absentClasses {
        case .skipped: sum.truth > 0
        case .skippedUnlessPredicted: sum.union > 0
        case .zero: !isEmpty
        }
      return counts ? (sum.union > 0 ? Double(sum.common) / Double(sum.union) : 0) : .nan
    }
    let known = each.filter { !$0.isNaN }
    return [known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)] + each
  }
}
