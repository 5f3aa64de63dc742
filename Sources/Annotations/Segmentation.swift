import Documents

/// The outline or mask of an object in one of COCO's three forms, kept as the file wrote it until it is asked for.
public struct Segmentation: Sendable {
  /// The JSON text: an array of polygons, or an object with `size` and `counts`.
  public let text: String

  /// Takes the JSON text of a COCO `segmentation` as it stands.
  public init(text: String) { self.text = text }

  /// Closed polygons, each a list x, y, x, y … in pixels.
  public init(polygons: [[Double]]) {
    text = JSON.array(polygons.map { .array($0.map { JSON($0) }) }).serialized()
  }

  /// A mask as run lengths in COCO's compressed text.
  public init(_ mask: RunLengthMask) {
    text = (["size": [JSON(mask.height), JSON(mask.width)], "counts": JSON(mask.compressed)] as JSON).serialized()
  }

  /// What a segmentation holds.
  public enum Content: Sendable, Equatable {
    /// Closed polygons, each a list x, y, x, y … in pixels.
    case polygons([[Double]])
    /// Run lengths.
    case mask(RunLengthMask)
  }

  /// The polygons or the run lengths; `place` is what errors name, such as `file.json: annotations[3]`.
  public func content(place: String) throws(AnnotationError) -> Content {
    let json: JSON
    do throws(DocumentError) { json = try JSON(parsing: text, file: place) } catch { throw .document(error) }
    func wrong(_ reason: String) -> AnnotationError { .content(place: "\(place): segmentation", reason: reason) }
    if let rings = json.array {
      var polygons: [[Double]] = []
      for (index, ring) in rings.enumerated() {
        guard let numbers = ring.array else { throw wrong("[\(index)] is \(ring.kind), not an array of numbers") }
        let coordinates = numbers.compactMap(\.double)
        guard coordinates.count == numbers.count else { throw wrong("[\(index)] holds something else than numbers") }
        guard coordinates.count >= 6, coordinates.count % 2 == 0 else {
          throw wrong(
            "[\(index)] has \(coordinates.count) numbers; a polygon has three points or more, two numbers each")
        }
        polygons.append(coordinates)
      }
      return .polygons(polygons)
    }
    guard let size = json["size"]?.array, size.count == 2, let height = size[0].int, let width = size[1].int else {
      throw wrong("is neither an array of polygons nor an object with size [height, width] and counts")
    }
    do throws(RunLengthError) {
      switch json["counts"] {
      case .string(let compressed)?:
        return .mask(try RunLengthMask(compressed: compressed, height: height, width: width))
      case .array(let counts)?:
        let runs = counts.compactMap(\.int)
        guard runs.count == counts.count else { throw RunLengthError.notCounts }
        return .mask(try RunLengthMask(counts: runs, height: height, width: width))
      default: throw RunLengthError.notCounts
      }
    } catch { throw wrong(error.description) }
  }
}

extension Segmentation: Equatable {
  /// Whether both say the same; white space and the order of keys do not matter.
  public static func == (left: Segmentation, right: Segmentation) -> Bool {
    if left.text == right.text { return true }
    guard let one = try? JSON(parsing: left.text, file: ""), let other = try? JSON(parsing: right.text, file: "") else {
      return false
    }
    return one == other
  }
}
