import Imaging
import Randomness
import Testing

@testable import Views

@Suite struct StrongPartsTests {
  private func draw(_ parts: [any Augmentation], _ number: Int, height: Int = 100, width: Int = 200) -> ViewPlan {
    var generator = SeededGenerator(seed: 5, stream: UInt64(number))
    var plan = ViewPlan(originalHeight: height, originalWidth: width)
    for part in parts { part.adjust(&plan, using: &generator) }
    return plan
  }

  private func operations(_ part: any Augmentation) -> [ColorOperation] {
    (0..<600).flatMap { draw([part], $0).steps }.compactMap {
      guard case .color(let operation) = $0 else { return nil }
      return operation
    }
  }

  @Test("colour parts draw the release's magnitudes, all of them and no others")
  func magnitudes() {
    #expect(Set(operations(ColorPart.identity())) == [.identity])
    #expect(Set(operations(ColorPart.autoContrast())) == [.autoContrast])
    #expect(Set(operations(ColorPart.equalize())) == [.equalize])
    let thresholds = [25, 51, 76, 102, 128, 153, 179, 204, 230]
    #expect(Set(operations(ColorPart.solarize())) == Set(thresholds.map { .solarize(threshold: $0) }))
    // By magnitude 4, 4, 3, 3, 2, 2, 2, 1, 1.
    let bits = (1...9).flatMap { operations(ColorPart.posterize(magnitudes: .whole($0...$0))).prefix(1) }
    #expect(bits == [4, 4, 3, 3, 2, 2, 2, 1, 1].map { .posterize(bits: $0) })
    let parts: [(any Augmentation, (Double) -> ColorOperation)] = [
      (ColorPart.color(), { .color(factor: $0) }), (ColorPart.contrast(), { .contrast(factor: $0) }),
      (ColorPart.brightness(), { .brightness(factor: $0) }), (ColorPart.sharpness(), { .sharpness(factor: $0) }),
    ]
    for (part, operation) in parts {
      #expect(Set(operations(part)) == Set((1...9).map { operation(0.18 * Double($0) + 0.1) }))
    }
    #expect(operations(ColorPart.color(magnitudes: .whole(3...3)))[0] == .color(factor: 0.18 * 3 + 0.1))
  }

  @Test("geometric parts fill their ranges, shears by the hyperbolic tangent")
  func ranges() {
    var seen: [String: (least: Double, most: Double)] = [:]
    func note(_ name: String, _ value: Double) {
      let old = seen[name] ?? (value, value)
      seen[name] = (min(old.least, value), max(old.most, value))
    }
    for number in 0..<4000 {
      let plan = draw([StrongAugmentationSettings().geometry], number)
      #expect(plan.steps.count == 1)
      guard case .geometry(let change, let fill) = plan.steps[0] else { continue }
      #expect(fill == 125)
      switch change {
      case .translateX(let pixels): note("translateX", pixels)
      case .translateY(let pixels): note("translateY", pixels)
      case .rotate(let degrees): note("rotate", degrees)
      case .shear(let x, let y):
        note("shear x", x)
        note("shear y", y)
      case .zoom(let factor): note("zoom", factor)
      }
    }
    let limits = ["translateX": 20, "translateY": 10, "rotate": 30, "shear x": 0.48047, "shear y": 0.48047]
    #expect(Set(seen.keys) == Set(limits.keys))
    for (name, limit) in limits {
      guard let (least, most) = seen[name] else { continue }
      #expect(least >= -limit && least < -0.97 * limit && most <= limit && most > 0.97 * limit, "\(name)")
    }
  }

  @Test(
    "a strong view has one of nine colour operations and one of four changes in either order, then one to four squares")
  func composition() {
    var (kinds, colorFirst, counts, colors): (Set<String>, Int, Set<Int>, [String: Int]) = ([], 0, [], [:])
    let draws = 3600
    for number in 0..<draws {
      let (height, width) = (100, 200)
      let steps = draw(StrongAugmentationSettings().parts, number, height: height, width: width).steps
      #expect(steps.count == 3)
      guard steps.count == 3, case .erase(let patches, 125) = steps[2] else {
        Issue.record("the last step of \(steps) erases nothing")
        continue
      }
      counts.insert(patches.count)
      for patch in patches {
        #expect(patch.y >= 0 && patch.x >= 0 && patch.height < 20 && patch.width < 40)
        #expect(patch.y + patch.height <= height && patch.x + patch.width <= width)
        #expect((2 * patch.height...2 * patch.height + 1).contains(patch.width))
      }
      for (place, step) in steps.prefix(2).enumerated() {
        switch step {
        case .color(let operation):
          colorFirst += place == 0 ? 1 : 0
          colors["\(operation)".split(separator: " ")[0].description, default: 0] += 1
        case .geometry(let change, _): kinds.insert("\(change)".split(separator: " ").prefix(2).joined(separator: " "))
        default: Issue.record("\(step) before the end")
        }
      }
    }
    #expect(abs(colorFirst - draws / 2) < 150)
    #expect(kinds.map { $0.hasPrefix("shear") || $0.hasPrefix("rotate") ? String($0.prefix(5)) : $0 }.count >= 4)
    #expect(counts.isSubset(of: [0, 1, 2, 3, 4]) && counts.isSuperset(of: [1, 2, 3, 4]))
    #expect(colors.count == 9 && colors.values.allSatisfy { abs($0 - draws / 9) < 80 }, "\(colors)")
  }

  @Test("probabilities of 0 leave nothing, a half about half, and labelled colour comes where it is wanted")
  func probabilities() {
    var settings = ViewSettings()
    settings.strongAugmentation.colorProbability = 0
    settings.strongAugmentation.geometryProbability = 0
    settings.strongAugmentation.eraseProbability = 0
    #expect((0..<50).allSatisfy { draw(settings.strong, $0).steps.isEmpty })
    settings.strongAugmentation.colorProbability = 0.5
    let count = (0..<1000).map { draw(settings.strong, $0).steps.count }.reduce(0, +)
    #expect((430...570).contains(count))
    settings.strongAugmentation.colorProbability = 1
    let table: [(ViewSettings.LabeledColor, Bool, Int)] = [
      (.asMethod, false, 0), (.asMethod, true, 1), (.always, false, 1), (.never, true, 0),
    ]
    for (choice, byMethod, wanted) in table {
      settings.labeledColor = choice
      let plan = draw(settings.labeled(colorByMethod: byMethod), 3)
      #expect(plan.steps.count == wanted)
      // Colour comes last, so the geometry is that of a view without it.
      #expect(plan.geometry == draw(settings.weak, 3).geometry)
    }
    #expect(draw(ViewSettings().labeled(), 3).steps.isEmpty)
  }
}
