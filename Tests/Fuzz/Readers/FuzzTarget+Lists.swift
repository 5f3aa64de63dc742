@testable import Annotations

extension FuzzTarget {
  /// Small files of lines: classes, images, masks, tags, mappings, and manifests.
  static let lists: [FuzzTarget] = [
    FuzzTarget(name: "classes", seeds: ["classes.txt"]) { [file = InputFile("classes.txt")] bytes in
      file.hold(bytes)
      _ = try? ClassTable.read(file.path)
    },
    FuzzTarget(name: "image-list", seeds: []) { [file = InputFile("list.txt")] bytes in
      file.hold(bytes)
      guard let list = try? ImageList.read(file.path) else { return }
      var problems = AnnotationProblems()
      _ = try? list.subset(of: named, source: "input", &problems)
    },
    FuzzTarget(name: "mask-list", seeds: []) { [file = InputFile("list.txt")] bytes in
      file.hold(bytes)
      _ = try? MaskList.read(file.path, images: nil, masks: nil, list: nil)
    },
    FuzzTarget(name: "image-tags", seeds: []) { [file = InputFile("tags.csv")] bytes in
      file.hold(bytes)
      _ = try? ImageTags.read(file.path, classes: table)
    },
    FuzzTarget(name: "coco-tags", seeds: ["coco.json"]) { [file = InputFile("tags.json")] bytes in
      file.hold(bytes)
      _ = try? ImageTags.read(file.path, classes: table)
    },
    FuzzTarget(name: "class-mapping", seeds: []) { [file = InputFile("map.txt")] bytes in
      file.hold(bytes)
      var mapping = ClassMapping()
      guard (try? mapping.add(file: file.path)) != nil else { return }
      _ = try? mapping.applied(to: named, source: "input")
    },
    FuzzTarget(name: "manifest", seeds: []) { [file = InputFile("manifest.json")] bytes in
      file.hold(bytes)
      _ = try? ContentManifest(contentsOf: file.path)
    },
  ]

  private static let table = ClassTable(names: ["background", "disc", "ring", "square", "triangle", "star", "cross"])
  private static let named = AnnotationSet(
    categories: [Category(id: 1, name: "cat"), Category(id: 2, name: "dog")],
    images: [ImageRecord(id: 1, fileName: "a.jpg", height: 9, width: 9)])
}
