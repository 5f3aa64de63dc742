import Annotations
import Imaging
import Randomness
import TestSupport
import Testing

@testable import Views

/// Parts of resized images, their label maps, and ST's strong data augmentation.
@Suite struct SegmentationViewTests {
  /// A picture whose red says where it is along x, whose green along y; and a label map of four quarters.
  private static func scene(height: Int, width: Int) -> (image: Image, labels: Image) {
    var image = Image(height: height, width: width, channels: 3)
    var labels = Image(height: height, width: width, channels: 1)
    for y in 0..<height {
      for x in 0..<width {
        labels[y, x, 0] = UInt8((2 * y / height) * 2 + 2 * x / width)
        image[y, x, 0] = labels[y, x, 0] * 60 + 20
        image[y, x, 1] = UInt8(y * 255 / height)
        image[y, x, 2] = 200
      }
    }
    return (image, labels)
  }

  private func view(_ plan: ViewPlan) -> View {
    View(image: 0, imageID: 1, name: "a", geometry: plan.geometry, steps: plan.steps, labels: BoxLabels())
  }

  @Test(
    "a part of a resized image is that part of the whole one, byte for byte, and mirrored after it",
    arguments: [false, true])
  func cropped(isMirrored: Bool) {
    let (image, labels) = Self.scene(height: 40, width: 60)
    var geometry = ViewGeometry(originalHeight: 40, originalWidth: 60)
    geometry.resize(height: 66, width: 91)
    geometry.crop(y: 13, x: 20, height: 30, width: 50)
    if isMirrored { geometry.mirror() }
    let view = View(image: 0, imageID: 1, name: "a", geometry: geometry, labels: BoxLabels())
    let whole = image.resized(height: 66, width: 91).cropped(y: 13, x: 20, height: 30, width: 50)
    #expect(view.resized(from: image) == (isMirrored ? whole.flippedHorizontally() : whole))
    let map = labels.resizedNearest(height: 66, width: 91).cropped(y: 13, x: 20, height: 30, width: 50)
    #expect(view.labels(from: labels) == (isMirrored ? map.flippedHorizontally() : map))
    #expect(view.validity.pixels.allSatisfy { $0 == 1 })
  }

  @Test("a box and a pixel of a cropped view come from the same place of the image")
  func boxes() throws {
    var geometry = ViewGeometry(originalHeight: 40, originalWidth: 60)
    geometry.resize(height: 80, width: 120)
    geometry.crop(y: 10, x: 30, height: 50, width: 60)
    geometry.mirror()
    // The image's 20…25 is 40…50 of the resized one, 10…20 of the part, and 40…50 of it mirrored.
    let labels = geometry.labels(
      BoxLabels(boxes: [Box(x0: 20, y0: 10, x1: 25, y1: 15), Box(x0: 0, y0: 0, x1: 5, y1: 4)], classes: [0, 1]))
    #expect(labels.boxes == [Box(x0: 40, y0: 10, x1: 50, y1: 20)] && labels.classes == [0])
    let back = try #require(geometry.map.inverse)
    let place = back.map(x: 45, y: 15)
    #expect(place.x == 22.5 && place.y == 12.5)
  }

  @Test(
    "what a view shows beyond its image is black, ignored and not valid, on the right below or, mirrored, on the left below"
  )
  func padding() {
    let (image, labels) = Self.scene(height: 20, width: 30)
    for isMirrored in [false, true] {
      var geometry = ViewGeometry(originalHeight: 20, originalWidth: 30)
      geometry.crop(y: 0, x: 0, height: 32, width: 40)
      if isMirrored { geometry.mirror() }
      let view = View(image: 0, imageID: 1, name: "a", geometry: geometry, labels: BoxLabels())
      let (pixels, map, valid) = (view.resized(from: image), view.labels(from: labels), view.validity)
      for y in 0..<32 {
        for x in 0..<40 {
          let column = isMirrored ? 39 - x : x
          let isInside = y < 20 && column < 30
          #expect(valid[y, x, 0] == (isInside ? 1 : 0))
          #expect(map[y, x, 0] == (isInside ? labels[y, column, 0] : 255))
          #expect(pixels[y, x, 2] == (isInside ? 200 : 0))
        }
      }
    }
  }

  @Test("labels follow pixels through a turn, and erased rectangles have none")
  func stepsOfLabels() {
    let (image, labels) = Self.scene(height: 48, width: 64)
    var plan = ViewPlan(originalHeight: 48, originalWidth: 64)
    plan.append(.geometry(.rotate(degrees: 17), fill: 0))
    plan.append(.color(.brightness(factor: 1)))
    plan.append(.erase([.init(y: 5, x: 7, height: 6, width: 9)], fill: 9))
    let view = view(plan)
    let (pixels, map) = (view.rendered(from: image), view.labels(from: labels))
    var agreeing = 0
    var labeled = 0
    for y in 0..<48 {
      for x in 0..<64 {
        let isErased = (5..<11).contains(y) && (7..<16).contains(x)
        if isErased { #expect(map[y, x, 0] == 255 && view.validity[y, x, 0] == 0) }
        guard map[y, x, 0] != 255 else { continue }
        labeled += 1
        if abs(Int(pixels[y, x, 0]) - Int(map[y, x, 0]) * 60 - 20) < 20 { agreeing += 1 }
      }
    }
    // But for the soft edges between quarters and around the image.
    #expect(labeled > 2000 && agreeing > labeled * 93 / 100, "\(agreeing) of \(labeled)")
  }

  @Test("random scale gives every longer side between its ends and keeps the proportion; own or given side")
  func scale() {
    var generator = SeededGenerator(seed: 3)
    var sides: Set<Int> = []
    for _ in 0..<4000 {
      var plan = ViewPlan(originalHeight: 50, originalWidth: 100)
      RandomScale(factors: 0.5...2, of: .longSide(40)).adjust(&plan, using: &generator)
      sides.insert(plan.geometry.width)
      #expect(plan.geometry.height == Int(Double(plan.geometry.width) / 2 + 0.5))
    }
    #expect(sides == Set(20...80))
    var high = ViewPlan(originalHeight: 100, originalWidth: 50)
    RandomScale(factors: 1...1, of: .image).adjust(&high, using: &generator)
    #expect((high.geometry.height, high.geometry.width) == (100, 50))
  }

  @Test("random crop takes every place of a larger image, and all of a smaller one")
  func crop() {
    var generator = SeededGenerator(seed: 4)
    var places: Set<[Int]> = []
    for _ in 0..<2000 {
      var plan = ViewPlan(originalHeight: 12, originalWidth: 9)
      RandomCrop(height: 10, width: 10).adjust(&plan, using: &generator)
      #expect((plan.geometry.height, plan.geometry.width) == (10, 10))
      places.insert([plan.geometry.cropY, plan.geometry.cropX])
    }
    #expect(places == [[0, 0], [1, 0], [2, 0]])
  }

  @Test("cutout covers areas of its range, as often as it says, inside the view")
  func cutout() {
    var generator = SeededGenerator(seed: 5)
    var count = 0
    for _ in 0..<2000 {
      var plan = ViewPlan(originalHeight: 60, originalWidth: 60)
      Cutout().adjust(&plan, using: &generator)
      guard case .noise(let patch, _) = plan.steps.first else { continue }
      count += 1
      let area = Double(patch.height * patch.width) / 3600
      #expect(area > 0.015 && area <= 0.4)
      #expect(patch.y + patch.height <= 60 && patch.x + patch.width <= 60)
    }
    #expect((900...1100).contains(count))
  }

  @Test("the defaults are ST's: parts in order, and a part that is off draws nothing")
  func settings() {
    let views = SegmentationViewSettings()
    #expect(views.weak.count == 3 && views.strong.count == 4)
    #expect(
      (views.strong[0] as? ColorJitter).map { [$0.brightness, $0.contrast, $0.saturation, $0.hue, $0.probability] } == [
        0.5, 0.5, 0.5, 0.25, 0.8,
      ])
    #expect((views.strong[1] as? ColorPart)?.probability == 0.2)
    #expect((views.strong[2] as? RandomBlur)?.deviations == 0.1...2)
    #expect((views.strong[3] as? Cutout)?.areas == 0.02...0.4)
    var plain = views
    plain.strongAugmentation.jitter.probability = 0
    plain.strongAugmentation.cutout.probability = 0
    #expect(plain.strong.count == 2)
  }
}
