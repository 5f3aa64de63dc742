import Documents
import TestSupport
import Testing

@testable import Training

@Suite struct RecipeFormsTests {
  private func source(_ recipe: String, _ method: String) throws -> String {
    try Recipes.methodForm(of: recipe, for: method).source
  }

  @Test("a method takes the recipe that names it, or its form beside the recipe, or that beside the recipe's stem")
  func forms() throws {
    #expect(try source("camvid-small", "supervised") == "recipe camvid-small")
    #expect(try source("camvid-small", "st++") == "recipe camvid-small-st++")
    #expect(try source("camvid-small-fixmatch", "fixmatch") == "recipe camvid-small-fixmatch")
    #expect(try source("camvid-small-fixmatch", "st++") == "recipe camvid-small-st++")
    #expect(try source("camvid-small-fixmatch", "supervised") == "recipe camvid-small")
    #expect(try Recipes.methodForm(of: "camvid-small", for: "st++").document.text(at: "method.teacher_steps") == "400")
  }

  @Test("without a form a method takes all but the settings of the recipe's own method")
  func others() throws {
    let form = try Recipes.methodForm(of: "voc-1-16", for: "fixmatch")
    #expect(form.source == "recipe voc-1-16 without its settings of supervised")
    #expect(form.document.text(at: "method.name") == nil && form.document.text(at: "method.labeled_images") == nil)
    let steps = try Recipes.document("voc-1-16").text(at: "trainer.steps")
    #expect(form.document.text(at: "trainer.steps") == steps)
  }

  @Test("beside a file lie files")
  func files() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("method: {name: supervised}\n", to: "mine.yml")
    let form = try scratch.write("method: {name: st++}\n", to: "mine-st++.yml")
    #expect(Recipes.form(of: file, for: "st++") == form)
    #expect(Recipes.form(of: file, for: "st") == nil)
    #expect(try source(form, "supervised") == "recipe \(file)")
    #expect(errorMessage { _ = try source("camvid-smal", "st") }?.contains("did you mean 'camvid-small'") == true)
  }

  @Test("documents differ in values, wherever their keys stand")
  func differences() throws {
    func document(_ yaml: String) throws -> SettingsDocument { try SettingsDocument(yaml: yaml, name: "test") }
    let one = try document("a: 1\nb: {c: x, d: [1, {e: 2}], f: 3}\n")
    #expect(try one.differences(from: document("b:\n  f: 3\n  d:\n  - 1\n  - e: 2\n  c: 'x'\na: 1\n")).isEmpty)
    let found = try one.differences(from: document("a: 2\nb: {c: x, d: [1, {e: 3}]}\ng: 4\n"))
    #expect(found.map(\.key) == ["a", "b.d", "b.f", "g"])
    #expect(found.map(\.own) == ["1", "[1, e2]", "3", nil] && found.map(\.other) == ["2", "[1, e3]", nil, "4"])
    #expect(try one.differences(from: document("a: 1\nb: 5\n"), ignoring: ["b"]).isEmpty)
    #expect(one.without(["b"]).text(at: "a") == "1" && one.without(["b"]).text(at: "b.c") == nil)
  }
}
