import Torch

/// The losses of one step by name, and figures that are reported but not optimized.
public struct Losses {
  /// One summand of what is minimized.
  public struct Term {
    /// As it stands in the log, such as `rpn_box`.
    public let name: String
    /// The unweighted loss: a scalar, gradient flows.
    public let value: Tensor
    /// Its factor in the sum.
    public let weight: Double
  }

  /// The summands in the order they were added.
  public private(set) var terms: [Term] = []
  /// Scalars for the log, such as pseudo-boxes an image; no gradient.
  public private(set) var figures: [(name: String, value: Tensor)] = []
  /// What the user should know now, a line each, such as that no pseudo-box has passed for long.
  public private(set) var warnings: [String] = []
  /// How close predictions came to the labels of the batch's probes: float32 [P], 0…1; nil where none was looked at.
  public private(set) var proximities: Tensor?

  /// No losses yet.
  public init() {}

  /// Adds `weight · value` to what is minimized.
  ///
  /// - Precondition: `value` has one element; the name is new.
  public mutating func add(_ name: String, _ value: Tensor, weight: Double = 1) {
    precondition(value.count == 1, "loss \(name): expected a scalar, got shape \(value.shape)")
    precondition(!terms.contains { $0.name == name }, "loss \(name): added twice")
    terms.append(Term(name: name, value: value.reshaped([]), weight: weight))
  }

  /// Adds several summands in their order.
  public mutating func add(_ terms: [(name: String, value: Tensor, weight: Double)]) {
    for term in terms { add(term.name, term.value, weight: term.weight) }
  }

  /// Adds a figure for the log.
  public mutating func report(_ name: String, _ value: Tensor) {
    precondition(value.count == 1, "figure \(name): expected a scalar, got shape \(value.shape)")
    figures.append((name, value.detached().reshaped([])))
  }

  /// Adds a figure for the log.
  public mutating func report(_ name: String, _ value: Double) {
    figures.append((name, Tensor([Float(value)], shape: [])))
  }

  /// Adds a line that the user should read; the method sees to it that it is not said at every step.
  public mutating func warn(_ line: String) { warnings.append(line) }

  /// Says how close predictions came to the labels of the batch's probes, by which strong views of later batches are drawn.
  ///
  /// - Parameter proximities: float32 [P], 0…1 for each probe; no number for one that says nothing. No gradient.
  public mutating func add(proximities: Tensor) {
    precondition(proximities.rank == 1, "proximities: expected a number for each probe, got \(proximities.shape)")
    self.proximities = proximities.detached()
  }

  /// The weighted sum: what is minimized.
  ///
  /// - Precondition: there is at least one term.
  public var total: Tensor {
    precondition(!terms.isEmpty, "losses: expected at least one term")
    let weighted = terms.map { $0.weight == 1 ? $0.value : $0.value * $0.weight }
    return weighted.dropFirst().reduce(weighted[0]) { $0 + $1 }
  }

  /// The weighted sum times a factor; without another operation where it is 1.
  func total(times factor: Double) -> Tensor { factor == 1 ? total : total * factor }

  /// The unweighted values of the terms, in their order; waits for the device once.
  func values() -> [Double] {
    terms.isEmpty ? [] : withoutGradients { stack(terms.map { $0.value.detached().to(.float32) }).doubles }
  }

  /// The values of the figures, in their order.
  func figureValues() -> [Double] { figures.map(\.value.scalar) }
}
