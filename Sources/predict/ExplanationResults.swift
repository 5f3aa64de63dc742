import Annotations
import Documents
import Imaging
import Reporting
import Samples
import Segmentation

/// Writes the heat maps of images, a file for each class.
struct ExplanationResults {
  /// The folder below the output's.
  static let folder = "explanations"
  private let reader: ExplanationReader
  private let classes: ClassTable
  private let wanted: Set<Int>?
  private let usesIndices: Bool
  private let output: String
  /// Smaller pictures are enlarged to this, in pixels.
  private static let leastLongSide = 256

  /// - Parameters:
  ///   - wanted: The classes that are explained; nil for all.
  ///   - usesIndices: Whether files are numbered by the classes' places, as masks are then, too.
  init(_ reader: ExplanationReader, classes: ClassTable, wanted: Set<Int>?, usesIndices: Bool, output: String) {
    self.reader = reader
    self.classes = classes
    self.wanted = wanted
    self.usesIndices = usesIndices
    self.output = output
  }

  /// Explains an image; what is listed of it.
  func write(_ image: PooledImage, as name: String) throws -> JSON {
    let found = try reader.explain(image, classes: wanted)
    return .array(
      try found.explanations.map { explanation in
        let entry = classes.classes[explanation.classIndex]
        let number = usesIndices ? explanation.classIndex : entry.id
        let share = Double(explanation.pixels) / Double(found.labels.height * found.labels.width)
        let file = Path.join(Self.folder, Path.join(name, "\(number)-\(Self.fileName(of: entry.name)).jpg"))
        let path = Path.join(output, file)
        try Folder.create(Path.folder(of: path))
        let title = "\(entry.name) \(NumberText.fixed(100 * share, 1)) %"
        try ImageFile.write(
          found.drawing(of: explanation, name: title, leastLongSide: Self.leastLongSide), to: path)
        return [
          "class": JSON(entry.name), "file": JSON(file), "share": JSON(share), "score": JSON(explanation.score),
        ]
      })
  }

  /// A class's name with `_` for all but letters and digits.
  private static func fileName(of name: String) -> String {
    String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }
}
