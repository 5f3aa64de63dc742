import Annotations
import Documents
import Imaging
import Reporting

/// The page of `annotation-tool stats --html`: all figures of a set, plots of them, and samples.
struct StatsPage {
  private(set) var report: HTMLReport
  private static let mostClasses = 40
  private static let mostTogether = 12
  private static let samples = 12

  /// The page of boxes and outlines.
  init(_ reading: AnnotationReading, _ statistics: AnnotationStatistics) {
    report = HTMLReport(
      title: "Labels of \(Path.name(of: reading.source))", subtitle: "annotation-tool stats \(reading.source)")
    addFigures(reading, statistics)
    addClasses(statistics)
    addBoxes(statistics.boxes)
    addSamples(reading)
  }

  private mutating func addFigures(_ reading: AnnotationReading, _ statistics: AnnotationStatistics) {
    let boxes = statistics.boxes
    func count(_ value: Int, of whole: Int) -> String {
      whole > 0 ? "\(value) (\(NumberText.fixed(100 * Double(value) / Double(whole), 1)) %)" : "\(value)"
    }
    let mean = statistics.images > 0 ? Double(statistics.objects) / Double(statistics.images) : 0
    report.addSettings([
      ("form", "\(reading.form.rawValue): \(reading.form.summary)"), ("images", "\(statistics.images)"),
      ("images without objects", count(statistics.imagesWithoutObjects, of: statistics.images)),
      ("objects", "\(statistics.objects), \(NumberText.short(mean, 3)) an image, at most \(statistics.mostObjects)"),
      ("classes", "\(statistics.classes.count)"),
      ("with outline or mask", count(statistics.segmented, of: statistics.objects)),
      ("small, medium, large", "\(statistics.small), \(statistics.medium), \(statistics.large) (area below 32², 96²)"),
      ("crowd, difficult, truncated", "\(statistics.crowds), \(statistics.difficult), \(statistics.truncated)"),
      (
        "boxes without area, outside their image, partly outside",
        "\(boxes.withoutArea), \(boxes.outside), \(boxes.partlyOutside)"
      ),
    ])
    addImageSizes(statistics.imageSizes, of: statistics.images)
    addProblems(reading.problems)
  }

  private mutating func addProblems(_ problems: AnnotationProblems) {
    let found = AnnotationProblems.Code.allCases.filter { problems.counts[$0] != nil }
    guard !found.isEmpty else { return }
    var table = MetricTable([.init("noticed", .left), .init("times"), .init("the first", .left)])
    for code in found {
      let first = problems.examples.first { $0.code == code }?.message ?? ""
      table.append([code.rawValue, "\(problems.counts[code] ?? 0)", first])
    }
    report.addTable(table)
  }

  private mutating func addImageSizes(_ sizes: [(size: String, count: Int)], of images: Int) {
    report.addHeading("Image sizes")
    var table = MetricTable([.init("width × height", .left), .init("images"), .init("of images")])
    for (size, count) in sizes.prefix(10) {
      table.append([size, "\(count)", NumberText.fixed(100 * Double(count) / Double(max(1, images)), 1) + " %"])
    }
    report.addTable(table)
    if sizes.count > 10 { report.addParagraph("And \(sizes.count - 10) more sizes.") }
  }

  private mutating func addClasses(_ statistics: AnnotationStatistics) {
    report.addHeading("Classes")
    let order = statistics.classes.indices.sorted {
      (statistics.classes[$1].objects, $0) < (statistics.classes[$0].objects, $1)
    }
    let shown = order.prefix(Self.mostClasses)
    report.addPlots([
      BarPlot(
        title: "Objects of each class",
        bars: shown.map { (statistics.classes[$0].name, Double(statistics.classes[$0].objects)) }, isLying: true)
    ])
    if order.count > shown.count {
      report.addParagraph("The \(shown.count) most frequent of \(order.count) classes; --json has all of them.")
    }
    let absent = order.filter { statistics.classes[$0].objects == 0 }.map { statistics.classes[$0].name }
    if !absent.isEmpty { report.addParagraph("Without an object: \(absent.joined(separator: ", ")).") }
    addTogether(statistics, Array(order.filter { statistics.classes[$0].images > 0 }.prefix(Self.mostTogether)))
  }

  /// A table of the images that show two classes; in its diagonal are those of one.
  private mutating func addTogether(_ statistics: AnnotationStatistics, _ places: [Int]) {
    guard places.count > 1 else { return }
    func short(_ name: String, _ most: Int) -> String { name.count > most ? name.prefix(most - 1) + "…" : name }
    let names = places.map { statistics.classes[$0].name }
    var table = MetricTable([.init("", .left)] + names.map { .init(short($0, 9)) })
    let highest = Double(max(1, places.map { statistics.classes[$0].images }.max() ?? 1))
    var shades: [[Double]] = []
    for row in places {
      let counts = places.map { $0 == row ? statistics.classes[row].images : statistics.together.count(row, $0) }
      table.append([short(statistics.classes[row].name, 24)] + counts.map(String.init))
      shades.append([0] + counts.map { Double($0) / highest })
    }
    report.addTable(table, caption: "Images that show both classes", shades: shades)
  }

  private mutating func addBoxes(_ boxes: BoxDistributions) {
    report.addHeading("Boxes")
    func bars(_ histogram: Histogram, areWhole: Bool = false) -> [BarPlot.Bar] {
      zip(histogram.labels(areWhole: areWhole), histogram.counts).map { ($0, Double($1)) }
    }
    report.addPlots([
      BarPlot(title: "Box sizes", label: "square root of the area, pixels", bars: bars(boxes.sizes)),
      BarPlot(
        title: "Box sizes in their images", label: "square root of the share of the image",
        bars: bars(boxes.relativeSizes)),
      BarPlot(title: "Aspect ratios", label: "width / height", bars: bars(boxes.aspectRatios)),
      BarPlot(
        title: "Objects in an image", label: "objects (bars: images)", bars: bars(boxes.objectsPerImage, areWhole: true)
      ),
    ])
    guard let highest = boxes.map.max(), highest > 0 else { return }
    let side = BoxDistributions.mapSide
    let map = Image(
      height: side, width: side, channels: 1, pixels: boxes.map.map { UInt8(255 * $0 / highest) })
    let colors = map.resizedNearest(height: side * 10, width: side * 10).pixels.map { HeatMap.color($0) }
    let picture = Image(
      height: side * 10, width: side * 10, channels: 3, pixels: colors.flatMap { [$0.r, $0.g, $0.b] })
    if let bytes = try? ImageFile.encodePNG(picture) {
      report.addPictures([
        .init(
          bytes: bytes,
          caption: "Where boxes lie, all images drawn to one shape: from none (dark) to \(highest) boxes (pale)")
      ])
    }
  }

  private mutating func addSamples(_ reading: AnnotationReading) {
    let images = reading.set.images
    guard !images.isEmpty else { return }
    report.addHeading("Samples")
    guard let drawing = try? AnnotationDrawing(reading), reading.findsImages else {
      report.addParagraph("The images were not found in \(reading.imageFolder); --images names their folder.")
      return
    }
    var (pictures, missing): ([(title: String, picture: Image)], [String]) = ([], [])
    let wanted = min(Self.samples, images.count)
    for place in 0..<wanted {
      let image = images[place * images.count / wanted]
      do throws(AnnotationError) {
        pictures.append(
          (Path.name(of: image.fileName), try drawing.picture(of: image, leastLongSide: 240, longSide: 316)))
      } catch { missing.append(error.description) }
    }
    add(pictures, missing, of: images.count)
  }

  private mutating func add(
    _ pictures: [(title: String, picture: Image)], _ missing: [String], of count: Int
  ) {
    if !pictures.isEmpty {
      let sheet = Image.contactSheet(pictures, columns: min(4, pictures.count), cell: 320)
      if let bytes = try? ImageFile.encodeJPEG(sheet, quality: 85) {
        report.addPictures([.init(bytes: bytes, caption: "\(pictures.count) of \(count) images, evenly chosen")])
      }
    }
    for line in missing { report.addParagraph("Left out: \(line)") }
  }
}

extension StatsPage {
  /// The page of label maps.
  init(_ reading: SegmentationReading, _ statistics: LabelMapStatistics) {
    report = HTMLReport(
      title: "Label maps of \(Path.name(of: reading.source))", subtitle: "annotation-tool stats \(reading.source)")
    let ignored = statistics.pixels > 0 ? 100 * Double(statistics.ignoredPixels) / Double(statistics.pixels) : 0
    report.addSettings([
      ("form", reading.form.rawValue), ("images", "\(statistics.images)"),
      ("left out", "\(statistics.problems.count(.error))"), ("pixels", "\(statistics.pixels)"),
      ("ignored", "\(NumberText.fixed(ignored, 2)) %"), ("classes", "\(statistics.classes.count)"),
    ])
    addImageSizes(statistics.imageSizes, of: statistics.images)
    report.addHeading("Classes")
    let shown = statistics.classes.sorted { ($1.pixels, $0.id) < ($0.pixels, $1.id) }.prefix(Self.mostClasses)
    report.addPlots([
      BarPlot(
        title: "Pixels of each class, percent", bars: shown.map { ($0.name, 100 * statistics.share($0)) }, isLying: true
      ),
      BarPlot(
        title: "Images that show each class", bars: shown.map { ($0.name, Double($0.images)) }, isLying: true),
    ])
    report.addHeading("Samples")
    let drawing = MaskPictures(reading)
    let wanted = min(Self.samples, reading.images.count)
    var (pictures, missing): ([(title: String, picture: Image)], [String]) = ([], [])
    for place in 0..<wanted {
      let image = reading.images[place * reading.images.count / wanted]
      do throws(AnnotationError) {
        pictures.append((Path.name(of: image.name), try drawing.picture(of: image, longSide: 316)))
      } catch { missing.append(error.description) }
    }
    add(pictures, missing, of: reading.images.count)
  }
}
