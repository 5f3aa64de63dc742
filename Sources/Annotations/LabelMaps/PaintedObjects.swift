import Documents

/// The objects of one image painted into a label map, each over those before it.
struct PaintedObjects: Sendable {
  /// What became of an object.
  enum Fate: Sendable, Equatable {
    /// It has a box alone.
    case withoutMask
    /// Its outline or mask cannot be used, for this reason.
    case unusable(String)
    /// The image has more objects than there are numbers.
    case surplus
    /// It is painted: its own pixels, and those of them that later objects left.
    case painted(own: Int, mask: RunLengthMask?)
  }

  /// Height of the image.
  let height: Int
  /// Width of the image.
  let width: Int
  /// For each pixel, down the columns: 0 where nobody is, n for the nth number given, ``ignored`` for what is not judged. Empty
  /// where masks were asked for and none is painted.
  var columns: [UInt16]
  /// What became of each object, in the order given.
  private(set) var fates: [Fate] = []
  /// The place of each number's object; that of 1 is the first.
  private(set) var places: [Int] = []
  /// The number of pixels that are nobody's and are not judged.
  static let ignored = UInt16.max

  /// Paints objects.
  ///
  /// - Parameters:
  ///   - most: how many get a number beside crowds.
  ///   - ignored: the pixels that are not judged, over all objects.
  ///   - showsMasks: whether what is left of each object is looked for.
  init(
    _ objects: [ObjectAnnotation], height: Int, width: Int, most: Int, ignored: [RunLengthMask], showsMasks: Bool = true
  ) {
    (self.height, self.width) = (height, width)
    columns = []
    var left = most
    var parts: [[RunLengthMask]] = []
    for (place, object) in objects.enumerated() {
      guard let segmentation = object.outline else {
        fates.append(.withoutMask)
        continue
      }
      let masks: [RunLengthMask]
      do throws(AnnotationError) {
        masks = try segmentation.masks(height: height, width: width, place: "object \(object.id)")
      } catch {
        fates.append(.unusable(error.description))
        continue
      }
      guard object.isCrowd || left > 0, places.count < Int(Self.ignored) - 1 else {
        fates.append(.surplus)
        continue
      }
      left -= object.isCrowd ? 0 : 1
      places.append(place)
      parts.append(masks)
      fates.append(.painted(own: 0, mask: nil))
    }
    // What is left of objects can be said without pixels where none is painted.
    if showsMasks, places.isEmpty { return }
    columns = [UInt16](repeating: 0, count: height * width)
    for (number, (place, masks)) in zip(places, parts).enumerated() {
      fates[place] = .painted(own: paint(masks, UInt16(number + 1)), mask: nil)
    }
    _ = paint(ignored, Self.ignored)
    guard showsMasks else { return }
    for entry in LabelRuns(columns: columns, height: height, width: width, without: [0, Int(Self.ignored)]).entries {
      let place = places[entry.value - 1]
      if case .painted(let own, _) = fates[place] { fates[place] = .painted(own: own, mask: entry.mask) }
    }
  }

  /// Paints parts of an object; returns how many pixels they have together.
  private mutating func paint(_ masks: [RunLengthMask], _ number: UInt16) -> Int {
    var painted = 0
    columns.withUnsafeMutableBufferPointer { columns in
      for mask in masks {
        mask.forEachRun { run in
          // A pixel of two parts counts once.
          for place in run where columns[place] != number {
            columns[place] = number
            painted += 1
          }
        }
      }
    }
    return painted
  }

  /// A label map, row by row, in which each number has become another.
  ///
  /// - Parameter values: for 0, 1, … what is written; ``ignored`` becomes 255.
  func rows(_ values: [UInt8]) -> [UInt8] {
    let bytes = columns.map { $0 == Self.ignored ? 255 : values[Int($0)] }
    return LabelRuns.transposed(bytes, height: width, width: height)
  }
}
