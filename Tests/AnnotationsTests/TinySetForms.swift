import Annotations

/// The files of `annotations/tiny` with the form of each.
enum TinySetForms {
  static let all: [(name: String, form: AnnotationFormat)] = [
    ("coco.json", .coco), ("results.json", .cocoResults), ("voc", .voc), ("voc.json", .vocJSON), ("yolo", .yolo),
    ("yolo-polygons", .yoloPolygons), ("yolo-darknet", .yoloDarknet), ("createml.json", .createML),
    ("labelme", .labelme), ("cvat.xml", .cvat),
  ]
}
