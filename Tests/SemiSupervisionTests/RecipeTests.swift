import Detection
import SemiSupervision
import Testing
import Training

@Suite struct RecipeTests {
  @Test("every built-in recipe fits the settings of its method and of the detector", arguments: Recipes.names)
  func resolves(name: String) throws {
    let recipe = try Recipes.document(name)
    switch recipe.text(at: "method.name") {
    case Supervised.name:
      let settings = try RunSettings<Supervised.Settings, FasterRCNNSettings>.resolved([recipe])
      let again = try SettingsDocument(yaml: settings.yaml, name: "settings.yaml")
      #expect(try RunSettings<Supervised.Settings, FasterRCNNSettings>.resolved([again]) == settings)
    case let method:
      Issue.record("recipe \(name) is for the method '\(method ?? "")', which this test does not know")
    }
  }
}
