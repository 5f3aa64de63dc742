/// A line plot that is written as SVG: losses or figures over steps.
public struct Plot: Sendable {
  /// One line of a plot.
  public struct Series: Sendable {
    /// The name in the legend.
    public var name: String
    /// The points in the order of `x`. Where `y` is no finite number the line has a gap.
    public var points: [(x: Double, y: Double)]
    /// How many points the drawn line is averaged over; above 1 the points themselves are drawn faintly behind it.
    public var smoothing: Int
    /// Each point gets a dot.
    public var hasDots: Bool

    /// A line.
    public init(_ name: String, _ points: [(x: Double, y: Double)], smoothing: Int = 1, hasDots: Bool = false) {
      self.name = name
      self.points = points
      self.smoothing = smoothing
      self.hasDots = hasDots
    }
  }

  /// The text above.
  public var title: String
  /// The text below the horizontal axis.
  public var xLabel: String
  /// The text beside the vertical axis.
  public var yLabel: String
  /// The lines.
  public var series: [Series]
  /// What the vertical axis shows; `nil` for what the lines need.
  public var yRange: ClosedRange<Double>?
  /// A vertical axis of powers of ten; points at or below 0 are gaps.
  public var isLogarithmic: Bool

  /// A plot of the given lines.
  public init(
    title: String, xLabel: String = "step", yLabel: String = "", series: [Series], yRange: ClosedRange<Double>? = nil,
    isLogarithmic: Bool = false
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.yRange = yRange
    self.isLogarithmic = isLogarithmic
  }

  /// The plot as an SVG element of `width` × `height` pixels.
  ///
  /// - Parameter isStandalone: a file of its own, with a white ground; else its text takes the colour of the page.
  public func svg(width: Int = 640, height: Int = 360, isStandalone: Bool = true) -> String {
    PlotDrawing(self, width: Double(width), height: Double(height), isStandalone: isStandalone).svg()
  }

  /// Colours of the lines, told apart also by most colour-blind people and readable on light and dark ground
  /// (Okabe and Ito 2008, without black and yellow).
  static let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"]
}
