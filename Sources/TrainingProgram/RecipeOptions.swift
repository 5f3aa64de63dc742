import ArgumentParser
import SemiSupervision
import Training

/// What is trained.
package struct RecipeOptions<Methods: MethodRegistry>: ParsableArguments {
  @Option(help: "The way of learning; see --list-methods.") package var method: String?
  @Option(help: ArgumentHelp("Settings: a built-in recipe or a YAML file.", valueName: "NAME|FILE"))
  package var recipe: String?
  @Option(help: ArgumentHelp("One setting, such as optimizer.learning_rate=0.01; repeatable.", valueName: "KEY=VALUE"))
  package var set: [String] = []
  @Option(
    help: ArgumentHelp("First weights: a whole model's or a backbone's .pth or .safetensors.", valueName: "FILE"))
  package var weights: String?
  @Flag(help: "With --weights: keep everything but what knows the classes, for classes of one's own.")
  package var replacePredictor = false
  @Flag(help: "Show the methods.") package var listMethods = false
  @Flag(help: "Show the built-in recipes.") package var listRecipes = false

  /// No flags.
  package init() {}

  /// Whether the flags fit together.
  package func validate() throws {
    if replacePredictor, weights == nil {
      throw ValidationError("--replace-predictor wants --weights FILE, whose predictor it replaces.")
    }
    if let method, !Methods.names.contains(method) {
      throw ValidationError("--method \(method): there is \(Methods.names.joined(separator: ", ")).")
    }
  }

  /// The assignment that says one of the keys, if one does.
  package func assignment(ofAny keys: [String]) -> String? {
    self.set.first { assignment in
      guard let document = try? SettingsDocument(assignment: assignment) else { return false }
      return keys.contains { document.text(at: $0) != nil }
    }
  }

  /// Whether anything but a list is asked for.
  package var isGiven: Bool { method != nil || recipe != nil || !set.isEmpty || weights != nil }

  /// The recipe; of a built-in one the form for `--method`, where that is another than the recipe's own.
  package func document() throws -> SettingsDocument? {
    guard let recipe else { return nil }
    let document = try Recipes.document(recipe)
    let task = document.text(at: Recipes.taskKey)
    guard task == Methods.task else {
      throw ValidationError(
        "--recipe \(recipe) is for \(task ?? "detection"); --list-recipes shows those of this program.")
    }
    guard let method, document.text(at: "method.name") ?? method != method else { return document }
    guard let form = Recipes.form(of: recipe, for: method) else {
      throw ValidationError(
        "--recipe \(recipe) is for the method \(document.text(at: "method.name") ?? ""), not for \(method).")
    }
    return try Recipes.document(form)
  }

  /// The name of the method that a recipe or `--method` names; supervised where neither does.
  package func methodName(of document: SettingsDocument?) throws -> String {
    let name = document?.text(at: "method.name") ?? method ?? Supervised.name
    guard Methods.names.contains(name) else {
      throw ValidationError("method '\(name)' is not known; there is \(Methods.names.joined(separator: ", ")).")
    }
    return name
  }

  /// The methods, a line each.
  package var methodList: String {
    Methods.summaries.map { "\($0.name)  \($0.summary)" }.joined(separator: "\n")
  }
  /// What can come before any of them, a line each; said beside the list, whose first words are names.
  package var firstStages: [String] {
    Methods.firstStages.map { "before any of them, --set \($0.choice): \($0.summary)" }
  }
  /// The built-in recipes, a line each.
  package var recipeList: String {
    Recipes.summaries(ofTask: Methods.task).map { "\($0.name)  \($0.summary)" }.joined(separator: "\n")
  }
}
