import Documents
import Imaging

/// Draws labels on their pictures.
public struct AnnotationDrawing: Sendable {
  private let set: AnnotationSet
  private let locator: ImageLocator
  private let names: [Int: String]
  private let colors: [Int: RGB]
  private let objects: [Int: [Int]]
  private let coloring: Coloring

  /// What a colour stands for.
  public enum Coloring: String, Sendable, CaseIterable {
    /// Each class has one.
    case classes
    /// The objects of an image have different ones, so that neighbours of one class are told apart.
    case objects
  }

  /// A drawing of the labels of a reading.
  ///
  /// - Parameter coloring: what colours stand for; nil for objects where most have outlines or masks, else classes.
  public init(_ reading: AnnotationReading, coloring: Coloring? = nil) throws(AnnotationError) {
    let masked = reading.set.objects.count { $0.outline != nil }
    self.coloring = coloring ?? (2 * masked > reading.set.objects.count ? .objects : .classes)
    set = reading.set
    locator = try ImageLocator(folder: reading.imageFolder)
    names = Dictionary(set.categories.map { ($0.id, $0.name) }) { first, _ in first }
    colors = set.classIndices.mapValues { Palette.color($0) }
    objects = set.objectsByImage
  }

  /// The picture with boxes, class names, and what outlines and masks cover; what is ignored is hatched.
  ///
  /// - Parameters:
  ///   - leastLongSide: pictures that are smaller are made larger to about this, so that there is room for names.
  ///   - longSide: pictures that are larger are made smaller to this, in pixels.
  public func picture(
    of image: ImageRecord, leastLongSide: Int = 1, longSide: Int = 4096
  ) throws(AnnotationError) -> Image {
    let picture = try photograph(of: image)
    let shown = picture.fitted(leastLongSide: leastLongSide, longSide: longSide)
    var canvas = Canvas(shown)
    // Labels of another size than the file are drawn where they would lie in it.
    let map = AffineMap.scale(
      x: Double(shown.width) / Double(image.width > 0 ? image.width : picture.width),
      y: Double(shown.height) / Double(image.height > 0 ? image.height : picture.height))
    let size = image.height > 0 && image.width > 0 ? (image.height, image.width) : (picture.height, picture.width)
    if let masks = try? image.ignored?.masks(height: size.0, width: size.1, place: "") {
      if let mask = ShownMask(masks, height: shown.height, width: shown.width) {
        canvas.overlay(mask.striped, colors: [1: .white, 2: .white], opacity: 0.6, x: mask.x, y: mask.y)
      }
    }
    // All areas before all names, which none may cover.
    let places = objects[image.id] ?? []
    let marks = places.enumerated().map { index, place in
      drawArea(set.objects[place], color(set.objects[place], index), size, map, on: &canvas)
    }
    for (index, (place, mark)) in zip(places, marks).enumerated() {
      drawName(set.objects[place], color(set.objects[place], index), mark, map, on: &canvas)
    }
    return canvas.image
  }

  private func color(_ object: ObjectAnnotation, _ index: Int) -> RGB {
    coloring == .objects ? Palette.color(index) : colors[object.categoryID] ?? .white
  }

  /// The bare picture, in the orientation in which its labels were made.
  public func photograph(of image: ImageRecord) throws(AnnotationError) -> Image {
    let path = try locator.path(of: image.fileName)
    do throws(ImagingError) { return try Self.read(path, height: image.height, width: image.width) } catch {
      throw .content(place: image.fileName, reason: error.description)
    }
  }

  /// What an object has beside its box.
  private enum Area { case none, shown, unusable }

  /// Fills the pixels of an object, those of a group in stripes, and draws the border.
  private func drawArea(
    _ object: ObjectAnnotation, _ color: RGB, _ size: (height: Int, width: Int), _ map: AffineMap,
    on canvas: inout Canvas
  ) -> Area {
    guard let segmentation = object.outline else { return .none }
    guard let content = try? segmentation.content(place: ""),
      let masks = try? segmentation.masks(height: size.height, width: size.width, place: "")
    else { return .unusable }
    var isPolygon = false
    if case .polygons = content { isPolygon = true }
    if let mask = ShownMask(masks, height: canvas.image.height, width: canvas.image.width) {
      let labels = object.isCrowd ? mask.striped : mask.labels
      canvas.overlay(labels, colors: isPolygon ? [1: color, 2: color] : [1: color], opacity: 0.4, x: mask.x, y: mask.y)
      if !isPolygon { canvas.overlay(labels, colors: [2: color], opacity: 1, x: mask.x, y: mask.y) }
    }
    if case .polygons(let rings) = content {
      for ring in rings {
        let points = stride(from: 0, to: ring.count, by: 2).map { map.map(x: ring[$0], y: ring[$0 + 1]) }
        canvas.strokePolygon(points, color: color, lineWidth: 1.5)
      }
    }
    return .shown
  }

  /// Writes an object's class; around it goes its box, where nothing else shows where it is.
  private func drawName(
    _ object: ObjectAnnotation, _ color: RGB, _ area: Area, _ map: AffineMap, on canvas: inout Canvas
  ) {
    let box = map.map(object.box)
    let label =
      (names[object.categoryID] ?? "?") + (object.isCrowd ? " crowd" : "") + (object.isDifficult ? " difficult" : "")
      + (area == .unusable ? " (bad mask)" : "")
    if area == .shown {
      canvas.label(label, x: box.x0, y: box.y0, color: color)
    } else {
      canvas.labeledBox(x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1, label: label, color: color, lineWidth: 2)
    }
  }

  /// The pixels in the orientation in which labels of this size were made.
  static func read(_ path: String, height: Int, width: Int) throws(ImagingError) -> Image {
    let size = try ImageFile.size(path)
    let turned = size.height != size.width && (size.height, size.width) == (width, height)
    return try ImageFile.read(path, orientation: turned ? .asStored : .applied)
  }

  /// Several pictures in one, row by row, each in a cell of the same size with its file name above it.
  ///
  /// - Parameter leaveOut: gets each picture that cannot be drawn, which has no cell, and the reason.
  public func contactSheet(
    of images: [ImageRecord], columns: Int, cell: Int = 320, leavingOut leaveOut: (ImageRecord, AnnotationError) -> Void
  ) -> Image {
    var pictures: [(title: String, picture: Image)] = []
    for image in images {
      do throws(AnnotationError) {
        let shown = try picture(of: image, leastLongSide: cell * 3 / 4, longSide: cell - 4)
        pictures.append((Path.name(of: image.fileName), shown))
      } catch { leaveOut(image, error) }
    }
    return .contactSheet(pictures, columns: columns, cell: cell)
  }
}
