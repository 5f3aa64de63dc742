import Documents
import Imaging
import Reporting
import Training

/// Puts contact sheets of what is learnt of unlabelled images into the run's folder: `pictures/pseudo-boxes-000120.jpg`.
final class SheetObserver: TrainingObserver {
  private let folder: RunFolder
  private let every: Int
  private let kind: RunFolder.Sheet
  private let draw: () -> Image?

  /// A sheet every `every` steps (0: none).
  ///
  /// - Parameter draw: The sheet of the last step; nil where unlabelled images were not learnt from.
  init(_ kind: RunFolder.Sheet, folder: RunFolder, every: Int, draw: @escaping () -> Image?) {
    self.kind = kind
    self.folder = folder
    self.every = every
    self.draw = draw
  }

  func stepDidEnd(_ report: StepReport, of run: any TrainingRun) throws {
    guard every > 0, report.stepsDone % every == 0, let sheet = draw() else { return }
    try Folder.create(folder.pictures)
    try AtomicFile.write(
      ImageFile.encodeJPEG(sheet, quality: 88), to: folder.sheet(kind, ofStep: report.stepsDone))
  }
}
