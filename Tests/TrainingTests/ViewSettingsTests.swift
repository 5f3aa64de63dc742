import Randomness
@testable import Samples
import TestSupport
import Testing
import Views

@testable import Training

@Suite struct ViewSettingsTests {
  @Test("strong augmentation is set by keys, and kept through YAML")
  func keys() throws {
    let settings = try ViewSettings.resolved(assignments: [
      "labeled_color=always", "strong_augmentation.erase_count_to=7", "strong_augmentation.fill=0",
    ])
    #expect(settings.labeledColor == .always)
    #expect(settings.strongAugmentation.eraseCountTo == 7 && settings.strongAugmentation.fill == 0)
    #expect(settings.strongAugmentation.rotation == 30)
    #expect(settings.yaml.contains("labeled_color: always") && settings.yaml.contains("erase_count_to: 7"))
  }

  @Test("where pixels are changed is set by a key, kept through YAML, and nothing but true or false")
  func onDevice() throws {
    #expect(try !ViewSettings.resolved().onDevice && ViewSettings().yaml.contains("on_device: false"))
    #expect(try ViewSettings.resolved(assignments: ["on_device=true"]).onDevice)
    let message = errorMessage { _ = try ViewSettings.resolved(assignments: ["on_device=cuda"]) }
    #expect(message?.contains("on_device") == true, "\(message ?? "no error")")
  }

  @Test(
    "numbers outside their ranges are refused with the key",
    arguments: [
      "fill=256", "erase_size=1.5", "color_magnitude_to=10", "color_magnitude_from=0", "geometry_probability=-0.1",
      "erase_count_to=0", "rotation=181", "color_magnitudes=tenth", "shear_axes=x",
    ])
  func rules(_ assignment: String) {
    let message = errorMessage { _ = try ViewSettings.resolved(assignments: ["strong_augmentation.\(assignment)"]) }
    let key = assignment.split(separator: "=")[0]
    #expect(message?.contains("strong_augmentation.\(key)") == true, "\(message ?? "no error")")
  }

  @Test("magnitudes in tenths have a range of their own, and a tangent ends before a right angle")
  func tenths() throws {
    func resolve(_ assignments: String...) throws -> StrongAugmentationSettings {
      try ViewSettings.resolved(assignments: assignments.map { "strong_augmentation.\($0)" }).strongAugmentation
    }
    let settings = try resolve("color_magnitudes=tenths", "color_magnitude_from=0", "color_magnitude_to=10")
    #expect(settings.colorMagnitudes == .tenths && settings.colorMagnitudeTo == 10)
    #expect(try resolve("shear=120").shear == 120)
    for (line, wanted) in [
      (errorMessage { _ = try resolve("color_magnitudes=tenths", "color_magnitude_to=11") }, "and 10"),
      (errorMessage { _ = try resolve("color_magnitude_from=0") }, "between 1 and 9"),
      (errorMessage { _ = try resolve("shear_factor=tan", "shear=90") }, "below 90"),
    ] {
      #expect(line?.contains(wanted) == true, "\(line ?? "no error")")
    }
  }

  @Test("the views that a teacher labels may be larger than the others, within their range")
  func teacherSize() throws {
    func sides(_ augmentations: [any Augmentation]) -> Set<Int> {
      Set(
        (0..<300).map { seed in
          var plan = ViewPlan(originalHeight: 100, originalWidth: 100)
          var generator = SeededGenerator(seed: UInt64(seed))
          augmentations[0].adjust(&plan, using: &generator)
          return plan.geometry.height
        })
    }
    let all = ["short_side_from=50", "short_side_to=60", "long_side=99"]
    let settings = try ViewSettings.resolved(assignments: all + ["teacher_short_side_from=58"])
    // A side may be rounded down by one.
    #expect(sides(settings.weak).isSubset(of: 57...60))
    for others in [settings.strong, settings.labeled(), try ViewSettings.resolved(assignments: all).weak] {
      #expect(sides(others).count > 8 && sides(others).isSubset(of: 49...60))
    }
    for wrong in ["49", "61"] {
      let message = errorMessage {
        _ = try ViewSettings.resolved(assignments: all + ["teacher_short_side_from=\(wrong)"])
      }
      #expect(message?.contains("between short_side_from and short_side_to") == true, "\(message ?? "no error")")
    }
    #expect(
      errorMessage { _ = try ViewSettings.resolved(assignments: ["short_side_from=9", "short_side_to=8"]) } != nil)
  }
}
