import Documents
import Reporting
import Training

/// The report's part about thresholds, from `thresholds.json`.
struct ThresholdSection: RunReportSection {
  func add(to report: inout HTMLReport, of run: RunFolder) throws(DocumentError) {
    guard Folder.hasFile(run.thresholdFile) else { return }
    let file = try JSON(contentsOf: run.thresholdFile)
    guard let origin = file["from"]?.string.flatMap(ThresholdAdvice.Origin.init(rawValue:)),
      let images = file["images"]?.int, let classes = file["classes"]?.object?.members, let all = file["all"]?.array
    else {
      throw .json(file: run.thresholdFile, path: "from", offset: nil, reason: "is damaged or of another version")
    }
    let of = file["ofImages"]?.int.map { $0 > images ? " of \($0)" : "" } ?? ""
    let place =
      switch origin {
      case .audit: "in \(images)\(of) audited unlabelled images, by their hidden labels"
      case .validation: "in \(images)\(of) validation images, as there is no audit of the unlabelled ones"
      }
    report.addHeading("What thresholds would let through")
    report.addParagraph(
      "For method.thresholds of a next run: what the \(file["model"]?.string ?? "model") (\(file["weights"]?.string ?? "last") "
        + "weights) finds \(place). Precision is the share of boxes that are right, recall that of objects found.")
    let scores = all.map { NumberText.short($0["score"]?.double ?? .nan) }
    let wanted = NumberText.short(file["wantedPrecision"]?.double ?? .nan)
    var table = MetricTable(
      [.init("class", .left), .init("objects")]
        + scores.flatMap { [.init("over \($0): an image"), .init("precision"), .init("recall")] }
        + [.init("\(wanted) right over"), .init("recall there")])
    func append(_ name: String, _ kept: [JSON], _ advised: JSON?) {
      table.append(
        [name, kept.first?["objects"]?.int.map { "\($0)" } ?? NumberText.missing]
          + kept.flatMap { entry in
            [
              NumberText.fixed(Double(entry["kept"]?.int ?? 0) / Double(max(1, images)), 2),
              NumberText.figure(entry["precision"]?.double ?? -1), NumberText.figure(entry["recall"]?.double ?? -1),
            ]
          }
          + [
            advised?["score"]?.double.map { NumberText.fixed($0, 3) } ?? NumberText.missing,
            NumberText.figure(advised?["recall"]?.double ?? -1),
          ])
    }
    for entry in classes { append(entry.key, entry.value.array ?? [], file["advised"]?[entry.key]) }
    if classes.count > 1 { append("all", all, nil) }
    report.addTable(table, caption: "What a score would keep, and what it would cost")
  }
}
