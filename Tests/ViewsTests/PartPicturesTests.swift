import Annotations
import Imaging
import Randomness
import Testing

@testable import Views

/// The parts of views by name, and the pictures of what each does.
@Suite struct PartPicturesTests {
  private static let image: Image = {
    var image = Image(height: 96, width: 128, channels: 3)
    var generator = SeededGenerator(seed: 5)
    for y in 0..<96 {
      for x in 0..<128 {
        image[y, x, 0] = UInt8(60 + x)
        image[y, x, 1] = UInt8(40 + y)
        image[y, x, 2] = UInt8(80 + generator.integer(below: 60))
      }
    }
    return image
  }()

  private func plan(_ part: NamedPart, seed: UInt64) -> ViewPlan {
    var generator = SeededGenerator(seed: seed)
    var plan = ViewPlan(originalHeight: 96, originalWidth: 128)
    for augmentation in part.parts { augmentation.adjust(&plan, using: &generator) }
    return plan
  }

  private func picture(_ plan: ViewPlan) -> Image {
    View(image: 0, imageID: 0, name: "", geometry: plan.geometry, steps: plan.steps, labels: BoxLabels())
      .rendered(from: Self.image)
  }

  @Test(
    "each named part has a name of its own and changes views",
    arguments: [ViewSettings().namedParts, SegmentationViewSettings().namedParts])
  func act(parts: [NamedPart]) {
    #expect(Set(parts.map(\.name)).count == parts.count)
    for part in parts.dropLast(2) {
      // A factor of 1 is among those that are drawn.
      let changed = (UInt64(1)...10).count { picture(plan(part, seed: $0)) != Self.image }
      #expect(changed >= 7, "\(part.name): \(changed) of 10")
    }
  }

  @Test("what is named is what strong views are made of: all of it and nothing else")
  func complete() {
    var settings = SegmentationViewSettings().strongAugmentation
    (settings.jitter.probability, settings.greyProbability) = (1, 1)
    (settings.blur.probability, settings.cutout.probability) = (1, 1)
    #expect(settings.named.map(\.name) == ["jitter", "grey", "blur", "cutout"])
    #expect(settings.parts.count == 4)
    settings.blur.probability = 0
    #expect(settings.named.map(\.name) == ["jitter", "grey", "cutout"])
    let strong = StrongAugmentationSettings()
    #expect(strong.colors.count == 9 && strong.geometries.count == 4)
    #expect((strong.color as? OneOf)?.parts.count == 9 && (strong.geometry as? OneOf)?.parts.count == 4)
  }

  @Test("a grey view has no colour, and a cutout takes its rectangle's labels away")
  func meaning() throws {
    let parts = SegmentationViewSettings().namedParts
    let grey = picture(plan(try #require(parts.first { $0.name == "grey" }), seed: 1))
    for place in stride(from: 0, to: grey.pixels.count, by: 3) {
      #expect(grey.pixels[place] == grey.pixels[place + 1] && grey.pixels[place] == grey.pixels[place + 2])
    }
    let cutout = plan(try #require(parts.first { $0.name == "cutout" }), seed: 1)
    guard case .noise(let patch, _)? = cutout.steps.first else {
      Issue.record("no rectangle of noise")
      return
    }
    let view = View(image: 0, imageID: 0, name: "", geometry: cutout.geometry, steps: cutout.steps, labels: BoxLabels())
    let labels = view.labels(from: Image(height: 96, width: 128, channels: 1, fill: 3))
    #expect(labels.valueCounts[255] == patch.height * patch.width)
    #expect(labels.valueCounts[3] == 96 * 128 - patch.height * patch.width)
  }

  @Test("a seed decides the sheet; another seed, and another image of the same sheet, draw otherwise")
  func seeds() {
    let drawing = MaskDrawing(ClassTable(names: ["a", "b"]))
    let map = Image(height: 96, width: 128, channels: 1, fill: 1)
    func sheet(seed: UInt64, number: Int) -> Image {
      PartPictures(SegmentationViewSettings().namedParts, seed: seed).sheet(
        of: Self.image, .map(map, drawing), number: number, columns: 5, cell: 100)
    }
    #expect(sheet(seed: 1, number: 0) == sheet(seed: 1, number: 0))
    #expect(sheet(seed: 1, number: 0) != sheet(seed: 2, number: 0))
    #expect(sheet(seed: 1, number: 0) != sheet(seed: 1, number: 1))
    // The image and ten parts are three rows of five.
    #expect(sheet(seed: 1, number: 0).width == 500)
  }

  @Test("boxes of a label file are those of its image, in pixels of the file, without crowds")
  func boxes() {
    var set = AnnotationSet()
    set.images = [ImageRecord(id: 3, fileName: "a.jpg", height: 48, width: 64)]
    set.categories = [Category(id: 7, name: "b"), Category(id: 2, name: "a")]
    set.objects = [
      ObjectAnnotation(id: 1, imageID: 3, categoryID: 7, box: Box(x0: 4, y0: 6, x1: 20, y1: 30)),
      ObjectAnnotation(id: 2, imageID: 4, categoryID: 7, box: Box(x0: 0, y0: 0, x1: 9, y1: 9)),
    ]
    let labels = BoxLabels(of: set.images[0], in: set, height: 96, width: 128)
    #expect(labels == BoxLabels(boxes: [Box(x0: 8, y0: 12, x1: 40, y1: 60)], classes: [1]))
  }
}
