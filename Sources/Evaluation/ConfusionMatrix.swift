/// How often each class was predicted as each: exact counts of pixels over label maps of dense class indices.
///
/// Pixels whose truth is 255 are not judged. A prediction that is none of the K classes, 255 included, counts on a judged pixel as
/// a class of its own, `other`: it is wrong whatever the truth is.
public struct ConfusionMatrix: Sendable, Equatable {
  /// The truth of pixels that are not judged.
  public static let ignored: UInt8 = 255
  /// The number of classes, K.
  public let classCount: Int
  /// The counts [truth, prediction] row by row: K rows of K + 1, the last of each for predictions that are no class.
  public private(set) var counts: [Int64]
  /// The pixels that were not judged.
  public private(set) var ignoredPixels: Int64 = 0

  /// A matrix of zeros.
  ///
  /// - Precondition: 1...255 classes.
  public init(classCount: Int) {
    precondition((1...255).contains(classCount), "ConfusionMatrix: wanted are 1...255 classes, got \(classCount)")
    self.classCount = classCount
    counts = [Int64](repeating: 0, count: classCount * (classCount + 1))
  }

  /// The pixels of class `truth` that were predicted as `prediction`; `classCount` for those predicted as no class.
  public subscript(truth truth: Int, prediction prediction: Int) -> Int64 {
    precondition(
      (0..<classCount).contains(truth) && (0...classCount).contains(prediction),
      "ConfusionMatrix: truth \(truth), prediction \(prediction) of \(classCount) classes")
    return counts[truth * (classCount + 1) + prediction]
  }

  /// The judged pixels.
  public var pixels: Int64 { counts.reduce(0, +) }

  /// The judged pixels that were predicted as no class.
  public var otherPixels: Int64 { (0..<classCount).reduce(0) { $0 + self[truth: $1, prediction: classCount] } }

  /// The pixels that are of a class.
  public func truthPixels(_ index: Int) -> Int64 {
    (0...classCount).reduce(0) { $0 + self[truth: index, prediction: $1] }
  }

  /// The judged pixels that were predicted as a class.
  public func predictedPixels(_ index: Int) -> Int64 {
    (0..<classCount).reduce(0) { $0 + self[truth: $1, prediction: index] }
  }

  /// Adds the pixels of a label map and what was predicted for it.
  public mutating func add(truth: [UInt8], prediction: [UInt8]) {
    truth.withUnsafeBufferPointer { truth in prediction.withUnsafeBufferPointer { add(truth: truth, prediction: $0) } }
  }

  /// Adds the pixels of a label map and what was predicted for it.
  ///
  /// - Precondition: both have as many pixels; the truth holds classes and 255 alone.
  public mutating func add(truth: UnsafeBufferPointer<UInt8>, prediction: UnsafeBufferPointer<UInt8>) {
    precondition(
      truth.count == prediction.count,
      "ConfusionMatrix.add: \(truth.count) pixels of truth, \(prediction.count) of predictions")
    // Two tables in turn: neighbours are mostly of one class, and adding to the same place waits for the addition before. A row
    // for each class, one for ignored pixels, one for what must not occur; a column for each byte.
    let rows = classCount + 2
    var row = [UInt16](repeating: UInt16(classCount + 1), count: 256)
    for index in 0..<classCount { row[index] = UInt16(index) }
    row[Int(Self.ignored)] = UInt16(classCount)
    var start = 0
    while start < truth.count {
      // A count never passes 32 bits.
      let end = min(truth.count, start + 1 << 31)
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * rows * 256) { tables in
        tables.initialize(repeating: 0)
        row.withUnsafeBufferPointer { row in
          let second = rows * 256
          var place = start
          while place + 1 < end {
            tables[Int(row[Int(truth[place])]) << 8 | Int(prediction[place])] &+= 1
            tables[second + (Int(row[Int(truth[place + 1])]) << 8 | Int(prediction[place + 1]))] &+= 1
            place += 2
          }
          if place < end { tables[Int(row[Int(truth[place])]) << 8 | Int(prediction[place])] &+= 1 }
        }
        take(UnsafeBufferPointer(tables), rows: rows)
      }
      start = end
    }
  }

  private mutating func take(_ tables: UnsafeBufferPointer<UInt32>, rows: Int) {
    func count(_ row: Int, _ column: Int) -> Int64 {
      Int64(tables[row << 8 | column]) + Int64(tables[(rows + row) << 8 | column])
    }
    for column in 0..<256 {
      precondition(
        count(classCount + 1, column) == 0,
        "ConfusionMatrix.add: the truth holds a class beyond the \(classCount) there are")
      ignoredPixels += count(classCount, column)
      let target = min(column, classCount)
      for index in 0..<classCount { counts[index * (classCount + 1) + target] += count(index, column) }
    }
  }

  /// Adds the counts of another matrix of as many classes.
  public mutating func merge(_ other: ConfusionMatrix) {
    precondition(
      other.classCount == classCount, "ConfusionMatrix.merge: \(other.classCount) classes, wanted are \(classCount)")
    for place in counts.indices { counts[place] += other.counts[place] }
    ignoredPixels += other.ignoredPixels
  }
}

extension ConfusionMatrix {
  /// How well two label maps of one image agree, in 0…1: the mean of the classes' intersection over union, over the classes that
  /// occur in either. Pixels that are no class in one of them are left out; 0 where nothing is left.
  ///
  /// The measure by which ST++ ranks unlabelled images (Yang et al., CVPR 2022, where it is taken between snapshots of a model).
  public static func meanIoU(_ first: [UInt8], _ second: [UInt8], classCount: Int) -> Double {
    precondition(first.count == second.count, "ConfusionMatrix.meanIoU: \(first.count) and \(second.count) pixels")
    var matrix = ConfusionMatrix(classCount: classCount)
    let known = first.map { $0 < classCount ? $0 : ignored }
    matrix.add(truth: known, prediction: second)
    var (sum, occurring) = (0.0, 0)
    for index in 0..<classCount {
      let common = matrix[truth: index, prediction: index]
      let other = matrix[truth: index, prediction: classCount]
      let union = matrix.truthPixels(index) - other + matrix.predictedPixels(index) - common
      guard union > 0 else { continue }
      sum += Double(common) / Double(union)
      occurring += 1
    }
    return occurring == 0 ? 0 : sum / Double(occurring)
  }
}
