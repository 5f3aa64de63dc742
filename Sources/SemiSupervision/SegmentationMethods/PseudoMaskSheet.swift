import Annotations
import Documents
import Imaging
import Reporting
import Samples

/// One picture of some of a stage's label maps over their images, from the least sure to the surest: `sheet.jpg` of its folder.
struct PseudoMaskSheet {
  /// The classes.
  let classes: ClassTable
  /// Images at most.
  var count = 12
  /// Columns of this width, in pixels.
  var cell = 240

  /// The file in a stage's folder.
  static func file(in folder: String) -> String { Path.join(folder, "sheet.jpg") }

  /// Draws images that have a map in the folder; those that cannot be read are left out.
  func write(_ folder: PseudoMaskFolder, of pool: ImagePool) throws {
    let images = Dictionary(folder.labeled(pool).images.map { ($0.name, $0) }) { first, _ in first }
    let order = folder.entries.sorted { ($0.confidence, $0.image) < ($1.confidence, $1.image) }
    let wanted = min(count, order.count)
    guard wanted > 0 else { return }
    let drawing = MaskDrawing(classes)
    let reader = LabelMapReader(classes.renumbered)
    let files = ImageReader(usesScaledDecoding: false)
    var pictures: [(title: String, picture: Image)] = []
    var maps: [Image] = []
    for place in 0..<wanted {
      let entry = order[wanted == 1 ? 0 : place * (order.count - 1) / (wanted - 1)]
      guard let image = images[entry.image], let opened = try? files.open(image),
        let masked = image.masked(height: opened.height, width: opened.width),
        let pixels = try? files.decode(opened, shortSide: min(opened.height, opened.width)),
        let labels = try? reader.labels(of: masked, height: opened.height, width: opened.width)
      else { continue }
      let title = "\(NumberText.fixed(entry.confidence, 2)) \(Path.name(of: entry.image))"
      pictures.append((title, drawing.overlay(labels, on: pixels.fitted(longSide: cell - 4))))
      maps.append(labels)
    }
    guard !pictures.isEmpty else { return }
    let sheet = drawing.withLegend(
      .contactSheet(pictures, columns: min(4, pictures.count), cell: cell), of: maps)
    try ImageFile.write(sheet, to: Self.file(in: folder.path), quality: 85)
  }
}
