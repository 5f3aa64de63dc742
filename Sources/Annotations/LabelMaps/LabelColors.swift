import Imaging

/// Reads label maps whose pixels are colours, by the colours of a table of classes.
struct LabelColors {
  private let classes: ClassTable

  init(_ classes: ClassTable) { self.classes = classes }

  /// The label map in a PNG file of RGB as dense class indices. Numbers that are ignored have VOC's colours.
  ///
  /// - Throws: for two classes of one colour, and for a colour that is no class's.
  func labels(inFile path: String) throws(AnnotationError) -> Image {
    let indices = try indices(for: path)
    let picture: Image
    do throws(ImagingError) { picture = try ImageFile.read(path) } catch { throw .unreadable(error, path) }
    var unknown: [UInt32: (count: Int, first: Int)] = [:]
    var (last, lastIndex) = (UInt32.max, ClassTable.ignored)
    let labels = [UInt8](unsafeUninitializedCapacity: picture.height * picture.width) { target, count in
      picture.pixels.withUnsafeBufferPointer { pixels in
        for place in 0..<picture.height * picture.width {
          let color =
            UInt32(pixels[3 * place]) << 16 | UInt32(pixels[3 * place + 1]) << 8 | UInt32(pixels[3 * place + 2])
          if color != last {
            last = color
            lastIndex = indices[color] ?? ClassTable.ignored
          }
          // A photograph has more colours than anybody wants to read of.
          if lastIndex == ClassTable.ignored, indices[color] == nil, unknown[color] != nil || unknown.count < 1000 {
            unknown[color, default: (0, place)].count += 1
          }
          target[place] = lastIndex
        }
      }
      count = picture.height * picture.width
    }
    if let first = unknown.min(by: { $0.value.first < $1.value.first }) {
      let place = first.value.first
      let others = unknown.keys.filter { $0 != first.key }.sorted().map(Self.text)
      throw .content(
        place: path,
        reason: "its pixels are colours, and \(Self.text(first.key)) is no class's: \(first.value.count) pixels, the "
          + "first at row \(place / picture.width), column \(place % picture.width)"
          + (others.isEmpty ? "" : "; so are \(namesText(others, most: 10))"))
    }
    return Image(height: picture.height, width: picture.width, channels: 1, pixels: labels)
  }

  private func indices(for path: String) throws(AnnotationError) -> [UInt32: UInt8] {
    var indices: [UInt32: UInt8] = [:]
    for (index, entry) in classes.classes.enumerated() {
      if let other = indices.updateValue(UInt8(index), forKey: Self.number(entry.color)) {
        throw .content(
          place: path,
          reason: "its pixels are colours, and \(classes.names[Int(other)]) and \(entry.name) have the same, "
            + Self.text(Self.number(entry.color)))
      }
    }
    for id in classes.ignoredIDs {
      let color = Self.number(Palette.voc(id))
      if indices[color] == nil { indices[color] = ClassTable.ignored }
    }
    return indices
  }

  private static func number(_ color: RGB) -> UInt32 { UInt32(color.r) << 16 | UInt32(color.g) << 8 | UInt32(color.b) }

  private static func text(_ color: UInt32) -> String {
    let digits = String(color, radix: 16, uppercase: true)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
