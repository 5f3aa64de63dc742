import ArgumentParser
import SemiSupervision
import Torch
import Training

/// Where and how it runs.
package struct RunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The run's folder; by default a new one under runs/.", valueName: "DIR"))
  package var output: String?
  @Option(help: ArgumentHelp("Goes on with a run that was stopped; stands alone.", valueName: "RUN"))
  package var resume: String?
  @Option(help: "cpu, cuda or cuda:N.") package var device: String?
  @Option(
    help:
      "What the network computes in while it trains: float32, bfloat16, float16 (GPUs) or auto (bfloat16 where it is fast)."
  )
  package var precision: Precision?
  @Option(help: "Decides everything random.") package var seed: UInt64?
  @Option(
    help:
      "Length of the run; times of the recipe are scaled to it. Of a method in stages: of the last one, and of those before that say no number of their own (method.teacher_steps). With --compare: so many steps of the method whose step takes the most images; the others see as many images, all stages of a method together."
  ) package var steps: Int?
  @Option(
    help: ArgumentHelp(
      "Images a step, labelled and unlabelled in the recipe's ratio; auto: as many as fit into memory. Steps and learning rate stay.",
      valueName: "N|auto"))
  package var batch: String?
  @Option(
    help: ArgumentHelp(
      "Images in memory at a time: a step's are taken in micro-batches of so many, and move the weights once; auto: as many as fit.",
      valueName: "N|auto"))
  package var microBatch: String?
  @Option(help: "Threads of the engine; by default one for each core.") package var threads: Int?
  @Option(help: "Threads that decode images.") package var workers: Int?
  @Option(help: ArgumentHelp("Trains and judges on the first N labelled images alone.", valueName: "N"))
  package var overfit: Int?
  @Flag(help: "Shows at the end where the time of the steps went, beside the least that their work takes.")
  package var profile = false
  @Flag(help: "One step, one evaluation, one save, one resume; shows the resolved plan.") package var dryRun = false
  @Flag(help: "Shows in words what the run would do, and the resolved settings, and ends.") package var explain = false

  /// No flags.
  package init() {}

  /// Whether the values are ones.
  package func validate() throws {
    for (name, value) in [("steps", steps), ("threads", threads), ("overfit", overfit)] {
      if let value, value < 1 { throw ValidationError("--\(name) \(value): a number of 1 or more is wanted.") }
    }
    for (name, value) in [("batch", batch), ("micro-batch", microBatch)] {
      if let value, BatchOption(value) == nil {
        throw ValidationError("--\(name) \(value): a number of 1 or more, or auto, is wanted.")
      }
    }
    if batch == "auto", microBatch != nil {
      throw ValidationError("--batch auto takes a step's images at once; --micro-batch contradicts it.")
    }
    if let workers, workers < 0 { throw ValidationError("--workers \(workers): a number of 0 or more is wanted.") }
    if let device, Device(device) == nil {
      throw ValidationError("--device \(device): cpu, cuda or cuda:N is wanted.")
    }
  }

  /// Whether anything is said that a run's folder says itself.
  package var saysAnythingOfARun: Bool { output != nil || saysAnythingButOutput }

  /// Whether anything is said about a run beside its folder and its workers.
  package var saysAnythingButOutput: Bool {
    seed != nil || steps != nil || batch != nil || microBatch != nil || overfit != nil || dryRun || explain
      || device != nil
      || threads != nil || precision != nil || profile
  }

  /// Puts the flags over settings.
  package func apply(to settings: inout some RunSettings) {
    var run = settings.run
    run.device = device ?? run.device
    run.precision = precision ?? run.precision
    run.seed = seed ?? run.seed
    run.threads = threads ?? Engine.processorCount
    run.workers = workers ?? run.workers
    run.overfit = overfit ?? 0
    // Settings of a run, given as a recipe, say themselves which length their times were made for.
    if run.recipeSteps == 0 { run.recipeSteps = settings.trainer.steps }
    settings.run = run
    settings.trainer.steps = steps ?? settings.trainer.steps
  }
}

extension Precision: ExpressibleByArgument {}
