/// The dilations of the parallel branches of a decoder: `matching` the output stride, or a list.
public enum AtrousRates: Codable, Sendable, Equatable {
  /// Those of the source at its output stride, scaled so that they reach as far in the image at another one: of a
  /// pyramid 12, 24, 36 at stride 8 and 6, 12, 18 at 16.
  case matching
  /// These, whatever the output stride.
  case list([Int])

  /// The rates where steps of `reach` pixels of the image, 1, 2, … `count` of them, are wanted.
  func resolved(reach: Int, count: Int, stride: Int) -> [Int] {
    switch self {
    case .matching: (1...count).map { $0 * reach / stride }
    case .list(let rates): rates
    }
  }

  /// Whether they can be dilations.
  var areValid: Bool {
    guard case .list(let rates) = self else { return true }
    return !rates.isEmpty && rates.allSatisfy { $0 >= 1 }
  }

  /// Reads `matching` or a list.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if (try? container.decode(String.self)) == "matching" {
      self = .matching
    } else if let rates = try? container.decode([Int].self) {
      self = .list(rates)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "matching or a list of whole numbers, as [6, 12, 18]")
    }
  }

  /// Writes `matching` or the list.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .matching: try container.encode("matching")
    case .list(let rates): try container.encode(rates)
    }
  }
}
