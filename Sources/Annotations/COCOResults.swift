import Documents

/// One predicted object, as COCO's results files hold it.
public struct PredictedObject: Sendable, Equatable {
  /// The image's id in the ground truth.
  public var imageID: Int
  /// The class's id in the ground truth.
  public var categoryID: Int
  /// Where it is, in pixels of the image; nil where only a mask is given.
  public var box: Box?
  /// How sure the detector is; larger is surer.
  public var score: Double
  /// Its mask, where one is predicted.
  public var segmentation: Segmentation?

  /// A prediction.
  public init(imageID: Int, categoryID: Int, box: Box?, score: Double, segmentation: Segmentation? = nil) {
    self.imageID = imageID
    self.categoryID = categoryID
    self.box = box
    self.score = score
    self.segmentation = segmentation
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
      box: numbers.map { Box(x: $0[0], y: $0[1], width: $0[2], height: $0[3]) }, score: try element.double("score"),
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
          if let box = object.box {
            let numbers = [box.x0, box.y0, box.width, box.height].map(JSON.text(of:)).joined(separator: ",")
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
