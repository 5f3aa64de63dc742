import Documents
import TestSupport
import Testing

@testable import Training

@Suite struct RecipesTests {
  private static let folder = Path.join(
    Path.folder(of: Path.folder(of: Path.folder(of: #filePath))), "tools/recipes")

  @Test("the built-in recipes are the files of tools/recipes; else run tools/embed-recipes")
  func upToDate() throws {
    let files = try Folder.names(in: Self.folder).filter { $0.hasSuffix(".yaml") }
    #expect(files.map(Path.stem(of:)) == Recipes.names)
    for (name, yaml) in Recipes.embedded {
      let text = try MappedFile(path: Path.join(Self.folder, name + ".yaml"))
        .withBytes { String(decoding: $0, as: UTF8.self) }
      #expect(text == yaml, "\(name)")
    }
  }

  @Test("every recipe says in its first line what it is for, and names its method")
  func summaries() throws {
    for (name, summary) in Recipes.summaries {
      #expect(summary.count > 20, "\(name)")
      #expect(try Recipes.document(name).text(at: "method.name") != nil, "\(name)")
    }
  }

  @Test("a file goes before a built-in recipe, and an unknown name is answered with the nearest")
  func names() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("method: {name: mine}\n", to: "demo")
    #expect(try Recipes.document(file).text(at: "method.name") == "mine")
    #expect(
      errorMessage { _ = try Recipes.document("bcd-small") }?.hasPrefix(
        "recipe 'bcd-small' is neither a file nor a built-in recipe; did you mean 'bccd-small'? (built in: ") == true)
  }
}
