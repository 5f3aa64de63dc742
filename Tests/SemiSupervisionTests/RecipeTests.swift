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

  private func readsBack<Method: DetectionMethodSettings>(_: Method.Type, _ recipe: SettingsDocument) throws {
    let settings = try DetectionSettings<Method>.resolved([recipe])
    let again = try SettingsDocument(yaml: settings.yaml, name: "settings.yaml")
    #expect(try DetectionSettings<Method>.resolved([again]) == settings)
  }
}
