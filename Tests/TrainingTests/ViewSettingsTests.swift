import Samples
import TestSupport
import Testing

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

  @Test(
    "numbers outside their ranges are refused with the key",
    arguments: [
      "fill=256", "erase_size=1.5", "color_magnitude_to=10", "color_magnitude_from=0", "geometry_probability=-0.1",
      "erase_count_to=0", "rotation=181",
    ])
  func rules(_ assignment: String) {
    let message = errorMessage { _ = try ViewSettings.resolved(assignments: ["strong_augmentation.\(assignment)"]) }
    let key = assignment.split(separator: "=")[0]
    #expect(message?.contains("strong_augmentation.\(key)") == true, "\(message ?? "no error")")
  }
}
