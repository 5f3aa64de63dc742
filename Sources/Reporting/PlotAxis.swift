#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One axis of a plot: the range shown and its ticks at round numbers.
struct PlotAxis: Sendable, Equatable {
  let range: ClosedRange<Double>
  let ticks: [Double]
  let isLogarithmic: Bool
  /// Decimals of the labels.
  private let decimals: Int

  /// An axis that shows all `values` (finite ones), widened to round numbers.
  ///
  /// - Parameters:
  ///   - range: shown whatever the values are; `nil` to follow them.
  ///   - count: about how many ticks.
  ///   - isTight: the range ends at the values instead of at a tick.
  init(
    values: [Double], range fixed: ClosedRange<Double>? = nil, count: Int = 5, isTight: Bool = false,
    isLogarithmic: Bool = false
  ) {
    self.isLogarithmic = isLogarithmic
    let known = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    var low = fixed?.lowerBound ?? known.min() ?? (isLogarithmic ? 0.1 : 0)
    var high = fixed?.upperBound ?? known.max() ?? 1
    if isLogarithmic {
      low = max(low, .leastNormalMagnitude)
      high = max(high, low)
      if fixed == nil {
        low = pow(10, log10(low).rounded(.down))
        high = pow(10, log10(high).rounded(.up))
        if low == high { high = low * 10 }
      }
      let (first, last) = (Int(log10(low).rounded(.up)), Int(log10(high).rounded(.down)))
      let stride = max(1, (last - first + count - 1) / count)
      ticks = Swift.stride(from: first, through: last, by: stride).map { pow(10, Double($0)) }
      decimals = 0
      range = low...high
      return
    }
    if high - low <= abs(high) * 1e-12 {
      let space = low == 0 ? 1 : abs(low) * 0.1
      low -= space
      high += space
    }
    let step = Self.roundStep((high - low) / Double(count))
    if fixed == nil, !isTight {
      low = (low / step).rounded(.down) * step
      high = (high / step).rounded(.up) * step
    }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    ticks = first <= last ? stride(from: first, through: last, by: 1).map { $0 * step + 0 } : []  // + 0: no -0
    decimals = max(0, -Int(log10(step).rounded(.down)))
    range = low...high
  }

  /// Where `value` lies on the axis: 0 at its start, 1 at its end; `nil` for what cannot be shown.
  func position(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    if isLogarithmic {
      return log10(value / range.lowerBound) / log10(range.upperBound / range.lowerBound)
    }
    return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  /// A tick's label: `0.25`, `10k`, `1e-3`.
  func label(_ tick: Double) -> String {
    if isLogarithmic {
      let exponent = Int(log10(tick).rounded())
      return (-3...4).contains(exponent) ? NumberText.short(tick, 6) : "1e\(exponent)"
    }
    let size = max(abs(range.lowerBound), abs(range.upperBound))
    if size >= 1e7 || size < 1e-4 { return NumberText.short(tick, 3) }
    if size >= 10_000 { return NumberText.short(tick / 1000, 6) + (tick == 0 ? "" : "k") }
    return NumberText.fixed(tick, decimals)
  }

  /// The least of 1, 2, 5 times a power of ten that is at least `step`.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= step * (1 - 1e-9) { return factor * power }
    return 10 * power
  }
}
