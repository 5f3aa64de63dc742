import Documents
import Training

/// What a word of `--compare` names.
public enum ComparedName: Equatable, Sendable {
  /// A method, which is trained.
  case method(String)
  /// A built-in recipe or a YAML file, by whose method and settings is trained.
  case recipe(String)
  /// The folder of a finished run.
  case run(String)

  /// What the words name, which may be several with commas between.
  ///
  /// A name goes before a folder of the same name, `./NAME` is the folder.
  /// - Parameter hasData: Whether there are images to train on; without, a folder goes before a name.
  /// - Throws: For a word that names nothing, with the nearest names, and for one that is given twice.
  public static func resolve<Methods: MethodRegistry>(
    _ words: [String], among _: Methods.Type, hasData: Bool
  ) throws(RunError) -> [ComparedName] {
    var found: [ComparedName] = []
    for word in words {
      let isWhole = Folder.exists(word)
      for part in isWhole ? [word] : word.split(separator: ",").map(String.init) {
        let name = try resolve(part, among: Methods.self, hasData: hasData)
        guard !found.contains(name) else { throw .data("--compare \(part): is named twice") }
        found.append(name)
      }
    }
    guard words.isEmpty || !found.isEmpty else {
      throw .data("--compare: names of methods or folders of runs are wanted")
    }
    let labels = found.compactMap(\.label)
    if let twice = labels.first(where: { label in labels.count { $0 == label } > 1 }) {
      throw .data(
        "--compare: the runs of two recipes would both lie in \(twice)-1; a copy of one under another name is wanted")
    }
    return found
  }

  private static func resolve<Methods: MethodRegistry>(
    _ word: String, among _: Methods.Type, hasData: Bool
  ) throws(RunError) -> ComparedName {
    if !hasData, Folder.exists(word) { return .run(word) }
    if Methods.names.contains(word) { return .method(word) }
    let isYAML = ["yaml", "yml"].contains(Path.extension(of: word))
    if isYAML, Folder.hasFile(word) { return .recipe(word) }
    if Recipes.names.contains(word) {
      let own = Recipes.summaries(ofTask: Methods.task).contains { $0.name == word }
      guard own else {
        throw .data("--compare \(word): the recipe is of another task; --list-recipes shows those of this program")
      }
      return .recipe(word)
    }
    if word.contains("/") || Folder.exists(word) { return .run(word) }
    let recipes = Recipes.summaries(ofTask: Methods.task).map(\.name)
    let near = [Methods.names, recipes].compactMap { nearestName(to: word, in: $0) }
    throw .data(
      "--compare \(word): is no method, no recipe and no run's folder"
        + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?")
        + " (methods: \(Methods.names.joined(separator: ", ")); --list-recipes shows the recipes)")
  }

  /// By what runs that are trained are told from others, and their folders begin; nil for a run that is there already.
  public var label: String? {
    switch self {
    case .method(let name): name
    case .recipe(let recipe): Folder.hasFile(recipe) ? Path.stem(of: recipe) : recipe
    case .run: nil
    }
  }

  /// The folder of a run that is there already; nil for what is trained.
  public var run: String? { if case .run(let folder) = self { folder } else { nil } }
}
