import SemiSupervision
import Testing
import Training

@Suite struct RecipeTests {
  @Test(
    "every built-in recipe fits the settings of a run, which read back from its settings.yaml",
    arguments: Recipes.names)
  func resolves(name: String) throws {
    let recipe = try Recipes.document(name)
    let name = recipe.text(at: "method.name") ?? ""
    let method = try #require(DetectionMethods.settings(named: name), "no method '\(name)'")
    try readsBack(method, recipe)
  }

  @Test(
    "a number out of its range is named with the place it was given at, in groups of the method too",
    arguments: [
      ("method.unlabeled_weight=-1", "0 or more"), ("method.thresholds.class_score=1.5", "between 0 and 1"),
      ("method.thresholds.box_uncertainty=-1", "0 or more"), ("method.jitter.count=1", "2 or more"),
      ("method.jitter.scale=0", "more than 0"),
    ])
  func ranges(assignment: String, wanted: String) {
    let parts = assignment.split(separator: "=")
    let line = "--set \(assignment): '\(parts[0])' is '\(parts[1])', it must be \(wanted)"
    let error = #expect(throws: SettingsError.self) {
      try DetectionSettings<SoftTeacher.Settings>.resolved([], assignments: [assignment])
    }
    #expect(error?.description == line)
  }

  private func readsBack<Method: DetectionMethodSettings>(_: Method.Type, _ recipe: SettingsDocument) throws {
    let settings = try DetectionSettings<Method>.resolved([recipe])
    let again = try SettingsDocument(yaml: settings.yaml, name: "settings.yaml")
    #expect(try DetectionSettings<Method>.resolved([again]) == settings)
  }
}
