import Documents

/// Reads and writes COCO's results JSON: an array of `{"image_id", "category_id", "bbox", "score"}`, with
/// `segmentation` for masks. Boxes are `[x, y, width, height]`.
public enum COCOResults {
  /// Reads the file at `path`, in its order.
  ///
  /// - Parameter segmentations: whether masks are kept.
  public static func read(_ path: String, segmentations: Bool = true) throws(AnnotationError) -> [PredictedObject] {
    try predictions(path) { COCOPredictions(keepsSegmentations: segmentations) }.objects
  }

  /// The same, collected by what `make` makes.
  static func predictions(
    _ path: String, _ make: @escaping @Sendable () -> COCOPredictions
  ) throws(AnnotationError) -> COCOPredictions {
    var predictions = make()
    var problems = AnnotationProblems()
    var isArray = false
    try throwingAnnotationErrors { () throws(DocumentError) in
      try JSONStream.read(path, isArray: true) { member throws(DocumentError) in
        guard member.key.isEmpty else {
          throw .json(
            file: path, path: "", offset: nil,
            reason: "is an object with the key \"\(member.key)\", not an array of results")
        }
        isArray = true
        predictions = try member.elements(
          make, problem: { problems.add(.badValue, $0.description(without: path)) })
      }
      guard isArray else {
        throw .json(file: path, path: "", offset: nil, reason: "is an object, not an array of results")
      }
    }
    guard problems.counts.isEmpty else { throw .problems(source: path, problems) }
    return predictions
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
