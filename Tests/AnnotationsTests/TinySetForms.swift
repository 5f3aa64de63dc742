import Annotations

/// The files of `annotations/tiny` with the form of each.
enum TinySetForms {
  static let all: [(name: String, form: AnnotationFormat)] = [
    ("coco.json", .coco), ("voc", .voc), ("voc.json", .vocJSON), ("labelme", .labelme),
  ]
}
