import Documents
import Reporting
import Training

/// What the pre-training of an encoder came to, read from its folder: by the validation images where there are some, else the means of the last
/// steps in the log.
struct EncoderStageFigures: Equatable {
  /// InfoNCE.
  let loss: Double
  /// The lower bound of the mutual information, nats.
  let bound: Double
  /// The share of patches that were told from all others.
  let accuracy: Double

  /// nil where nothing has been recorded yet.
  init?(folder: String, summary: RunSummary?) throws(DocumentError) {
    if let judged = summary?.validation.first?.metrics, let loss = judged["loss"]?.double,
      let bound = judged["bound"]?.double, let accuracy = judged["accuracy"]?.double
    {
      (self.loss, self.bound, self.accuracy) = (loss, bound, accuracy)
      return
    }
    guard Folder.hasFile(RunFolder(path: folder).metricsLines) else { return nil }
    let history = try MetricHistory(folder: folder)
    guard let loss = history.points(CPC.lossName).last?.y, let bound = history.points(CPC.boundName).last?.y,
      let accuracy = history.points(CPC.accuracyName).last?.y
    else { return nil }
    (self.loss, self.bound, self.accuracy) = (loss, bound, accuracy)
  }

  /// The names of the columns that ``cells`` fill.
  static let columns: [MetricTable.Column] = [.init("InfoNCE"), .init("bound, nats"), .init("told apart")]

  /// As a table shows them.
  var cells: [String] { [NumberText.fixed(loss, 3), NumberText.fixed(bound, 3), NumberText.figure(accuracy)] }
}
