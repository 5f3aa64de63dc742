import Documents

extension Recipes {
  /// The form of a recipe for a method that stands beside it, as `camvid-small-st++` beside `camvid-small`; beside a file
  /// another one of that name. Nil where there is none.
  public static func form(of recipe: String, for method: String) -> String? {
    if Folder.hasFile(recipe) {
      let file = "\(Path.withoutExtension(recipe))-\(method).\(Path.extension(of: recipe))"
      return Folder.hasFile(file) ? file : nil
    }
    let name = "\(recipe)-\(method)"
    return names.contains(name) ? name : nil
  }

  /// What a comparison lays over the defaults of one of its methods.
  public struct MethodForm: Sendable {
    /// The settings.
    public let document: SettingsDocument
    /// Which recipe they are of, in words.
    public let source: String
  }

  /// What a recipe says to a method: itself where it names this method, the form of its stem for the method where there is one, and
  /// else all that it says outside of its own method's group.
  ///
  /// A recipe `camvid-small-fixmatch` that names `fixmatch` is a form of the stem `camvid-small`.
  public static func methodForm(of recipe: String, for method: String) throws(SettingsError) -> MethodForm {
    let own = try document(recipe)
    let named = own.text(at: "method.name")
    if named == method { return MethodForm(document: own, source: "recipe \(recipe)") }
    if let form = form(of: recipe, for: method) {
      return MethodForm(document: try document(form), source: "recipe \(form)")
    }
    if let named, let stem = stem(of: recipe, method: named) {
      if let form = form(of: stem, for: method) {
        return MethodForm(document: try document(form), source: "recipe \(form)")
      }
      let base = try document(stem)
      if base.text(at: "method.name") == method { return MethodForm(document: base, source: "recipe \(stem)") }
    }
    return MethodForm(
      document: own.without(["method"]),
      source: "recipe \(recipe)" + (named.map { " without its settings of \($0)" } ?? ""))
  }

  /// The recipe that another is the form of for a method; nil where it is none's.
  private static func stem(of recipe: String, method: String) -> String? {
    let isFile = Folder.hasFile(recipe)
    let name = isFile ? Path.withoutExtension(recipe) : recipe
    guard name.hasSuffix("-" + method) else { return nil }
    let stem = name.dropLast(method.count + 1)
    let whole = isFile ? "\(stem).\(Path.extension(of: recipe))" : String(stem)
    return Folder.hasFile(whole) || names.contains(whole) ? whole : nil
  }
}
