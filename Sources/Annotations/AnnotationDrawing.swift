import Documents
import Imaging

/// Draws labels on their pictures.
public struct AnnotationDrawing: Sendable {
  private let set: AnnotationSet
  private let locator: ImageLocator
  private let names: [Int: String]
  private let colors: [Int: RGB]
  private let objects: [Int: [Int]]

  /// A drawing of the labels of a reading.
  public init(_ reading: AnnotationReading) throws(AnnotationError) {
    set = reading.set
    locator = try ImageLocator(folder: reading.imageFolder)
    names = Dictionary(set.categories.map { ($0.id, $0.name) }) { first, _ in first }
    colors = set.classIndices.mapValues { Palette.color($0) }
    objects = set.objectsByImage
  }

  /// The picture with boxes, class names and polygons.
  ///
  /// - Parameter longSide: pictures that are larger are made smaller to this, in pixels; small ones stay as they are.
  public func picture(of image: ImageRecord, longSide: Int = 4096) throws(AnnotationError) -> Image {
    let picture = try photograph(of: image)
    let shown = picture.fitted(longSide: longSide)
    var canvas = Canvas(shown)
    // Labels of another size than the file are drawn where they would lie in it.
    let map = AffineMap.scale(
      x: Double(shown.width) / Double(image.width > 0 ? image.width : picture.width),
      y: Double(shown.height) / Double(image.height > 0 ? image.height : picture.height))
    for place in objects[image.id] ?? [] { draw(set.objects[place], map, on: &canvas) }
    return canvas.image
  }

  /// The bare picture, in the orientation in which its labels were made.
  public func photograph(of image: ImageRecord) throws(AnnotationError) -> Image {
    let path = try locator.path(of: image.fileName)
    do throws(ImagingError) { return try Self.read(path, height: image.height, width: image.width) } catch {
      throw .content(place: image.fileName, reason: error.description)
    }
  }

  private func draw(_ object: ObjectAnnotation, _ map: AffineMap, on canvas: inout Canvas) {
    let color = colors[object.categoryID] ?? .white
    if case .polygons(let rings)? = try? object.segmentation?.content(place: "") {
      for ring in rings {
        let points = stride(from: 0, to: ring.count, by: 2).map { map.map(x: ring[$0], y: ring[$0 + 1]) }
        canvas.strokePolygon(points, color: color)
      }
    }
    let box = map.map(object.box)
    let marks = (object.isCrowd ? " crowd" : "") + (object.isDifficult ? " difficult" : "")
    canvas.labeledBox(
      x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1, label: (names[object.categoryID] ?? "?") + marks, color: color,
      lineWidth: 2)
  }

  /// The pixels in the orientation in which labels of this size were made.
  static func read(_ path: String, height: Int, width: Int) throws(ImagingError) -> Image {
    let size = try ImageFile.size(path)
    let turned = size.height != size.width && (size.height, size.width) == (width, height)
    return try ImageFile.read(path, orientation: turned ? .asStored : .applied)
  }

  /// Several pictures in one, row by row, each in a cell of the same size with its file name above it.
  public func contactSheet(of images: [ImageRecord], columns: Int, cell: Int = 320) throws(AnnotationError) -> Image {
    try .contactSheet(
      images.map { image throws(AnnotationError) in
        (Path.name(of: image.fileName), try picture(of: image, longSide: cell - 4))
      }, columns: columns, cell: cell)
  }
}
