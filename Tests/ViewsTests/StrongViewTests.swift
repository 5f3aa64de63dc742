import Annotations
import Documents
import Imaging
import Randomness
import Testing

@testable import Views

@Suite struct StrongViewTests {
  private static let changes: [GeometricChange] = [
    .translateX(11.5), .translateX(-7), .translateY(6.25), .rotate(degrees: 30), .rotate(degrees: -17.3),
    .shear(x: 0.48, y: -0.3), .shear(x: -0.25, y: -0.4), .shear(x: 0, y: 0),
  ]

  private func view(_ plan: ViewPlan, labels: BoxLabels = BoxLabels()) -> View {
    View(image: 0, imageID: 0, name: "a", geometry: plan.geometry, steps: plan.steps, labels: labels)
  }

  @Test("a bright dot is where the map says, resized, mirrored and changed", arguments: changes)
  func dot(_ change: GeometricChange) throws {
    var generator = SeededGenerator(seed: 3)
    for mirrored in [false, true] {
      // Twice the size: interpolation at halves keeps the dot's middle exactly, other factors do not.
      var plan = ViewPlan(originalHeight: 48, originalWidth: 70)
      plan.geometry.resize(shortSide: 96, longSide: 400)
      if mirrored { plan.geometry.mirror() }
      plan.append(.geometry(change, fill: 0))
      for _ in 0..<5 {
        let (y, x) = (18 + generator.integer(below: 8), 26 + generator.integer(below: 14))
        var image = Image(height: 48, width: 70, channels: 3)
        image.fill(y: y, x: x, height: 4, width: 4, with: 255)
        let result = view(plan).rendered(from: image)
        var (sum, sumX, sumY) = (0.0, 0.0, 0.0)
        for row in 0..<result.height {
          for column in 0..<result.width {
            let value = Double(result[row, column, 1])
            sum += value
            sumX += value * (Double(column) + 0.5)
            sumY += value * (Double(row) + 0.5)
          }
        }
        let wanted = plan.geometry.map.map(x: Double(x) + 2, y: Double(y) + 2)
        #expect(abs(sumX / sum - wanted.x) < 0.08 && abs(sumY / sum - wanted.y) < 0.08, "\(change) \(mirrored)")
        // The labels' box holds the dot's middle, and comes back around the box it was.
        let box = Box(x: Double(x), y: Double(y), width: 4, height: 4)
        let label = plan.geometry.labels(BoxLabels(boxes: [box], classes: [2])).boxes[0]
        #expect(label.x0 < wanted.x && wanted.x < label.x1 && label.y0 < wanted.y && wanted.y < label.y1)
      }
    }
  }

  @Test("boxes go from view to view and back: exact without a turn, never smaller with one, and never outside")
  func carrying() throws {
    var generator = SeededGenerator(seed: 8)
    for draw in 0..<400 {
      let (height, width) = (60 + generator.integer(below: 300), 60 + generator.integer(below: 300))
      var weak = ViewPlan(originalHeight: height, originalWidth: width)
      var strong = weak
      weak.geometry.resize(shortSide: 40 + generator.integer(below: 100), longSide: 300)
      strong.geometry.resize(shortSide: 40 + generator.integer(below: 100), longSide: 300)
      if generator.chance(0.5) { strong.geometry.mirror() }
      if generator.chance(0.5) { weak.geometry.mirror() }
      if draw % 2 == 0 { StrongAugmentationSettings().geometry.adjust(&strong, using: &generator) }
      let (view, target) = (weak.geometry, strong.geometry)
      let (w, h) = (Double(view.width), Double(view.height))
      let box = Box(x: generator.uniform(0...w * 0.9), y: generator.uniform(0...h * 0.9), width: w / 10, height: h / 10)
      let there = target.carry(target.carry([], to: view), to: view)
      #expect(there.isEmpty)
      let carried = view.carry([box], to: target)[0]
      let clip = carried.clipped(toHeight: Double(target.height), width: Double(target.width))
      #expect(carried == clip)
      let free = view.map(to: target).map(box)
      let isWhole = free.clipped(toHeight: Double(target.height), width: Double(target.width)) == free
      let back = target.map(to: view).map(carried)
      if isWhole {
        let slack = 1e-9
        #expect(back.x0 <= box.x0 + slack && back.y0 <= box.y0 + slack)
        #expect(back.x1 >= box.x1 - slack && back.y1 >= box.y1 - slack)
        if !target.isWarped {
          #expect(abs(back.x0 - box.x0) + abs(back.y1 - box.y1) + abs(back.x1 - box.x1) < 1e-9)
        }
      }
      let around = view.map(to: target).then(target.map(to: view))
      #expect(abs(around.a - 1) + abs(around.b) + abs(around.c) + abs(around.d - 1) < 1e-9)
      #expect(abs(around.tx) + abs(around.ty) < 1e-6)
    }
  }

  @Test("a square turned by 30° about its middle grows by cos 30° + sin 30°, and labels outside the view are left out")
  func inflation() {
    var plan = ViewPlan(originalHeight: 200, originalWidth: 200)
    plan.append(.geometry(.rotate(degrees: 30), fill: 125))
    let middle = Box(x: 90, y: 90, width: 20, height: 20)
    let labels = plan.geometry.labels(
      BoxLabels(boxes: [Box(x: 0, y: 0, width: 10, height: 10), middle], classes: [4, 7]))
    #expect(labels.classes == [7])
    #expect(abs(labels.boxes[0].width / 20 - 1.3660254) < 1e-6 && abs(labels.boxes[0].height / 20 - 1.3660254) < 1e-6)
    let corner = plan.geometry.carry(
      [Box(x: 0, y: 0, width: 200, height: 200)], to: ViewGeometry(originalHeight: 200, originalWidth: 200))
    #expect(corner == [Box(x: 0, y: 0, width: 200, height: 200)])
  }

  @Test("images of any size and grey ones go through every strong view", arguments: [(1, 1), (3, 5), (1, 40), (50, 2)])
  func tiny(_ height: Int, _ width: Int) {
    for draw in 0..<200 {
      var generator = SeededGenerator(seed: 4, stream: UInt64(draw))
      var plan = ViewPlan(originalHeight: height, originalWidth: width)
      if draw % 2 == 0 { plan.geometry.resize(shortSide: 1 + draw % 9, longSide: 60) }
      for part in StrongAugmentationSettings().parts { part.adjust(&plan, using: &generator) }
      let image = Image(height: height, width: width, channels: 3, fill: UInt8(draw))
      let result = view(plan).rendered(from: image)
      #expect((result.height, result.width) == (plan.geometry.height, plan.geometry.width))
    }
  }
}
