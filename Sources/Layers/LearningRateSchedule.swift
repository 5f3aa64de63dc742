#if canImport(Glibc)
  import Glibc
#endif

/// The learning rate over a run, as a factor of the base rate: linear warm-up, then a decay.
public struct LearningRateSchedule: Sendable, Equatable {
  /// What follows the warm-up.
  public enum Decay: Sendable, Equatable {
    case constant
    /// × `factor` at each of these steps.
    case step(milestones: [Int], factor: Double)
    /// (1 − progress)^power.
    case polynomial(power: Double)
    /// Half a cosine from 1 to `final`.
    case cosine(final: Double)
  }

  /// Steps of linear warm-up; 0 for none.
  public var warmupSteps: Int
  /// The factor of the first warm-up step.
  public var warmupFactor: Double
  /// What follows.
  public var decay: Decay
  /// Steps of the whole run, which polynomial and cosine end at.
  public var totalSteps: Int

  /// A schedule.
  public init(warmupSteps: Int = 0, warmupFactor: Double = 0.001, decay: Decay, totalSteps: Int) {
    self.warmupSteps = warmupSteps
    self.warmupFactor = warmupFactor
    self.decay = decay
    self.totalSteps = totalSteps
  }

  /// The factor at a step, counted from 0. Warm-up multiplies the decay, as in torchvision's reference scripts.
  public func factor(at step: Int) -> Double {
    let warmup: Double
    if step < warmupSteps {
      let share = Double(step) / Double(warmupSteps)
      warmup = warmupFactor * (1 - share) + share
    } else {
      warmup = 1
    }
    let progress = min(1, Double(step) / Double(max(totalSteps, 1)))
    switch decay {
    case .constant: return warmup
    case .step(let milestones, let factor):
      return warmup * pow(factor, Double(milestones.count { $0 <= step }))
    case .polynomial(let power): return warmup * pow(1 - progress, power)
    case .cosine(let final): return warmup * (final + (1 - final) * 0.5 * (1 + cos(Double.pi * progress)))
    }
  }
}
