import ArgumentParser
import Imaging
import Views

/// Whose views are meant.
enum ViewKind: String, CaseIterable, ExpressibleByArgument {
  case detection, segmentation

  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// The parts of such views, with their default numbers.
  var parts: [NamedPart] {
    switch self {
    case .detection: ViewSettings().namedParts
    case .segmentation: SegmentationViewSettings().namedParts
    }
  }
}

/// Sheets of what each part of such views makes of an image.
struct ViewSheets {
  private let pictures: PartPictures
  private let columns: Int

  init(_ kind: ViewKind, seed: UInt64, columns: Int) {
    pictures = PartPictures(kind.parts, seed: seed)
    self.columns = columns
  }

  func sheet(of image: Image, _ labels: PartPictures.Labels, number: Int) -> Image {
    pictures.sheet(of: image, labels, number: number, columns: columns)
  }

  /// Sheets of several images, one below the other.
  static func stacked(_ sheets: [(title: String, sheet: Image)]) -> Image {
    .contactSheet(
      sheets.map { (title: $0.title, picture: $0.sheet) }, columns: 1, cell: (sheets.map(\.sheet.width).max() ?? 1) + 4)
  }
}
