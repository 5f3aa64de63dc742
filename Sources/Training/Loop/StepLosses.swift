/// The losses of a step in plain numbers: the means over its micro-batches.
struct StepLosses {
  private let microBatches: Int
  /// The weighted sum that was minimized.
  private(set) var total = 0.0
  /// The unweighted losses by name.
  private(set) var terms: [Figure] = []
  /// What the method reports beside them.
  private(set) var figures: [Figure] = []
  /// What the method wants the user to know.
  private(set) var warnings: [String] = []
  /// The losses that were not finite, each once.
  private(set) var problems: [String] = []
  /// How long batches were waited for.
  private(set) var waited = Duration.zero
  private var images: [String] = []
  private var badImages: [String] = []

  /// Without losses yet.
  init(microBatches: Int) { self.microBatches = microBatches }

  /// The images of the micro-batches with a loss that was not finite; all, where there is none.
  var imagesOfProblems: [String] { badImages.isEmpty ? images : badImages }

  /// Waits for a batch.
  mutating func waiting<Batch>(_ next: () throws -> Batch) rethrows -> Batch {
    let begun = ContinuousClock.now
    defer { waited += .now - begun }
    return try next()
  }

  /// Adds the losses of a micro-batch.
  mutating func add(_ losses: Losses, images names: [String]) {
    let values = zip(losses.terms, losses.values()).map { Figure($0.name, $1) }
    let bad = values.filter { !$0.value.isFinite }.map { "loss '\($0.name)'" }
    problems += bad.filter { !problems.contains($0) }
    images += names
    if !bad.isEmpty { badImages += names }
    total += zip(losses.terms, values).reduce(0) { $0 + $1.0.weight * $1.1.value } / Double(microBatches)
    add(values, to: &terms)
    add(zip(losses.figures, losses.figureValues()).map { Figure($0.name, $1) }, to: &figures)
    warnings += losses.warnings
  }

  /// Adds a micro-batch's part of the means; a name that others lack counts as 0 there.
  private func add(_ values: [Figure], to means: inout [Figure]) {
    for figure in values {
      let part = figure.value / Double(microBatches)
      if let place = means.firstIndex(where: { $0.name == figure.name }) {
        means[place] = Figure(figure.name, means[place].value + part)
      } else {
        means.append(Figure(figure.name, part))
      }
    }
  }
}
