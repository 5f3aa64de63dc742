import Documents
import Reporting
import Training

/// The report's part about what is right of the pseudo-boxes, from `audit.json`.
struct AuditSection: RunReportSection {
  func add(to report: inout HTMLReport, of run: RunFolder) throws(DocumentError) {
    guard Folder.hasFile(run.auditFile) else { return }
    let file = try JSON(contentsOf: run.auditFile)
    let looks = file["looks"]?.array ?? []
    let classes = looks.last?["classes"]?["byClass"]?.object?.keys ?? []
    let audits = looks.compactMap { look in
      PseudoBoxAudit(look, classes: classes).map { (step: look["step"]?.int ?? 0, audit: $0) }
    }
    guard let last = audits.last, audits.count == looks.count else {
      throw .json(file: run.auditFile, path: "looks", offset: nil, reason: "is damaged or of another version")
    }
    report.addHeading("Audit: pseudo-boxes against hidden labels")
    report.addParagraph(
      "\(file["source"]?.string ?? ""): labels of \(file["covered"]?.int ?? 0) of \(file["unlabeled"]?.int ?? 0) unlabelled "
        + "images, which the training does not see. A box is right that overlaps an object by half or more, each object counted "
        + "once; of its class but for proposals.")
    report.addTable(
      Self.table(last.audit, classes),
      caption: "What passed each filter in the \(last.audit.images) audited images seen up to step \(last.step)")
    if let background = last.audit.background {
      report.addParagraph(
        "Of \(background.regions) regions learnt as background \(Self.percent(background.wrongShare)) are objects; weighed "
          + "as the class loss weighs them, \(Self.percent(background.wrongWeightShare)).")
    }
    report.addPlots(Self.plots(audits))
  }

  private static func table(_ audit: PseudoBoxAudit, _ classes: [String]) -> MetricTable {
    var table = MetricTable([
      .init("filter", .left), .init("class", .left), .init("boxes an image"), .init("precision"), .init("recall"),
    ])
    func append(_ filter: PseudoBoxes.Purpose, _ name: String, _ count: PseudoBoxAudit.Count) {
      table.append([
        "\(filter)", name, NumberText.fixed(Double(count.kept) / Double(max(1, audit.images)), 2),
        figure(count.precision), figure(count.recall),
      ])
    }
    for purpose in PseudoBoxes.Purpose.allCases {
      append(purpose, "all", audit.total(purpose))
      guard purpose != .proposals, classes.count > 1 else { continue }
      for (name, count) in zip(classes, audit.counts[purpose] ?? []) { append(purpose, name, count) }
    }
    return table
  }

  private static func plots(_ audits: [(step: Int, audit: PseudoBoxAudit)]) -> [Plot] {
    func plot(_ title: String, _ value: (PseudoBoxAudit.Count) -> Double) -> Plot {
      let series = PseudoBoxes.Purpose.allCases.map { purpose in
        Plot.Series(
          "\(purpose)", audits.map { (x: Double($0.step), y: value($0.audit.total(purpose))) }, hasDots: true)
      }
      return Plot(title: title, series: series, yRange: 0...1)
    }
    let background = audits.compactMap { look in look.audit.background.map { (x: Double(look.step), $0) } }
    var plots = [
      plot("Precision: pseudo-boxes that are right", { $0.precision }),
      plot("Recall: hidden objects that are found", { $0.recall }),
    ]
    if !background.isEmpty {
      let most = background.map { max($0.1.wrongShare, $0.1.wrongWeightShare) }.filter(\.isFinite).max() ?? 0
      plots.append(
        Plot(
          title: "Wrong background: what of it is objects",
          series: [
            Plot.Series("of regions", background.map { (x: $0.x, y: $0.1.wrongShare) }, hasDots: true),
            Plot.Series("of their weight", background.map { (x: $0.x, y: $0.1.wrongWeightShare) }, hasDots: true),
          ], yRange: 0...max(0.05, (20 * most).rounded(.up) / 20)))
    }
    return plots
  }

  private static func figure(_ value: Double) -> String {
    value.isFinite ? NumberText.fixed(value, 3) : NumberText.missing
  }

  private static func percent(_ share: Double) -> String {
    share.isFinite ? NumberText.fixed(100 * share, 2) + " %" : NumberText.missing
  }
}
