@testable import Annotations
import Documents

extension FuzzTarget {
  /// The readers of labels and predictions, from a file to checked labels.
  static let labels: [FuzzTarget] = [
    form(.coco, ["coco.json"]),
    FuzzTarget(name: "conversion-losses", seeds: ["coco.json"]) { [file = InputFile("input.json")] bytes in
      file.hold(bytes)
      guard let (set, problems) = try? COCOInstances.read(file.path), problems.count(.error) == 0 else { return }
      for format in AnnotationFormat.writable { _ = format.losses(of: set) }
    },
    FuzzTarget(name: "coco-results", seeds: ["results.json"]) { [file = InputFile("input.json")] bytes in
      file.hold(bytes)
      guard let objects = try? COCOResults.read(file.path) else { return }
      for object in objects { _ = try? object.segmentation?.content(place: "input") }
    },
    form(.cocoPanoptic, []),
    form(.vocJSON, ["voc.json"]),
    form(.createML, ["createml.json"]),
    form(.cvat, ["cvat.xml"]),
    FuzzTarget(name: "voc", seeds: ["voc/Annotations/*.xml"]) { [file = InputFile("input.xml")] bytes in
      file.hold(bytes)
      check(try? VOCFolder.read(file.folder, options: ReadingOptions(images: file.folder)))
    },
    FuzzTarget(name: "labelme", seeds: ["labelme/*.json"]) { [file = InputFile("input.json")] bytes in
      file.hold(bytes)
      check(try? LabelMeFolder.read(file.folder, options: ReadingOptions(images: file.folder)))
    },
    FuzzTarget(name: "yolo-rows", seeds: ["yolo/labels/*.txt", "yolo-polygons/labels/*.txt"]) { bytes in
      YOLORow.read(bytes) { _, row in
        guard case .success(let row) = row else { return }
        _ = row.isRing ? row.ring(height: 37, width: 53).count : row.box(height: 37, width: 53).isEmpty ? 0 : 1
      }
    },
    FuzzTarget(name: "yolo-yaml", seeds: ["yolo/*.yaml"]) { [file = InputFile("data.yaml")] bytes in
      file.hold(bytes)
      _ = try? DataYAML.read(file.path)
    },
    FuzzTarget(name: "voc-results", seeds: []) { [file = InputFile("comp3_det_test_cat.txt")] bytes in
      file.hold(bytes)
      _ = try? VOCResults.read(file.path, labels: named)
    },
  ]

  private static let named = AnnotationSet(
    categories: [Category(id: 1, name: "cat")], images: [ImageRecord(id: 1, fileName: "a.jpg", height: 9, width: 9)])

  private static func form(_ format: AnnotationFormat, _ seeds: [String]) -> FuzzTarget {
    let file = InputFile("input." + (format == .cvat ? "xml" : "json"))
    return FuzzTarget(name: format.rawValue, seeds: seeds) { bytes in
      file.hold(bytes)
      check(try? format.form.read(file.path, options: ReadingOptions()))
    }
  }

  /// What every reader's labels go through next.
  private static func check(_ content: FormContent?) {
    guard let content else { return }
    _ = AnnotationCheck.contents(of: content.set)
    _ = AnnotationStatistics(of: content.set)
  }
}
