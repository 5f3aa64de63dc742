import Documents
import Reporting
import SemiSupervision
import Training

/// How long the methods of a comparison train.
enum ComparisonBudget {
  /// So many steps of the method whose step takes the most images, and as many images for all.
  case steps(Int)
  /// So many minutes of steps for each.
  case minutes(Double)
  /// As many images for all as the recipe of the method has that sees the most.
  case recipes

  var json: JSON {
    switch self {
    case .steps(let steps): ["steps": JSON(steps)]
    case .minutes(let minutes): ["minutes": JSON(minutes)]
    case .recipes: [:]
    }
  }
}

/// Which runs a comparison has, how long they are, and in which order they are trained: `comparison-plan.json` of its folder.
struct ComparisonPlan {
  /// A run that is trained.
  struct Run {
    /// The place of its method.
    let method: Int
    let seed: UInt64
    let path: String
    let state: ComparedState
  }

  /// The methods with the lengths that the budget gives them.
  let methods: [any ComparedMethod]
  let budget: ComparisonBudget
  /// Images that a budget of them gives each method.
  let images: Int
  let seeds: [UInt64]
  /// Seconds of a step of each method, where they were measured.
  let stepSeconds: [Double?]
  /// In the order in which they are trained: all methods by a seed before the next seed.
  let runs: [Run]
  /// Runs that are taken as they are.
  let given: [String]

  /// Lines for a person.
  func lines(output: String) -> [String] {
    let count = seeds.count == 1 ? "seed \(seeds[0])" : "seeds \(seeds[0]) to \(seeds[seeds.count - 1])"
    func listed(_ state: ComparedState, _ title: String) -> String? {
      let own = runs.filter { $0.state == state }.map { Path.name(of: $0.path) }
      return own.isEmpty ? nil : "\(title): \(own.joined(separator: ", "))"
    }
    return [
      "comparison: \(Self.counted(methods.count, "method")) by \(count), \(Self.counted(runs.count, "run")) in \(output)",
      "budget: \(budgetWords)",
    ] + table.text.split(separator: "\n").map(String.init)
      + [
        listed(.finished, "finished"), listed(.begun, "gone on with"), listed(.new, "trained, in this order"),
        given.isEmpty ? nil : "taken as they are: \(given.joined(separator: ", "))",
      ].compactMap { $0 }
  }

  private var budgetWords: String {
    let words =
      switch budget {
      case .steps(let steps):
        "\(images) images for each method, \(Self.counted(steps, "step")) of the method with the largest ones"
      case .minutes(let minutes): "\(NumberText.short(minutes)) minutes of steps for each method, as they were measured"
      case .recipes: "\(images) images for each method, as the longest of their recipes sees"
      }
    return words + (methods.contains { $0.stepsOfStages.count > 1 } ? "; the stages of a method share them" : "")
  }

  private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// What each method does with the budget.
  private var table: MetricTable {
    let isMeasured = stepSeconds.contains { $0 != nil }
    var table = MetricTable(
      [
        .init("method", .left), .init("settings", .left), .init("steps"), .init("images a step", .left),
        .init("images seen"),
      ] + (isMeasured ? [.init("seconds a step")] : []))
    for (method, seconds) in zip(methods, stepSeconds) {
      table.append(
        [
          method.name, method.source, method.stepsOfStages.map(String.init).joined(separator: " + "),
          "\(method.stepImages)", String(method.allImages),
        ] + (isMeasured ? [seconds.map { NumberText.short($0, 3) } ?? NumberText.missing] : []))
    }
    return table
  }

  private static func file(in folder: String) -> String { Path.join(folder, "comparison-plan.json") }

  /// Writes the plan into the comparison's folder.
  func write(to folder: String) throws {
    let entries = zip(methods, stepSeconds).map { method, seconds -> JSON in
      var entry = JSONObject([
        ("name", JSON(method.name)), ("method", JSON(method.method)), ("settings", JSON(method.source)),
        ("steps", .array(method.stepsOfStages.map { JSON($0) })), ("labeledImages", JSON(method.stepImages.labeled)),
        ("unlabeledImages", JSON(method.stepImages.unlabeled)), ("imagesSeen", JSON(method.allImages)),
      ])
      if let seconds { entry["stepSeconds"] = JSON(seconds) }
      return .object(entry)
    }
    let plan: JSON = [
      "budget": budget.json, "methods": .array(entries),
      "runs": .array(
        runs.map {
          ["name": JSON(methods[$0.method].name), "seed": RunSummary.json(seed: $0.seed), "run": JSON($0.path)]
        }),
      "given": .array(given.map { JSON($0) }),
    ]
    try Folder.create(folder)
    try AtomicFile.write(plan.serialized(pretty: true), to: Self.file(in: folder))
  }

  /// The seconds of a step that a plan in the folder says of a method; nil where there is none.
  static func writtenStepSeconds(of name: String, in folder: String) throws -> Double? {
    let file = file(in: folder)
    guard Folder.hasFile(file) else { return nil }
    let methods = try JSON(contentsOf: file)["methods"]?.array ?? []
    return methods.first { $0["name"]?.string == name }?["stepSeconds"]?.double
  }
}
