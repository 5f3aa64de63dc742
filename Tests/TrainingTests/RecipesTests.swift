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

  @Test("a recipe is laid over what it extends; of another method's group nothing is taken")
  func extends() throws {
    let scratch = try ScratchFolder()
    let base = try scratch.write("method: {name: a, x: 1}\ntrainer: {steps: 5, save_every: 2}\n", to: "base.yaml")
    let same = try Recipes.document(
      scratch.write("extends: \(base)\nmethod: {y: 2}\ntrainer: {steps: 7}\nviews: {z: 3}\n", to: "same.yaml"))
    let found = ["extends", "method.name", "method.x", "method.y", "trainer.steps", "trainer.save_every", "views.z"]
    #expect(found.map { same.text(at: $0) } == [nil, "a", "1", "2", "7", "2", "3"])
    let other = try Recipes.document(scratch.write("extends: \(base)\nmethod: {name: b}\n", to: "other.yaml"))
    #expect(other.text(at: "method.name") == "b" && other.text(at: "method.x") == nil)
    #expect(other.text(at: "trainer.steps") == "5")
    let third = try Recipes.document(
      scratch.write("extends: \(scratch.path)/same.yaml\nviews: {z: 4}\n", to: "third.yaml"))
    #expect(third.text(at: "views.z") == "4" && third.text(at: "method.x") == "1")
  }

  @Test("an error in what is extended names its own file and line; a circle is named; so is a recipe that is not there")
  func extensionErrors() throws {
    let scratch = try ScratchFolder()
    let (one, two) = (scratch.path + "/one.yaml", scratch.path + "/two.yaml")
    _ = try scratch.write("extends: \(two)\n", to: "one.yaml")
    _ = try scratch.write("extends: \(one)\n", to: "two.yaml")
    #expect(
      errorMessage { _ = try Recipes.document(one) } == "\(two): extends itself: \(one) extends \(two) extends \(one)")
    let lost = try scratch.write("extends: nowhere\n", to: "lost.yaml")
    #expect(errorMessage { _ = try Recipes.document(lost) }?.hasPrefix("recipe 'nowhere' is neither a file") == true)
    let base = try scratch.write("\nsteps: many\n", to: "base.yaml")
    let derived = try Recipes.document(scratch.write("extends: \(base)\nreport_every: 3\n", to: "derived.yaml"))
    #expect(
      errorMessage { _ = try TrainerSettings.resolved([derived]) }?.hasPrefix("\(base):2: 'steps' is 'many'") == true)
  }
}
