import ArgumentParser
import Documents
import Reporting
import SemiSupervision
import Training

/// From the names of methods to their runs and what they come to, side by side.
struct ComparisonSession<Command: TrainingCommand> {
  private let command: Command
  private let names: [ComparedName]

  init(_ command: Command, _ names: [ComparedName]) {
    self.command = command
    self.names = names
  }

  /// Trains what is not there yet, and compares; or shows what it would do.
  func run(in output: String) throws {
    guard !Folder.hasFile(RunFolder(path: output).settingsFile) else {
      throw RunError.data("\(output): is the folder of a run; a comparison wants one of its own for its runs")
    }
    let plan = try makePlan(output)
    let options = command.options
    if options.explain || options.dryRun {
      plan.lines(output: output).forEach { Swift.print($0) }
      for method in plan.methods {
        let lines = try options.dryRun ? naming(method.name) { try method.rehearse() } : method.plan
        Swift.print((["", "\(method.name):"] + lines.map { "  \($0)" }).joined(separator: "\n"))
      }
      return
    }
    plan.lines(output: output).forEach(Console.standardError.print)
    try plan.write(to: output)
    var isChecked = plan.given.isEmpty
    for run in plan.runs {
      if run.state != .finished { try train(run, of: plan) }
      // Given runs that were judged on other test images are found out after the first run, not after the last one.
      if !isChecked { _ = try Command.Comparison([run.path] + plan.given) }
      isChecked = true
    }
    try command.show(Command.Comparison(finished(plan)), in: output)
  }

  private func train(_ run: ComparisonPlan.Run, of plan: ComparisonPlan) throws {
    guard !StopSignals.isStopRequested else { throw ComparisonStopped(place: "before \(run.path)") }
    Console.standardError.print("\(plan.methods[run.method].name), seed \(run.seed): \(run.path)")
    do {
      try naming(run.path) { try plan.methods[run.method].train(seed: run.seed, in: run.path) }
    } catch let stopped as StoppedByUser {
      let stage = stopped.stage.isEmpty ? "" : "\(stopped.stage), "
      throw ComparisonStopped(place: "in \(run.path) after \(stage)step \(stopped.stepsDone) and saved")
    }
  }

  /// What is compared, in the order in which it was named.
  private func finished(_ plan: ComparisonPlan) -> [ComparedRuns] {
    names.map { name in
      guard let label = name.label else { return ComparedRuns([name.run].compactMap { $0 }) }
      let own = plan.runs.filter { plan.methods[$0.method].name == label }
      return ComparedRuns(name: label, folders: own.map(\.path))
    }
  }

  private func makePlan(_ output: String) throws -> ComparisonPlan {
    var methods = try names.compactMap { try makeMethod($0) }
    for assignment in command.recipe.set {
      let refusals = methods.compactMap { $0.refusal(of: assignment) }
      guard refusals.count == methods.count else { continue }
      // What has the nearest key says so.
      throw refusals.first { "\($0)".contains("did you mean") } ?? refusals[0]
    }
    let given = names.compactMap(\.run)
    // Refuses those that are none, or have not come to their end.
    if !given.isEmpty { _ = try Command.Comparison(given) }
    let first = methods[0].firstSeed
    let count = UInt64(command.comparison.seeds ?? 1)
    guard first <= UInt64.max - (count - 1) else {
      throw RunError.data("--seed \(first) and --seeds \(count): there are no seeds above \(UInt64.max)")
    }
    let seeds = (0..<count).map { first + $0 }
    func path(_ name: String, _ seed: UInt64) -> String { Path.join(output, "\(name)-\(seed)") }

    var budget = command.options.steps.map(ComparisonBudget.steps) ?? .recipes
    if let minutes = command.comparison.minutes { budget = .minutes(minutes) }
    var stepSeconds = [Double?](repeating: nil, count: methods.count)
    let shared = try shared(budget, methods)
    for place in methods.indices {
      let name = methods[place].name
      try naming(name) {
        var images = shared
        if case .minutes(let minutes) = budget {
          let isBegun = seeds.contains { Folder.hasFile(RunFolder(path: path(name, $0)).settingsFile) }
          let seconds = try measured(methods[place], written: isBegun ? output : nil)
          stepSeconds[place] = seconds
          // Stages before the last one count by their images, as if each took as long.
          let counted = 60 * minutes / max(seconds, 1e-9) * Double(methods[place].stepImages.total)
          images = try Self.countable(counted, "--minutes \(NumberText.short(minutes))")
        }
        try methods[place].see(images: images)
        try methods[place].check()
      }
    }
    let runs = try seeds.flatMap { seed in
      try methods.enumerated().map { place, method in
        let path = path(method.name, seed)
        return ComparisonPlan.Run(
          method: place, seed: seed, path: path, state: try method.state(seed: seed, in: path))
      }
    }
    return ComparisonPlan(
      methods: methods, budget: budget, images: shared, seeds: seeds, stepSeconds: stepSeconds, runs: runs,
      given: given)
  }

  /// Images that each method sees by a budget of images.
  private func shared(_ budget: ComparisonBudget, _ methods: [any ComparedMethod]) throws -> Int {
    guard case .steps(let steps) = budget else { return methods.map { $0.allImages }.max() ?? 1 }
    let largest = methods.map { $0.stepImages.total }.max() ?? 1
    return try Self.countable(Double(steps) * Double(largest), "--steps \(steps)")
  }

  private static func countable(_ images: Double, _ flag: String) throws -> Int {
    guard images < 1e15 else { throw RunError.data("\(flag): no run sees so many images") }
    return Int(images.rounded())
  }

  /// Seconds of a step, as a plan that is being gone on with says, else measured now.
  private func measured(_ method: any ComparedMethod, written folder: String?) throws -> Double {
    if let folder, let seconds = try ComparisonPlan.writtenStepSeconds(of: method.name, in: folder) { return seconds }
    Console.standardError.print("measuring steps of \(method.name)")
    let seconds = try method.stepSeconds()
    guard !StopSignals.isStopRequested else { throw StoppedBeforeStart() }
    return seconds
  }

  private func makeMethod(_ name: ComparedName) throws -> (any ComparedMethod)? {
    switch name {
    case .run: return nil
    case .recipe(let recipe):
      let document = try Recipes.document(recipe)
      let method = try command.recipe.methodName(of: document)
      return try command.compared(
        method, ComparedEntry(name: name.label ?? recipe, document: document, source: "recipe \(recipe)"))
    case .method(let method):
      guard let recipe = command.recipe.recipe else {
        return try command.compared(method, ComparedEntry(name: method, document: nil, source: "defaults"))
      }
      // Refuses a recipe of another task.
      _ = try command.recipe.document()
      let form = try Recipes.methodForm(of: recipe, for: method)
      return try command.compared(
        method, ComparedEntry(name: method, document: form.document, source: form.source))
    }
  }

  /// Puts the name of what failed before the line of an error.
  private func naming<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error where error is StoppedByUser || error is StoppedBeforeStart {
      throw error
    } catch {
      let line = "\(error)"
      throw RunError.data(line.hasPrefix(name) ? line : "\(name): \(line)")
    }
  }
}

extension TrainingCommand {
  /// Writes a comparison, and shows its tables.
  func show(_ comparison: Comparison, in output: String) throws {
    try comparison.write(to: output)
    for note in comparison.notes { Console.standardError.print("note: \(note)") }
    if let means = comparison.means {
      Swift.print(([means.table.text, ""] + means.lines).joined(separator: "\n") + "\n")
    }
    Swift.print(comparison.table.text + "\n\n\(Path.join(output, Comparison.page))")
  }
}

/// A comparison that was stopped by a signal; what is done stays.
struct ComparisonStopped: Error, CustomStringConvertible {
  let place: String

  /// One line with how to go on.
  var description: String { "stopped \(place); the same command goes on" }
}
