import Documents
import Reporting
import Training

/// The part of a report that shows the stages before a run's own steps: what each came to, and some of the label maps that it gave.
struct StageSection: RunReportSection {
  /// Adds a table and pictures; nothing for a run without stages.
  func add(to report: inout HTMLReport, of run: RunFolder) throws(DocumentError) {
    guard Folder.exists(run.path) else { return }
    let stages = try Folder.names(in: run.path).filter { $0.hasPrefix("stage-") }.sorted()
    guard !stages.isEmpty else { return }
    let isPretrained = stages.contains(EncoderStage.name)
    var table = MetricTable(
      [
        .init("stage", .left), .init("what", .left), .init("images"), .init("validation mIoU"), .init("confidence"),
        .init("mIoU with hidden maps"),
      ] + (isPretrained ? EncoderStageFigures.columns : []))
    var sheets: [HTMLReport.Picture] = []
    for stage in stages {
      let folder = Path.join(run.path, stage)
      let figures = isPretrained ? try encoderCells(stage, folder) : []
      table.append(try row(stage, folder) + figures)
      let sheet = PseudoMaskSheet.file(in: folder)
      guard Folder.hasFile(sheet) else { continue }
      sheets.append(
        try HTMLReport.Picture(
          path: sheet, caption: "\(stage): label maps that are learnt, from the least sure to the surest"))
    }
    report.addHeading("Stages")
    report.addTable(table)
    if !sheets.isEmpty { report.addPictures(sheets) }
  }

  /// What pre-training came to; missing in the rows of other stages.
  private func encoderCells(_ stage: String, _ folder: String) throws(DocumentError) -> [String] {
    let missing = EncoderStageFigures.columns.map { _ in NumberText.missing }
    guard stage == EncoderStage.name else { return missing }
    return try EncoderStageFigures(folder: folder, summary: try? RunSummary(folder: folder))?.cells ?? missing
  }

  private func row(_ stage: String, _ folder: String) throws(DocumentError) -> [String] {
    let missing = NumberText.missing
    if Folder.hasFile(Path.join(folder, "settings.yaml")) {
      let what = stage == EncoderStage.name ? "pre-training" : "training"
      guard let summary = try? RunSummary(folder: folder) else {
        return [stage, what, missing, missing, missing, missing]
      }
      let judged = summary.validation.first?.metrics["mIoU"]?.double
      return [
        stage, what, "\(summary.imagesSeen) seen", judged.map(NumberText.figure) ?? missing, missing, missing,
      ]
    }
    let reliability = Path.join(folder, "reliability.json")
    if Folder.hasFile(reliability) {
      let images = try JSON(contentsOf: reliability)["images"]?.array ?? []
      let chosen = images.count { $0["reliable"]?.bool == true }
      return [stage, "selection", "\(chosen) of \(images.count)", missing, missing, missing]
    }
    let masks = try PseudoMaskFolder(folder)
    let sure =
      masks.entries.isEmpty ? nil : masks.entries.reduce(0) { $0 + $1.confidence } / Double(masks.entries.count)
    let quality =
      Folder.hasFile(PseudoMaskFolder.table(in: folder))
      ? try JSON(contentsOf: PseudoMaskFolder.table(in: folder))["audit"]?["mIoU"]?.double : nil
    return [
      stage, "labelling", "\(masks.entries.count)", missing, sure.map(NumberText.figure) ?? missing,
      quality.map(NumberText.figure) ?? missing,
    ]
  }
}
