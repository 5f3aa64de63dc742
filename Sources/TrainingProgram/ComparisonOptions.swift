import ArgumentParser
import SemiSupervision
import Training

/// What is compared, and by which budget.
package struct ComparisonOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Trains methods, by their names or those of recipes, on one split with one budget, in --output DIR, and puts them side by side with the folders of finished runs: tables, comparison.json and a page of pictures. The same command goes on where it was stopped.",
      valueName: "METHOD,…|RUN"))
  package var compare: [String] = []
  @Option(help: ArgumentHelp("With --compare: as many runs of each method, the first by --seed.", valueName: "N"))
  package var seeds: Int?
  @Option(
    help: ArgumentHelp(
      "With --compare: each method trains as long as its steps, measured before, take so many minutes.", valueName: "M")
  )
  package var minutes: Double?

  /// No flags.
  package init() {}

  /// Whether the values are ones.
  package func validate() throws {
    if let seeds, !(1...1000).contains(seeds) {
      throw ValidationError("--seeds \(seeds): a number between 1 and 1000 is wanted.")
    }
    if let minutes, !(minutes > 0 && minutes.isFinite) {
      throw ValidationError("--minutes \(minutes): a number above 0 is wanted.")
    }
    for (name, isGiven) in [("seeds", seeds != nil), ("minutes", minutes != nil)] where isGiven && compare.isEmpty {
      throw ValidationError("--\(name) is for --compare METHOD,METHOD … beside it.")
    }
  }

  /// What the words name.
  package func names<Methods: MethodRegistry>(_: Methods.Type, hasData: Bool) throws -> [ComparedName] {
    do {
      return try ComparedName.resolve(compare, among: Methods.self, hasData: hasData)
    } catch {
      throw ValidationError("\(error)")
    }
  }
}

extension TrainingCommand {
  /// What `--compare` names.
  var comparedNames: [ComparedName] {
    get throws { try comparison.names(Methods.self, hasData: data.labeled != nil) }
  }

  /// Whether the flags of a comparison fit together.
  func validateComparison() throws {
    let names = try comparedNames
    guard names.contains(where: { $0.label != nil }) else {
      guard options.output != nil, data.isEmpty, hasNoOtherData, !recipe.isGiven, options.resume == nil,
        !options.saysAnythingButOutput, comparison.seeds == nil, comparison.minutes == nil
      else { throw ValidationError("--compare with finished runs wants --output DIR beside it, and nothing else.") }
      return
    }
    let trained = names.compactMap(\.label).joined(separator: ", ")
    guard options.output != nil else {
      throw ValidationError("--compare wants --output DIR, for the runs of \(trained).")
    }
    guard data.labeled != nil else {
      throw ValidationError("--labeled SRC is wanted: the labelled images that \(trained) learn from.")
    }
    if let method = recipe.method {
      throw ValidationError("--compare names the methods itself; --method \(method) contradicts it.")
    }
    guard options.resume == nil else {
      throw ValidationError("--resume is for one run; a comparison goes on when its command is given again.")
    }
    if options.steps != nil, comparison.minutes != nil {
      throw ValidationError("--steps and --minutes are two budgets; a comparison has one.")
    }
    for (flag, value) in [("batch", options.batch), ("micro-batch", options.microBatch)] where value == "auto" {
      throw ValidationError(
        "--\(flag) auto may find another number for each method: --\(flag) N is wanted in a comparison.")
    }
  }
}
