import Documents
import TestSupport
import Testing

@testable import Annotations

@Suite struct ImageListTests {
  @Test(
    "a list can hold the names that it reads back",
    arguments: [
      ("a.png", true), ("d/ü b.png", true), ("a#b.png", true), ("", false), ("#a.png", false), (" a.png", false),
      ("a.png ", false), ("a\u{A0}", false), ("a\nb.png", false), ("a\u{2028}b.png", false), ("\u{FEFF}a.png", false),
    ])
  func held(name: String, isHeld: Bool) throws {
    #expect(ImageList.canHold(name) == isHeld)
    let folder = try ScratchFolder()
    let file = try folder.write("first\n\(name)\n", to: "list.txt")
    #expect(try (ImageList.read(file).names.map(ExactName.init) == ["first", name].map(ExactName.init)) == isHeld)
  }

  @Test("a split with an image that no list can name is refused before anything is written")
  func split() throws {
    let folder = try ScratchFolder()
    let set = AnnotationSet(
      images: ["a.png", "#b.png"].enumerated().map {
        ImageRecord(id: $0.offset + 1, fileName: $0.element, height: 4, width: 4)
      })
    let origin = AnnotationSplit.Origin(
      source: "coco.json", sourceDigest: "", fraction: 0.5, seed: 1, mode: .byImage, digests: nil)
    let splits = AnnotationSplit.byImage(count: 2, fraction: 0.5, folds: 1, seed: 1)
    let message = errorMessage {
      try AnnotationSplit.write(splits, of: set, origin: origin, to: folder.path + "/split")
    }
    #expect(message?.hasPrefix("coco.json: the image name \"#b.png\" cannot stand on a line of a list") == true)
    #expect(!Folder.exists(folder.path + "/split"))
  }

  @Test("a split of label maps alike, by names and by stems; pairs begin with the folder")
  func masks() throws {
    let fixture = MaskFixture()
    try fixture.pairs(["#a", "b"])
    let reading = try SegmentationSource.read(fixture.root)
    let splits = AnnotationSplit.byImage(count: 2, fraction: 0.5, folds: 1, seed: 1)
    let forms: [(SegmentationReading.ListForm, Bool)] = [(.names, false), (.stems, false), (.pairs, true)]
    for (form, isHeld) in forms {
      let origin = AnnotationSplit.MaskOrigin(
        reading: reading, fraction: 0.5, seed: 1, mode: .byImage, listForm: form, digests: [:],
        pixels: [[1, 1, 1], [1, 1, 1]])
      let message = errorMessage {
        try AnnotationSplit.write(splits, of: origin, to: fixture.root + "/split-\(form.rawValue)")
      }
      #expect((message == nil) == isHeld, "\(form.rawValue): \(message ?? "")")
      #expect(message?.contains("the image name \"#a.png\"") ?? isHeld)
    }
  }

  @Test("names of images that XML changes, or whose line in VOC's list is a remark, are reported")
  func voc() throws {
    let names = [" a.png", "#b.png", "c.png", "d\u{1}.png"]
    let set = AnnotationSet(
      images: names.enumerated().map {
        ImageRecord(id: $0.offset + 1, fileName: $0.element, height: 4, width: 4)
      })
    let loss = try #require(AnnotationFormat.voc.losses(of: set).losses.first { $0.code == .imageName })
    #expect(loss.examples == [" a.png", "#b.png", "d\u{1}.png"])
    let maps = try #require(AnnotationFormat.vocMasks.losses(of: set).losses.first { $0.code == .imageName })
    #expect(maps.examples == [" a.png", "#b.png"])
    #expect(!AnnotationFormat.vocJSON.losses(of: set).losses.contains { $0.code == .imageName })
  }
}
