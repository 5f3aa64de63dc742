import Torch

/// Tensors by name, in order.
public struct StateDict {
  /// Names and tensors.
  public private(set) var entries: [(name: String, tensor: Tensor)]

  /// A dict of these entries.
  public init(_ entries: [(name: String, tensor: Tensor)]) { self.entries = entries }

  /// The tensor under a name.
  public subscript(name: String) -> Tensor? { entries.first { $0.name == name }?.tensor }

  /// The names in order.
  public var names: [String] { entries.map(\.name) }

  /// The entries whose names start with `prefix`, without it.
  public func removingPrefix(_ prefix: String) -> StateDict {
    StateDict(
      entries.compactMap { entry in
        entry.name.hasPrefix(prefix) ? (String(entry.name.dropFirst(prefix.count)), entry.tensor) : nil
      })
  }

  /// With a prefix before every name.
  public func addingPrefix(_ prefix: String) -> StateDict {
    StateDict(entries.map { (prefix + $0.name, $0.tensor) })
  }

  /// With the names that a table gives.
  public func renamed(_ table: RenameTable) -> StateDict {
    StateDict(entries.map { (table.renamed($0.name), $0.tensor) })
  }
}

extension Module {
  /// All saved tensors under their names. They share memory with the module.
  public func stateDict() -> StateDict {
    StateDict(stateEntries().map { ($0.name, $0.tensor.detached()) })
  }

  /// Copies stored tensors into the module, converting element type and device, and tells what fitted.
  ///
  /// Nothing is copied unless everything fits but for names that start with an excused prefix: strict both ways.
  /// `num_batches_tracked` may be absent or left over, since it changes no result.
  ///
  /// - Parameters:
  ///   - state: What was stored.
  ///   - excused: Prefixes of names that may be missing, left over, or of another shape.
  ///   - source: The file's name, for the error.
  /// - Throws: `LoadError` with the report of what did not fit.
  @discardableResult
  public func load(_ state: StateDict, excusing excused: [String] = [], source: String) throws(LoadError) -> LoadReport
  {
    var report = LoadReport()
    var stored: [String: Tensor] = [:]
    for (name, tensor) in state.entries { stored[name] = tensor }
    var pairs: [(target: Tensor, source: Tensor)] = []
    for entry in stateEntries() {
      guard let tensor = stored.removeValue(forKey: entry.name) else {
        if !entry.name.hasSuffix("num_batches_tracked") { report.missing.append(entry.name) }
        continue
      }
      guard tensor.shape == entry.tensor.shape else {
        report.mismatched.append(.init(name: entry.name, wanted: entry.tensor.shape, found: tensor.shape))
        continue
      }
      report.loaded.append(entry.name)
      pairs.append((entry.tensor, tensor))
    }
    report.unexpected = state.names.filter { stored[$0] != nil && !$0.hasSuffix("num_batches_tracked") }
    guard report.excusing(prefixes: excused).isComplete else { throw LoadError(source: source, report: report) }
    withoutGradients {
      for (target, tensor) in pairs { target.detached().copyInPlace(from: tensor) }
    }
    return report
  }
}
