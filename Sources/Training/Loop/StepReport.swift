/// What one step did, in plain numbers.
public struct StepReport: Sendable, Equatable {
  /// Why a step moved nothing.
  public struct Skip: Sendable, Equatable {
    /// The losses or gradient norms that were not finite.
    public let terms: [String]
    /// The images of the batch.
    public let images: [String]
  }

  /// Which step.
  public let step: Step
  /// The weighted sum that was minimized.
  public let total: Double
  /// The unweighted losses by name, in the method's order.
  public let terms: [Figure]
  /// What the method reports beside them.
  public let figures: [Figure]
  /// What the method wants the user to know, a line each.
  public var warnings: [String] = []
  /// Learning rate of each trained model.
  public let learningRates: [Figure]
  /// Gradient norm of each trained model before clipping; empty for a step skipped for its losses.
  public let gradientNorms: [Figure]
  /// Set for a step that was skipped because something was not finite.
  public let skip: Skip?
  /// Seconds that the step waited for its batch.
  public let dataSeconds: Double
  /// Seconds of the whole step.
  public let seconds: Double

  /// Steps done with this one.
  public var stepsDone: Int { step.index + 1 }
  /// Images seen with this step.
  public var imagesSeen: Int { step.imagesSeen + step.imagesPerStep }
}
