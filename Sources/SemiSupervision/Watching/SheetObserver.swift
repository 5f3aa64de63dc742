import Documents
import Imaging
import Reporting
import Training

/// Puts contact sheets of what a teacher passes on into the run's folder: `pictures/pseudo-boxes-000120.jpg`.
final class PseudoBoxSheetObserver: TrainingObserver {
  private let method: any PseudoBoxShowing
  private let folder: RunFolder
  private let every: Int
  private let classes: [String]
  private let normalization: ResizeNormalize

  /// A sheet every `every` steps (0: none), while unlabelled images are learnt from.
  init(
    _ method: any PseudoBoxShowing, folder: RunFolder, every: Int, classes: [String], normalization: ResizeNormalize
  ) {
    self.method = method
    self.folder = folder
    self.every = every
    self.classes = classes
    self.normalization = normalization
  }

  func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    guard every > 0, report.stepsDone % every == 0, let sheet = method.sheet else { return }
    try Folder.create(folder.pictures)
    let image = sheet.image(classes: classes, normalization: normalization)
    try AtomicFile.write(ImageFile.encodeJPEG(image, quality: 88), to: folder.sheet(ofStep: report.stepsDone))
  }
}
