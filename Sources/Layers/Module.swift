import Torch

/// A part of a network that owns parameters, buffers and other modules.
///
/// A stored property's name in snake_case is its key in the state dict; arrays and `Sequential` children are numbered.
/// So a property's name is public format. Modules are found in properties of type `Module`, `[Module]` and their
/// optionals; a module or tensor anywhere else (a tuple, a dictionary, a lazy property, a bare `Tensor`) would be missed
/// and is refused when the module is first walked. A module never stores its teacher: what it stores is its child. Children stay the
/// same for a module's life, so it is walked once: reflection takes milliseconds for a large network.
open class Module {
  /// Whether layers behave as in training (batch statistics) or as in evaluation (running statistics).
  public private(set) var isTraining = true
  /// All below this module, once they have been asked for.
  private var below: [Module]?

  /// A module in training mode.
  public init() {}

  /// What is registered directly in this module, in order of declaration, superclasses first.
  open func registeredMembers() -> [(name: String, member: Member)] {
    var chain: [Mirror] = []
    var mirror: Mirror? = Mirror(reflecting: self)
    while let level = mirror, level.subjectType != Module.self {
      chain.append(level)
      mirror = level.superclassMirror
    }
    var members: [(name: String, member: Member)] = []
    for level in chain.reversed() {
      for (label, value) in level.children {
        let label = label ?? ""
        let place = "\(type(of: self)).\(label)"
        precondition(!label.hasPrefix("$__lazy_storage"), "\(place): a lazy property cannot be registered")
        if let member = Member(reflecting: value, at: place) { members.append((label.snakeCased, member)) }
      }
    }
    return members
  }

  /// Switches the module and all below it to training behaviour.
  public func train() { setTraining(true) }

  /// Switches the module and all below it to evaluation behaviour.
  public func evaluate() { setTraining(false) }

  private func setTraining(_ training: Bool) { modules().forEach { $0.isTraining = training } }

  /// This module and all below it, each once, parents first.
  public func modules() -> [Module] {
    if let below { return [self] + below }
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(self)]
    var result: [Module] = []
    func visitChildren(of module: Module) {
      for (_, member) in module.registeredMembers() {
        for (_, child) in member.modules where seen.insert(ObjectIdentifier(child)).inserted {
          result.append(child)
          visitChildren(of: child)
        }
      }
    }
    visitChildren(of: self)
    below = result
    return [self] + result
  }

  /// Every parameter and buffer with its full name; a shared one stands under its first name only.
  public func stateEntries() -> [StateEntry] {
    var seen: Set<ObjectIdentifier> = []
    var result: [StateEntry] = []
    func visit(_ module: Module, prefix: String) {
      for (name, member) in module.registeredMembers() {
        switch member {
        case .parameter(let parameter):
          guard seen.insert(ObjectIdentifier(parameter)).inserted else { continue }
          result.append(StateEntry(name: prefix + name, kind: .parameter(parameter)))
        case .buffer(let buffer):
          guard seen.insert(ObjectIdentifier(buffer)).inserted else { continue }
          result.append(StateEntry(name: prefix + name, kind: .buffer(buffer)))
        case .module, .list:
          for (suffix, child) in member.modules {
            guard seen.insert(ObjectIdentifier(child)).inserted else { continue }
            visit(child, prefix: prefix + name + suffix + ".")
          }
        }
      }
    }
    visit(self, prefix: "")
    return result
  }

  /// The parameters with their names.
  public func namedParameters() -> [NamedParameter] {
    stateEntries().compactMap {
      guard case .parameter(let parameter) = $0.kind else { return nil }
      return NamedParameter(name: $0.name, parameter: parameter)
    }
  }

  /// Stops training of every parameter in this module and below.
  public func freeze() { namedParameters().forEach { $0.parameter.isTrained = false } }

  /// Runs `body` with the parameters as constants: gradients of what is computed in it flow on to its inputs, and none to the
  /// parameters, as the adversarial term of a network against a discriminator wants it.
  public func withParametersFixed<Result>(_ body: () throws -> Result) rethrows -> Result {
    let trained = namedParameters().map(\.parameter).filter(\.isTrained)
    trained.forEach { $0.isTrained = false }
    defer { trained.forEach { $0.isTrained = true } }
    return try body()
  }

  /// Moves every parameter and buffer; floating-point ones also take the element type, if one is given.
  ///
  /// Kernels of convolutions lie channels-last on a GPU, as the maps do: they are taken there without a copy, and so are their gradients.
  ///
  /// To be called before an optimizer is made: gradients and momentum do not move along.
  public func move(to device: Device, elementType: ElementType? = nil) {
    for entry in stateEntries() {
      let type =
        entry.tensor.elementType.isFloatingPoint ? elementType ?? entry.tensor.elementType : entry.tensor.elementType
      let moved = withoutGradients {
        let moved = entry.tensor.to(type).to(device)
        return device != .cpu && moved.rank == 4 ? moved.copiedChannelsLast() : moved
      }
      switch entry.kind {
      case .parameter(let parameter): parameter.replace(with: moved)
      case .buffer(let buffer): buffer.value = moved
      }
    }
  }

  /// The number of elements in all parameters.
  public var parameterCount: Int { namedParameters().reduce(0) { $0 + $1.parameter.value.count } }
}

/// A parameter and its full name in the model.
public struct NamedParameter {
  /// The key in the state dict.
  public let name: String
  /// The parameter.
  public let parameter: Parameter

  /// A parameter under a name.
  public init(name: String, parameter: Parameter) {
    self.name = name
    self.parameter = parameter
  }
}

/// A saved tensor of a model and its full name.
public struct StateEntry {
  /// What holds the tensor.
  public enum Kind {
    case parameter(Parameter)
    case buffer(Buffer)
  }

  /// The key in the state dict.
  public let name: String
  /// The parameter or buffer.
  public let kind: Kind

  /// The tensor as it is now.
  public var tensor: Tensor {
    switch kind {
    case .parameter(let parameter): parameter.value
    case .buffer(let buffer): buffer.value
    }
  }
}
