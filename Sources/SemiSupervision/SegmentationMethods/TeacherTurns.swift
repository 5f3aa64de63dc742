import Randomness
import Training

/// A strong augmentation of the pool that Dual Teacher draws from.
public enum PoolMix: Sendable, Equatable {
  case cutMix, classMix
}

/// Which teacher is on duty, and which mix goes with it: functions of the run's seed and the images seen.
struct TeacherTurns {
  /// Images seen in a turn; 0 for one pass over the list that defines an epoch.
  let images: Int
  /// How many teachers take turns.
  let teachers: Int
  /// The pool.
  let mixes: [PoolMix]
  /// Whether the mix of a turn is drawn, never the same twice in a row; else they follow one another.
  let isDrawn: Bool

  /// One step's place in the turns.
  struct Turn: Equatable {
    /// Turns before.
    let number: Int
    /// Steps since the turn began.
    let index: Int
    /// The place of the teacher on duty.
    let teacher: Int
    let mix: PoolMix
  }

  /// The turn that a step belongs to.
  func turn(at step: Step) -> Turn {
    let (number, index): (Int, Int)
    if images > 0 {
      number = step.imagesSeen / images
      let first = (number * images + step.imagesPerStep - 1) / step.imagesPerStep
      index = step.index - first
    } else {
      (number, index) = (step.epoch, step.indexInEpoch)
    }
    return Turn(number: number, index: index, teacher: number % teachers, mix: mix(ofTurn: number, seed: step.seed))
  }

  private func mix(ofTurn number: Int, seed: UInt64) -> PoolMix {
    guard isDrawn, mixes.count > 1 else { return mixes[number % mixes.count] }
    var place = 0
    for turn in 0...number {
      var generator = SeededGenerator(seed: seed, keys: [0x706F_6F6C, UInt64(turn)])
      // From the second turn on one of those that were not the last one's.
      place =
        turn == 0
        ? generator.integer(below: mixes.count)
        : (place + 1 + generator.integer(below: mixes.count - 1)) % mixes.count
    }
    return mixes[place]
  }
}
