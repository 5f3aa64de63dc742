import Annotations
import Documents
import Imaging
import TestSupport

/// Images and label maps that a test writes.
struct MaskFixture {
  let folder = ScratchFolderBox()

  var root: String { folder.path }

  /// Writes a picture of one colour.
  @discardableResult func image(_ name: String, height: Int = 4, width: Int = 6) throws -> String {
    let path = try folder.scratch.file(name)
    try ImageFile.write(Image(height: height, width: width, color: RGB(40, 90, 160)), to: path)
    return path
  }

  /// Writes a label map, of rows of one digit a pixel, times a factor.
  @discardableResult func mask(_ name: String, _ rows: [String], factor: Int = 1) throws -> String {
    let path = try folder.scratch.file(name)
    let pixels = rows.joined().utf8.map { UInt8(Int($0 - UInt8(ascii: "0")) * factor) }
    try ImageFile.writeLabelMap(
      Image(height: rows.count, width: rows[0].utf8.count, channels: 1, pixels: pixels), palette: Palette.voc, to: path)
    return path
  }

  @discardableResult func text(_ text: String, _ name: String) throws -> String {
    try folder.scratch.write(text, to: name)
  }

  /// `images/` and `masks/` with images of these names.
  func pairs(_ names: [String], rows: [String] = ["001122", "001122", "000000", "000002"]) throws {
    for name in names {
      try image("images/\(name).png")
      try mask("masks/\(name).png", rows)
    }
  }
}

/// Keeps a scratch folder as long as a fixture lives.
final class ScratchFolderBox {
  let scratch: ScratchFolder
  var path: String { scratch.path }

  init() {
    do { scratch = try ScratchFolder() } catch { preconditionFailure("no scratch folder: \(error)") }
  }
}
