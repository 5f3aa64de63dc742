import Torch
import Training

/// What a run settles before anything else.
struct RunSetup {
  /// Where it computes.
  let device: Device
  /// Its length beside its recipe's.
  let length: RunLength
  /// What was noticed, a line each.
  let notes: [String]

  /// Resolves device, precision and lengths in the settings.
  ///
  /// - Throws: For a device that is not there.
  static func resolve<Settings: RunSettings>(_ settings: Settings) throws -> (Settings, Device) {
    let device = try device(of: settings.run)
    var settings = settings
    if settings.run.recipeSteps == 0 { settings.run.recipeSteps = settings.trainer.steps }
    if settings.run.recipeStepImages == 0 { settings.run.recipeStepImages = settings.method.views.imagesPerStep }
    settings.run.precision = try settings.run.precision.resolved(on: device)
    return (settings, device)
  }

  /// Checks settings against the data, and prepares the engine.
  init<Settings: RunSettings>(_ settings: Settings, data: some TaskData, device: Device) throws {
    if let setting = settings.method.settingThatNeedsJudging, !data.hasValidation || settings.trainer.evaluateEvery == 0
    {
      throw RunError.data("\(setting) wants --validation SRC and trainer.evaluate_every above 0, to be ended by")
    }
    self.device = device
    length = settings.length
    notes =
      data.notes
      + [
        settings.stepImagesNote, settings.microBatchNote, settings.mixNote, settings.run.precision.warning(on: device),
      ].compactMap { $0 }
    Engine.configure(threadCount: settings.run.threads)
    MemoryAdvice(settings, on: device, folder: nil).install()
  }

  /// The device that a run asks for.
  ///
  /// - Throws: For one that is not there.
  static func device(of run: RunInputs) throws -> Device {
    guard let device = Device(run.device) else {
      throw RunError.data("device '\(run.device)': cpu, cuda or cuda:N is wanted")
    }
    try device.requireAvailable()
    return device
  }
}
