import Annotations
import Documents
import TestSupport
import Testing

/// Names of images that a file system tells apart and Unicode calls equal.
@Suite struct ComposedNamesTests {
  private let decomposed = "e\u{301}.png"
  private let composed = "\u{E9}.png"

  /// Images with an object each.
  private func set(_ names: String...) -> AnnotationSet {
    let ids = Array(1...names.count)
    return AnnotationSet(
      categories: [Category(id: 1, name: "cell")],
      images: zip(ids, names).map { ImageRecord(id: $0, fileName: $1, height: 9, width: 9) },
      objects: ids.map {
        ObjectAnnotation(
          id: $0, imageID: $0, categoryID: 1, box: Box(x0: 1, y0: 2, x1: 5, y1: 6),
          segmentation: Segmentation(polygons: [[1, 2, 5, 2, 5, 6, 1, 6]]))
      })
  }

  @Test("labels of the other name are those of another image", arguments: AnnotationFormat.writable.filter(\.isFolder))
  func others(form: AnnotationFormat) throws {
    let folder = try ScratchFolder()
    try form.write(set(decomposed), to: folder.path, options: WritingOptions())
    #expect(try form.others(in: folder.path, than: set(decomposed)).isEmpty)
    #expect(try !form.others(in: folder.path, than: set(composed)).isEmpty)
  }

  @Test("VOC's writer gives both their files, which read back as two images")
  func bothInVOC() throws {
    let folder = try ScratchFolder()
    try VOCFolder.write(set(decomposed, composed), to: folder.path)
    #expect(try Folder.names(in: folder.path + "/Annotations").map { Array($0.utf8).count } == [7, 6])
    let (back, problems) = try VOCFolder.read(folder.path)
    #expect(problems.counts.isEmpty && back.images.count == 2 && back.objects.map(\.imageID) == [1, 2])
  }
}
