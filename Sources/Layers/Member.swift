import Torch

/// What a stored property of a module can register.
public enum Member {
  case parameter(Parameter)
  case buffer(Buffer)
  case module(Module)
  case list([Module])

  /// The modules it holds, with what follows the property's name in their keys.
  var modules: [(suffix: String, module: Module)] {
    switch self {
    case .module(let module): [("", module)]
    case .list(let modules): modules.enumerated().map { (".\($0.offset)", $0.element) }
    default: []
    }
  }

  /// nil for plain data.
  ///
  /// - Precondition: No module, parameter or tensor is hidden inside another type.
  init?(reflecting value: Any, at place: String) {
    switch value {
    case let parameter as Parameter: self = .parameter(parameter)
    case let buffer as Buffer: self = .buffer(buffer)
    case let module as Module: self = .module(module)
    case let modules as [Module]:
      guard !modules.isEmpty else { return nil }
      self = .list(modules)
    default:
      let mirror = Mirror(reflecting: value)
      if mirror.displayStyle == .optional {
        guard let inner = mirror.children.first?.value else { return nil }
        self.init(reflecting: inner, at: place)
        return
      }
      precondition(!Self.hidesTensors(value), "\(place): a \(type(of: value)) that holds tensors cannot be registered")
      return nil
    }
  }

  private static func hidesTensors(_ value: Any) -> Bool {
    if value is Parameter || value is Buffer || value is Module || value is Tensor { return true }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .struct, .tuple, .enum, .optional, .collection, .dictionary, .set:
      return mirror.children.contains { hidesTensors($0.value) }
    default: return false
    }
  }
}

extension String {
  /// `boxHead` as `box_head`.
  var snakeCased: String {
    var result = ""
    for character in self {
      if character.isUppercase {
        if !result.isEmpty { result.append("_") }
        result.append(contentsOf: character.lowercased())
      } else {
        result.append(character)
      }
    }
    return result
  }
}
