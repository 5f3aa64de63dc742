import Documents
import Imaging

/// The pictures of a source with their label maps drawn over them.
public struct MaskPictures: Sendable {
  private let reading: SegmentationReading
  private let reader: LabelMapReader
  private let drawing: MaskDrawing

  /// The pictures of a reading.
  public init(_ reading: SegmentationReading) {
    self.reading = reading
    reader = LabelMapReader(reading.classes)
    drawing = MaskDrawing(reading.classes)
  }

  /// A picture under its label map, with a legend below.
  ///
  /// - Parameters:
  ///   - isSideBySide: puts the bare picture before it.
  ///   - longSide: pictures that are larger are made smaller to this, in pixels.
  public func picture(
    of image: MaskedImage, isSideBySide: Bool = false, longSide: Int = 2048
  ) throws(AnnotationError) -> Image {
    let (picture, labels) = try files(of: image)
    // Small pictures get room for names.
    let shown = picture.fitted(leastLongSide: 256, longSide: longSide)
    if isSideBySide {
      let cell = max(shown.height, shown.width) + 4
      return drawing.sideBySide(picture: shown, [("labels", labels)], cell: cell)
    }
    return drawing.withLegend(drawing.overlay(labels, on: shown), of: [labels])
  }

  /// Several pictures in one, row by row, with their names, and one legend below.
  ///
  /// - Parameter leaveOut: gets each picture that cannot be drawn, which has no cell, and the reason.
  public func contactSheet(
    of images: [MaskedImage], columns: Int, cell: Int = 320, leavingOut leaveOut: (MaskedImage, AnnotationError) -> Void
  ) -> Image {
    var pictures: [(title: String, picture: Image)] = []
    var maps: [Image] = []
    for image in images {
      do throws(AnnotationError) {
        let (picture, labels) = try files(of: image)
        let shown = picture.fitted(longSide: cell - 4)
        pictures.append((Path.name(of: image.name), drawing.overlay(labels, on: shown)))
        maps.append(labels)
      } catch { leaveOut(image, error) }
    }
    return drawing.withLegend(.contactSheet(pictures, columns: columns, cell: cell), of: maps)
  }

  /// The picture in the orientation in which the label map was made, and the label map.
  public func files(of image: MaskedImage) throws(AnnotationError) -> (picture: Image, labels: Image) {
    let labels = try reader.labels(of: image)
    let picture: Image
    do throws(ImagingError) {
      picture = try AnnotationDrawing.read(image.path, height: labels.height, width: labels.width)
    } catch { throw .unreadable(error, image.path) }
    return (picture, try reader.labels(of: image, height: picture.height, width: picture.width))
  }
}
