import SemiSupervision
import Testing
import Training

@Suite struct RecipeTests {
  @Test(
    "every built-in recipe fits the settings of a run, which read back from its settings.yaml",
    arguments: Recipes.names)
  func resolves(name: String) throws {
    let recipe = try Recipes.document(name)
    switch recipe.text(at: "method.name") {
    case Supervised.name:
      let settings = try DetectionSettings<Supervised.Settings>.resolved([recipe])
      let again = try SettingsDocument(yaml: settings.yaml, name: "settings.yaml")
      #expect(try DetectionSettings<Supervised.Settings>.resolved([again]) == settings)
    case let method:
      Issue.record("recipe \(name) is for the method '\(method ?? "")', which this test does not know")
    }
  }
}
