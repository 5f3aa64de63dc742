import SemiSupervision
import TestSupport
import Testing
import Training

@Suite struct RecipeTests {
  @Test(
    "every built-in recipe fits the settings of a run, which read back from its settings.yaml",
    arguments: Recipes.names)
  func resolves(name: String) throws {
    let recipe = try Recipes.document(name)
    let name = recipe.text(at: "method.name") ?? ""
    if recipe.text(at: Recipes.taskKey) == SegmentationMethods.task {
      let method = try #require(SegmentationMethods.settings(named: name), "no method '\(name)'")
      try readsBack(method, recipe)
    } else {
      let method = try #require(DetectionMethods.settings(named: name), "no method '\(name)'")
      try readsBack(method, recipe)
    }
  }

  @Test(
    "a number out of its range is named with the place it was given at, in groups of the method too",
    arguments: [
      ("method.unlabeled_weight=-1", "0 or more"), ("method.thresholds.class_score=1.5", "between 0 and 1"),
      ("method.thresholds.box_uncertainty=-1", "0 or more"), ("method.jitter.count=1", "2 or more"),
      ("method.jitter.scale=0", "more than 0"),
    ])
  func ranges(assignment: String, wanted: String) {
    let parts = assignment.split(separator: "=")
    let line = "--set \(assignment): '\(parts[0])' is '\(parts[1])', it must be \(wanted)"
    let error = #expect(throws: SettingsError.self) {
      try DetectionSettings<SoftTeacher.Settings>.resolved([], assignments: [assignment])
    }
    #expect(error?.description == line)
  }

  @Test(
    "keys of another method are refused in one line with the nearest name or the method's own",
    arguments: [
      ("mean-teacher", "method.preset=mmdetection", "unknown key 'method.preset' (keys here: name, labeled_images, "),
      ("mean-teacher", "method.jitter.count=5", "unknown key 'method.jitter' (keys here: name, labeled_images, "),
      ("mean-teacher", "method={background: none}", "unknown key 'method.background' (keys here: name, "),
      ("unbiased-teacher", "method.jitter.scale=1", "unknown key 'method.jitter' (keys here: name, "),
      ("unbiased-teacher", "method.preset=paper", "'method.preset' is 'paper', wanted one of released"),
      ("self-training", "method.burn_in_images=5", "unknown key 'method.burn_in_images' (keys here: name, "),
      ("self-training", "method.teacher_memory_image=5", "; did you mean 'teacher_memory_images'? (keys here: name, "),
      ("supervised", "method.unlabeled_images=5", "unknown key 'method.unlabeled_images'"),
      ("soft-teacher", "method.teacher_steps=5", "unknown key 'method.teacher_steps'"),
    ])
  func otherMethods(name: String, assignment: String, wanted: String) throws {
    func refused<Method: DetectionMethodSettings>(_: Method.Type) -> String? {
      errorMessage { _ = try DetectionSettings<Method>.resolved(nil, assignments: [assignment]) }
    }
    let method = try #require(DetectionMethods.settings(named: name), "no method '\(name)'")
    let message = refused(method)
    let line = try #require(message)
    #expect(line.hasPrefix("--set \(assignment): ") && line.contains(wanted) && !line.contains("\n"), "\(line)")
  }

  private func readsBack<Method: DetectionMethodSettings>(_: Method.Type, _ recipe: SettingsDocument) throws {
    let settings = try DetectionSettings<Method>.resolved([recipe])
    let again = try SettingsDocument(yaml: settings.yaml, name: "settings.yaml")
    #expect(try DetectionSettings<Method>.resolved([again]) == settings)
  }

  private func readsBack<Method: SegmentationMethodSettings>(_: Method.Type, _ recipe: SettingsDocument) throws {
    let settings = try SegmentationSettings<Method>.resolved([recipe])
    let again = try SettingsDocument(yaml: settings.yaml, name: "settings.yaml")
    #expect(try SegmentationSettings<Method>.resolved([again]) == settings)
  }
}
