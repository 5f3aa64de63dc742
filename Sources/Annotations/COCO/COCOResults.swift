import Documents

/// One predicted object, as COCO's results files hold it.
public struct PredictedObject: Sendable {
  /// The image's id in the ground truth.
  public var imageID: Int
  /// The class's id in the ground truth.
  public var categoryID: Int
  /// Where it is, in pixels of the image; nil where only a mask is given.
  public var box: Box? { didSet { writtenBox = box.map(WrittenBox.init) } }
  /// The same in the numbers of the file it was read from.
  public private(set) var writtenBox: WrittenBox?
  /// How sure the detector is; larger is surer.
  public var score: Double
  /// Its mask, where one is predicted.
  public var segmentation: Segmentation?

  /// A prediction.
  public init(imageID: Int, categoryID: Int, box: Box?, score: Double, segmentation: Segmentation? = nil) {
    self.imageID = imageID
    self.categoryID = categoryID
    self.box = box
    writtenBox = box.map(WrittenBox.init)
    self.score = score
    self.segmentation = segmentation
  }

  /// Keeps the box in the numbers that a file has for it.
  mutating func take(_ box: WrittenBox) { writtenBox = box }

  /// A prediction whose box is kept in the numbers of a file.
  init(imageID: Int, categoryID: Int, writtenBox: WrittenBox?, score: Double, segmentation: Segmentation?) {
    self.init(
      imageID: imageID, categoryID: categoryID,
      box: writtenBox.map { Box(x: $0.x, y: $0.y, width: $0.width, height: $0.height) }, score: score,
      segmentation: segmentation)
    self.writtenBox = writtenBox
  }
}

extension PredictedObject: Equatable {
  /// Whether all values are equal; how a file wrote the box does not matter.
  public static func == (left: PredictedObject, right: PredictedObject) -> Bool {
    left.imageID == right.imageID && left.categoryID == right.categoryID && left.box == right.box
      && left.score == right.score && left.segmentation == right.segmentation
  }
}

/// Reads and writes COCO's results JSON: an array of `{"image_id", "category_id", "bbox", "score"}`, with
/// `segmentation` for masks. Boxes are `[x, y, width, height]`.
public enum COCOResults {
  /// Reads the file at `path` element by element, in its order.
  public static func read(_ path: String) throws(AnnotationError) -> [PredictedObject] {
    var objects: [PredictedObject] = []
    var problems = AnnotationProblems()
    try throwingAnnotationErrors { () throws(DocumentError) in
      try JSONStream.read(
        path, arrays: [""],
        element: { _, element throws(DocumentError) in
          do throws(DocumentError) { objects.append(try object(element)) } catch {
            let text = error.description
            problems.add(.badValue, text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text)
          }
        },
        member: { key, _ throws(DocumentError) in
          throw .json(
            file: path, path: "", offset: nil, reason: "is an object with the key \"\(key)\", not an array of results")
        })
    }
    guard problems.counts.isEmpty else { throw .problems(source: path, problems) }
    return objects
  }

  private static func object(_ element: JSONElement) throws(DocumentError) -> PredictedObject {
    let numbers = try element.optionalDoubles("bbox")
    if let numbers, numbers.count != 4 {
      throw element.error("bbox", "has \(numbers.count) numbers, not 4 (x, y, width, height)")
    }
    let segmentation = element.has("segmentation") ? element.text("segmentation").map(Segmentation.init(text:)) : nil
    guard numbers != nil || segmentation != nil else {
      throw element.error("", "has neither \"bbox\" nor \"segmentation\"")
    }
    return PredictedObject(
      imageID: try element.int("image_id"), categoryID: try element.int("category_id"),
      writtenBox: numbers.map { WrittenBox(x: $0[0], y: $0[1], width: $0[2], height: $0[3]) },
      score: try element.double("score"),
      segmentation: segmentation)
  }

  /// Writes predictions, one a line, in the order given.
  ///
  /// - Precondition: all numbers are finite.
  public static func write(_ objects: [PredictedObject], to path: String) throws(AnnotationError) {
    try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(to: path) { writer throws(DocumentError) in
        try writer.append("[")
        for (index, object) in objects.enumerated() {
          precondition(
            object.score.isFinite && object.box?.isFinite ?? true, "prediction \(index) is not a finite number")
          var line =
            (index == 0 ? "\n" : ",\n") + "{\"image_id\":\(object.imageID),\"category_id\":\(object.categoryID)"
          if let box = object.writtenBox {
            let numbers = [box.x, box.y, box.width, box.height].map(JSON.text(of:)).joined(separator: ",")
            line += ",\"bbox\":[\(numbers)]"
          }
          if let segmentation = object.segmentation { line += ",\"segmentation\":\(segmentation.text)" }
          try writer.append(line + ",\"score\":\(JSON.text(of: object.score))}")
        }
        try writer.append(objects.isEmpty ? "]\n" : "\n]\n")
      }
    }
  }
}
