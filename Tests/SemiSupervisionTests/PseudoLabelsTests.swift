import Annotations
import Detection
import Documents
import Samples
import TestSupport
import Testing

@testable import SemiSupervision

@Suite struct PseudoLabelsTests {
  private static func box(_ score: Double, passes: Set<PseudoBoxes.Purpose>) -> TeacherBox {
    TeacherBox(
      found: FoundBox(box: Box(x: 1.5, y: 2, width: 3, height: 4), classIndex: 1, score: score),
      probabilities: [1 - score, 0, score], uncertainty: 0.25, passes: passes)
  }

  private static let categories = [Annotations.Category(id: 3, name: "a"), Annotations.Category(id: 7, name: "b")]

  private func labels() -> PseudoLabels {
    var labels = PseudoLabels(categories: Self.categories, rules: PseudoLabelRules())
    labels.add(
      [Self.box(0.95, passes: [.classes, .proposals]), Self.box(0.6, passes: [.boxes]), Self.box(0.5, passes: [])],
      of: PooledImage(path: "/p/d/1.jpg", name: "d/1.jpg", id: 4), size: (20, 30))
    labels.add([], of: PooledImage(path: "/p/2.jpg", name: "2.jpg", id: 5), size: (20, 30))
    return labels
  }

  @Test("every candidate is written with its scores and filters; what scores too little is no candidate")
  func candidates() throws {
    let set = labels().candidates
    #expect(set.images.map(\.id) == [4, 5] && set.images[0].width == 30)
    #expect(set.objects.map(\.id) == [1, 2])
    let first = set.objects[0]
    #expect(first.categoryID == 7 && first.imageID == 4 && !first.isCrowd && first.area == 12)
    #expect(first.extra.keys == ["score", "class_scores", "box_uncertainty", "filters"])
    #expect(first.extra["class_scores"]?.object?.keys == ["background", "a", "b"])
    #expect(first.extra["class_scores"]?["b"] == 0.95 && first.extra["box_uncertainty"] == 0.25)
    #expect(first.extra["filters"] == ["proposals": true, "classes": true, "boxes": false])
    #expect(set.extra["info"]?["pseudo_labels"]?["class_score"] == 0.9)
    #expect(
      labels().summary
        == "2 candidates, of which 1 pass the class filter, 1 the box filter, 1 that of proposals")
  }

  @Test("what passed the class filter is written for annotation programs and read back as labels")
  func corrigible() throws {
    let folder = try ScratchFolder()
    for format in [AnnotationFormat.labelme, .coco, .voc] {
      let place = folder.path + "/" + format.rawValue + (format.isFolder ? "" : ".json")
      let lost = try labels().write(as: format, to: place)
      #expect(lost.isEmpty == (format != .voc), "\(lost)")
      let back = try AnnotationSource.inspect(place)
      #expect(back.form.rawValue == format.rawValue)
      #expect(back.set.images.count == 2)
      #expect(back.set.objects.count == 1)
      #expect(back.set.objects[0].box.height == 4)
      if format == .labelme { #expect(back.set.objects[0].extra["description"] == "score 0.95") }
    }
    _ = try folder.write("{}", to: "labelme/other.json")
    #expect(
      errorMessage { _ = try labels().write(as: .labelme, to: folder.path + "/labelme") }
        == "\(folder.path)/labelme: has annotations of other images, such as other.json; give a new folder")
  }

  @Test(
    "names are relative to one folder, whatever named the images",
    arguments: [
      (["d/1.jpg", "2.jpg"], ["/p/d/1.jpg", "/p/2.jpg"], "/p", ["d/1.jpg", "2.jpg"]),
      (["1.jpg"], ["/1.jpg"], "/", ["1.jpg"]),
      (["/p/q/1.jpg", "/p/q/d/2.jpg"], ["/p/q/1.jpg", "/p/q/d/2.jpg"], "/p/q", ["1.jpg", "d/2.jpg"]),
      (["q/1.jpg", "r/2.jpg"], ["q/1.jpg", "r/2.jpg"], ".", ["q/1.jpg", "r/2.jpg"]),
      (["q/1.jpg"], ["q/1.jpg"], "q", ["1.jpg"]),
      (["../q/1.jpg", "../q/2.jpg"], ["l/../q/1.jpg", "l/../q/2.jpg"], "l/../q", ["1.jpg", "2.jpg"]),
      ([], [], ".", []),
    ])
  func rooted(names: [String], paths: [String], folder: String, expected: [String]) {
    let (found, relative) = PseudoLabels.rooted(names, paths)
    #expect(found == folder)
    #expect(relative == expected)
  }
}
