import Layers

/// How the convolutions of a decoder start. Norms start as the map that changes nothing, biases as PyTorch's.
public enum HeadInitialization: String, Codable, CaseIterable, Sendable {
  /// As PyTorch makes convolutions, uniform within ±1 / √fan in: torchvision, ST++, UniMatch.
  case uniform
  /// Normal with deviation √(2 / fan in): CPS.
  case kaimingNormal = "kaiming_normal"
  /// Normal with deviation 0.01: DeepLabv2.
  case smallNormal = "small_normal"

  var weights: Initialization {
    switch self {
    case .uniform: .uniformFanIn
    case .kaimingNormal: .kaimingNormalFanIn
    case .smallNormal: .normal(deviation: 0.01)
    }
  }
}
