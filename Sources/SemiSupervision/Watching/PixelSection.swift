import Documents
import Reporting
import Training

/// The report's part about what is learnt of unlabelled pixels beside labelled ones, from `pseudo-pixels.json`.
struct PixelSection: RunReportSection {
  func add(to report: inout HTMLReport, of run: RunFolder) throws(DocumentError) {
    guard Folder.hasFile(run.pseudoPixelFile) else { return }
    let file = try JSON(contentsOf: run.pseudoPixelFile)
    guard let labeled = file["labeled"]?.object, let looks = file["looks"]?.array, let last = looks.last,
      let classes = last["classes"]?.object
    else {
      throw .json(file: run.pseudoPixelFile, path: "looks", offset: nil, reason: "is damaged or of another version")
    }
    var table = MetricTable([
      .init("class", .left), .init("labelled %"), .init("said %"), .init("learnt %"), .init("sure of those said %"),
    ])
    for name in labeled.keys {
      let row = classes[name]
      func percent(_ value: JSON?) -> String {
        value?.double.map { NumberText.fixed(100 * $0, 1) } ?? NumberText.missing
      }
      table.append([
        name, percent(labeled[name]), percent(row?["said"]), percent(row?["learnt"]), percent(row?["kept"]),
      ])
    }
    let (before, step) = (looks.dropLast().last?["step"]?.int ?? 0, last["step"]?.int ?? 0)
    report.addHeading("Pseudo-labels beside labels")
    report.addTable(
      table,
      caption:
        "Shares of the classes in labelled pixels, and in those of \(last["images"]?.int ?? 0) unlabelled images "
        + "seen in steps \(before + 1) to \(step): as they were labelled, and where that was sure")
  }
}
