import Documents

/// The recipes that are built into the programs: the files of `tools/recipes`, so that a program works from any folder.
public enum Recipes {
  /// The names of the built-in recipes, sorted.
  public static var names: [String] { embedded.map(\.name) }

  /// The task of a recipe, where it says one: what is trained if it is no detector.
  public static let taskKey = "task"

  /// The first comment line of each built-in recipe of a task, which says what it is for.
  public static func summaries(ofTask task: String?) -> [(name: String, summary: String)] {
    summaries.filter { (try? document($0.name))?.text(at: taskKey) == task }
  }

  /// The first comment line of each built-in recipe, which says what it is for.
  public static var summaries: [(name: String, summary: String)] {
    embedded.map { recipe in
      let line = recipe.yaml.split(separator: "\n").first { $0.hasPrefix("#") } ?? ""
      return (recipe.name, String(line.drop { $0 == "#" || $0 == " " }))
    }
  }

  /// The recipe at a path if there is a file, else the built-in one of that name; with what it `extends` below it.
  public static func document(_ nameOrPath: String) throws(SettingsError) -> SettingsDocument {
    try document(nameOrPath, extendedBy: [])
  }

  private static func document(
    _ nameOrPath: String, extendedBy above: [String]
  ) throws(SettingsError) -> SettingsDocument {
    let own: SettingsDocument
    if Folder.hasFile(nameOrPath) {
      own = try SettingsDocument(path: nameOrPath)
    } else if let recipe = embedded.first(where: { $0.name == nameOrPath }) {
      own = try SettingsDocument(yaml: recipe.yaml, name: "recipe \(recipe.name)")
    } else {
      throw .unknownRecipe(nameOrPath, known: names)
    }
    guard let base = own.text(at: SettingsDocument.extensionKey) else { return own }
    let chain = above + [nameOrPath]
    guard !chain.contains(base) else {
      throw .unreadable(file: own.name, reason: "extends itself: " + (chain + [base]).joined(separator: " extends "))
    }
    return own.laid(over: try document(base, extendedBy: chain))
  }
}
