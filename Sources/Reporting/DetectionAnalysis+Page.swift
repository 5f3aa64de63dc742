import Evaluation

extension DetectionAnalysis {
  /// The analysis as one page.
  ///
  /// - Parameters:
  ///   - subtitle: a line below the title, such as what was judged.
  ///   - notes: what a reader should know, a paragraph each.
  ///   - pictures: the worst images as ``ErrorDrawing`` draws them.
  public func page(subtitle: String, notes: [String] = [], pictures: [HTMLReport.Picture] = []) -> HTMLReport {
    var page = HTMLReport(title: "What the detector gets wrong", subtitle: subtitle)
    page.addParagraph(
      "\(boxes.images.count) images, \(boxes.truth.count) objects, \(boxes.detections.count) predictions.")
    for note in notes { page.addParagraph("Note: \(note).") }
    page.addHeading("Figures")
    page.addSettings(metrics.summary.map { ($0.name, NumberText.figure($0.value)) })
    page.addHeading("Errors")
    page.addParagraph(
      errorText
        + ". Detections and objects at an overlap of \(isOfMasks ? "masks" : "boxes") of 0.5 (TIDE, Bolya et al. 2020)."
    )
    let costs =
      ErrorAnalysis.Kind.allCases.map { errors.costs[$0] ?? 0 } + [errors.falsePositiveCost, errors.falseNegativeCost]
    let highest = max(costs.max() ?? 0, 1e-9)
    page.addTable(errors.table, shades: costs.map { [0, 0, $0 / highest, 0] })
    page.addHeading("Sizes")
    page.addTable(
      sizeTable, caption: "In square pixels of the objects; found, and errors, at an overlap of 0.5 whatever the score")
    page.addHeading("Classes")
    page.addTable(classTable, shades: metrics.classes.map { [0, 0, 0, max(0, $0.AP), max(0, $0.AP50)] })
    let most = Double(max(1, classErrors.flatMap(\.values).max() ?? 1))
    page.addTable(
      classErrorTable, caption: "Errors by the class of the detection; missed objects by their own",
      shades: classErrors.map { counts in [0] + ErrorAnalysis.Kind.allCases.map { Double(counts[$0] ?? 0) / most } })
    page.addHeading("Precision and recall")
    page.addPlots(curvePlots)
    page.addHeading("Scores")
    page.addParagraph("Best for all classes together: \(thresholdText).")
    if let calibrationText {
      page.addParagraph(calibrationText.prefix(1).uppercased() + calibrationText.dropFirst() + ".")
    } else if !boxes.detections.isEmpty {
      page.addParagraph("Scores do not lie in 0…1, so nothing can be said of them as probabilities.")
    }
    page.addPlots([thresholdPlot, reliabilityPlot].compactMap { $0 })
    addConfusion(to: &page)
    if !pictures.isEmpty {
      page.addHeading("The worst images")
      page.addParagraph("Those with the most errors, detections with a score over \(NumberText.fixed(threshold, 3)).")
      page.addLegend(ErrorDrawing.legend)
      page.addPictures(pictures)
    }
    return page
  }

  /// The whole matrix of a few classes, and the most frequent confusions of many.
  private func addConfusion(to page: inout HTMLReport) {
    page.addHeading("Classes taken for each other")
    let caption = "Detections with a \(thresholdText); overlap 0.5"
    guard boxes.categories.count <= 30 else {
      page.addTable(confusionTable(count: 40), caption: caption)
      return
    }
    let names = boxes.categories.map(\.name)
    var table = MetricTable([.init("object \\ detected as", .left)] + names.map { .init($0) } + [.init("missed")])
    var shades: [[Double]] = []
    for (row, (name, counts)) in zip(names + ["background"], confusion.matrix).enumerated() {
      let all = Double(max(1, counts.reduce(0, +)))
      let isBackground = row == names.count
      table.append([name] + counts.enumerated().map { isBackground && $0 == names.count ? "" : "\($1)" })
      shades.append([0] + counts.map { Double($0) / all })
    }
    page.addTable(table, caption: caption, shades: shades)
  }
}
