import Annotations
import Documents

/// What `predict` says beside its predictions about their ids: `images.json`, a COCO file without objects.
///
/// Predictions on a folder number the images by their names. Labels number them in their own way, so the boxes of one image
/// would be judged by the labels of another, and the figures would say nothing but how bad the detector is.
struct PredictedImages {
  private let set: AnnotationSet

  /// Reads the file in the folder of the predictions; nil where there is none, or one that is no such file.
  init?(beside predictions: String) {
    let file = Path.join(Path.folder(of: predictions), "images.json")
    guard Folder.hasFile(file), let (set, _) = try? COCOInstances.read(file) else { return nil }
    self.set = set
  }

  /// Holds predictions to the ids of labels, as far as `images.json` beside them says what they mean.
  ///
  /// - Returns: what their ids are taken for where neither that file nor the form of the labels says so; else nil.
  static func numbering(
    of predictions: String, by labels: AnnotationReading
  ) throws(EvaluationError) -> String? {
    if let images = PredictedImages(beside: predictions) {
      try images.requireIDs(of: labels.set, truth: labels.source, predictions: predictions)
      return nil
    }
    guard !labels.form.hasIDs else { return nil }
    func list(_ entries: [(id: Int, name: String)]) -> String {
      entries.prefix(3).map { "\($0.id) \($0.name)" }.joined(separator: ", ") + (entries.count > 3 ? ", …" : "")
    }
    return
      "\(labels.form.rawValue) has no ids: those of the predictions are taken for images \(list(labels.set.images.map { ($0.id, $0.fileName) }))"
      + " and classes \(list(labels.set.categories.map { ($0.id, $0.name) }))"
  }

  /// Compares names, without folders and extensions, and classes; ids that one side alone has are no contradiction.
  private func requireIDs(of labels: AnnotationSet, truth: String, predictions: String) throws(EvaluationError) {
    let names = Dictionary(labels.images.map { ($0.id, $0.fileName) }) { first, _ in first }
    let others = set.images.filter { image in
      names[image.id].map { Path.stem(of: $0) != Path.stem(of: image.fileName) } ?? false
    }
    if let first = others.first {
      throw .otherIDs(
        file: predictions, truth: truth,
        difference: "image \(first.id) is \(first.fileName) in images.json beside it, \(names[first.id] ?? "") there",
        others: others.count - 1)
    }
    let classes = Dictionary(labels.categories.map { ($0.id, $0.name) }) { first, _ in first }
    let renamed = set.categories.filter { category in classes[category.id].map { $0 != category.name } ?? false }
    if let first = renamed.first {
      throw .otherIDs(
        file: predictions, truth: truth,
        difference: "class \(first.id) is \(first.name) in images.json beside it, \(classes[first.id] ?? "") there",
        others: renamed.count - 1)
    }
  }
}
