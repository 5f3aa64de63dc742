import Documents
import Reporting
import Training

/// The report's part about CTAugment, from `view-policy.json`.
struct ViewPolicySection: RunReportSection {
  /// Adds a table; nothing for a run without the file.
  func add(to report: inout HTMLReport, of run: RunFolder) throws(DocumentError) {
    guard Folder.hasFile(run.viewPolicyFile) else { return }
    let file = try JSON(contentsOf: run.viewPolicyFile)
    guard let step = file["step"]?.int, let operations = file["operations"]?.object?.members else {
      throw .json(file: run.viewPolicyFile, path: "operations", offset: nil, reason: "is damaged or of another version")
    }
    var table = MetricTable([.init("operation", .left), .init("best rate"), .init("worst rate"), .init("levels drawn")])
    for entry in operations {
      let rates = entry.value["rates"]?.array?.compactMap(\.double) ?? []
      let weights = entry.value["weights"]?.array?.compactMap(\.double) ?? []
      table.append([
        entry.key, NumberText.figure(rates.max() ?? -1), NumberText.figure(rates.min() ?? -1), Self.levels(weights),
      ])
    }
    report.addHeading("What CTAugment has learnt")
    report.addTable(
      table,
      caption:
        "After step \(step): how well labels of probes are predicted, by operation, and the levels of 0 to 1 that strong views are drawn from"
    )
  }

  /// The levels of bins with a weight, in two decimals: `0–0.35, 0.53–1`.
  static func levels(_ weights: [Double]) -> String {
    var ranges: [Range<Int>] = []
    for (bin, weight) in weights.enumerated() where weight > 0 {
      if let last = ranges.last, last.upperBound == bin {
        ranges[ranges.count - 1] = last.lowerBound..<bin + 1
      } else {
        ranges.append(bin..<bin + 1)
      }
    }
    func text(_ bin: Int) -> String { NumberText.short((100 * Double(bin) / Double(weights.count)).rounded() / 100) }
    return ranges.map { "\(text($0.lowerBound))–\(text($0.upperBound))" }.joined(separator: ", ")
  }
}
