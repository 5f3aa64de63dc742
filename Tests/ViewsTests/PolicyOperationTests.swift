import Imaging
import Randomness
import Testing

@testable import Views

/// The operations of RandAugment and CTAugment, and RandAugment itself.
@Suite struct PolicyOperationTests {
  private func plan(_ operation: PolicyOperation, at level: Double, height: Int = 40, width: Int = 60) -> ViewPlan {
    var generator = SeededGenerator(seed: 1)
    var plan = ViewPlan(originalHeight: height, originalWidth: width)
    operation.append(at: level, to: &plan, using: &generator)
    return plan
  }

  private func step(_ operations: [PolicyOperation], _ name: String, at level: Double) throws -> ViewStep {
    let operation = try #require(operations.first { $0.name == name })
    return try #require(plan(operation, at: level).steps.first)
  }

  @Test("RandAugment's levels reach from end to end of the ranges of FixMatch's list")
  func randAugmentRanges() throws {
    let operations = PolicyOperation.randAugment(fill: 9)
    #expect(operations.count == 14 && Set(operations.map(\.name)).count == 14)
    func check(_ name: String, _ level: Double, _ wanted: ViewStep) throws {
      #expect(try step(operations, name, at: level) == wanted, "\(name) at \(level)")
    }
    try check("identity", 0.3, .color(.identity))
    try check("auto contrast", 0.3, .color(.autoContrast))
    try check("equalize", 0.3, .color(.equalize))
    try check("posterize", 0, .color(.posterize(bits: 4)))
    try check("posterize", 0.5, .color(.posterize(bits: 6)))
    try check("posterize", 1, .color(.posterize(bits: 8)))
    try check("solarize", 0, .color(.solarize(threshold: 0)))
    try check("solarize", 1, .color(.solarize(threshold: 256)))
    try check("brightness", 0, .color(.brightness(factor: 0.05)))
    try check("color", 0, .color(.color(factor: 0.05)))
    try check("contrast", 0.5, .color(.contrast(factor: 0.5)))
    try check("sharpness", 0.5, .color(.sharpness(factor: 0.5)))
    try check("rotate", 0, .geometry(.rotate(degrees: -30), fill: 9))
    try check("rotate", 1, .geometry(.rotate(degrees: 30), fill: 9))
    try check("shear x", 1, .geometry(.shear(x: 0.3, y: 0), fill: 9))
    try check("shear y", 0, .geometry(.shear(x: 0, y: -0.3), fill: 9))
    // Shares of the sides, not pixels.
    try check("translate x", 1, .geometry(.translateX(18), fill: 9))
    try check("translate y", 0, .geometry(.translateY(-12), fill: 9))
  }

  @Test("CTAugment's levels reach from end to end of the ranges of its release")
  func ctAugmentRanges() throws {
    let operations = PolicyOperation.ctAugment(fill: 7)
    #expect(operations.count == 19 && Set(operations.map(\.name)).count == 19)
    #expect(operations.allSatisfy { $0.bins == ($0.name == "posterize" ? 8 : 17) })
    func check(_ name: String, _ level: Double, _ wanted: ViewStep) throws {
      #expect(try step(operations, name, at: level) == wanted, "\(name) at \(level)")
    }
    try check("identity", 1, .color(.identity))
    try check("auto contrast", 0.25, .color(.mixed(.autoContrast, share: 0.25)))
    try check("equalize", 1, .color(.mixed(.equalize, share: 1)))
    try check("invert", 0.5, .color(.mixed(.solarize(threshold: 0), share: 0.5)))
    try check("ring blur", 0.5, .color(.mixed(.ringBlur, share: 0.5)))
    try check("smooth", 0.5, .color(.mixed(.sharpness(factor: 0), share: 0.5)))
    try check("posterize", 0, .color(.posterize(bits: 1)))
    try check("posterize", 1, .color(.posterize(bits: 8)))
    try check("solarize", 1, .color(.solarize(threshold: 255)))
    try check("brightness", 0, .color(.brightness(factor: 0.1)))
    try check("contrast", 1, .color(.contrast(factor: 2)))
    try check("rotate", 0, .geometry(.rotate(degrees: -45), fill: 7))
    try check("shear x", 0, .geometry(.shear(x: -0.3, y: 0), fill: 7))
    try check("translate y", 1, .geometry(.translateY(12), fill: 7))
    try check("rescale", 0, .geometry(.zoom(factor: 1), fill: 7))
    try check("rescale", 1, .geometry(.zoom(factor: 2), fill: 7))
    // A level of 1 covers half of the shorter side at most.
    guard case .erase(let patches, 7) = try step(operations, "cutout", at: 1), let patch = patches.first else {
      Issue.record("expected a rectangle")
      return
    }
    #expect(patch.height <= 20 && patch.width <= 20)
  }

  @Test("a zoomed view shows its middle: twice as large, a quarter of each side is gone, labels alike")
  func zoom() throws {
    let change = GeometricChange.zoom(factor: 2)
    let back = change.inverseMap(height: 40, width: 60)
    let corner = back.map(x: 0, y: 0)
    #expect(corner.x == 15 && corner.y == 10)
    var plan = ViewPlan(originalHeight: 40, originalWidth: 60)
    plan.append(.geometry(change, fill: 0))
    let view = View(image: 0, imageID: 0, name: "", geometry: plan.geometry, steps: plan.steps, labels: BoxLabels())
    var map = Image(height: 40, width: 60, channels: 1)
    for y in 0..<40 { for x in 0..<60 { map[y, x, 0] = UInt8((y * 60 + x) % 251) } }
    let labels = view.labels(from: map)
    for y in 0..<40 { for x in 0..<60 { #expect(labels[y, x, 0] == map[10 + y / 2, 15 + x / 2, 0]) } }
  }

  @Test("RandAugment draws two operations, all equally likely, with replacement, and the same for the same seed")
  func randAugment() {
    let policy = RandAugment()
    var counts: [String: Int] = [:]
    var twice = 0
    for seed in UInt64(0)..<3000 {
      func drawn() -> [ViewStep] {
        var generator = SeededGenerator(seed: seed)
        var plan = ViewPlan(originalHeight: 40, originalWidth: 60)
        policy.adjust(&plan, using: &generator)
        return plan.steps
      }
      let steps = drawn()
      #expect(steps.count == 2)
      let kinds = steps.map { String("\($0)".prefix(7)) }
      if kinds[0] == kinds[1] { twice += 1 }
      for kind in kinds { counts[kind, default: 0] += 1 }
      if seed < 50 { #expect(drawn() == steps) }
    }
    // Both shears begin alike; moves do not, by their number.
    let moves = counts.filter { $0.key.hasPrefix("transla") }.values.reduce(0, +)
    #expect(
      abs(Double(moves) / 6000 - 2.0 / 14) < 0.015 && abs(Double(counts["colours"] ?? 0) / 6000 - 1.0 / 14) < 0.015)
    #expect(twice > 3000 / 14 / 2)
  }

  @Test("the last square may have its centre anywhere, is cut off at the edges and takes its labels away")
  func squareCutout() {
    var areas: Set<Int> = []
    for seed in UInt64(0)..<400 {
      var generator = SeededGenerator(seed: seed)
      var plan = ViewPlan(originalHeight: 20, originalWidth: 30)
      SquareCutout(size: 0.5, fill: 3).adjust(&plan, using: &generator)
      guard case .erase(let patches, 3)? = plan.steps.first, let patch = patches.first else { continue }
      #expect(patch.y >= 0 && patch.x >= 0 && patch.y + patch.height <= 20 && patch.x + patch.width <= 30)
      areas.insert(patch.height * patch.width)
      let view = View(image: 0, imageID: 0, name: "", geometry: plan.geometry, steps: plan.steps, labels: BoxLabels())
      #expect(view.validity.valueCounts[0] == patch.height * patch.width)
    }
    // Whole where nothing is cut off: ten by ten, five pixels to either side of the centre.
    #expect(areas.max() == 100 && (areas.min() ?? 0) >= 25 && areas.count > 5)
    var generator = SeededGenerator(seed: 1)
    var plan = ViewPlan(originalHeight: 20, originalWidth: 30)
    SquareCutout(size: 0, fill: 3).adjust(&plan, using: &generator)
    #expect(plan.steps == [.erase([], fill: 3)])
  }
}
