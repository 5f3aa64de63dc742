/// Colours for classes.
public enum Palette {
  /// Twenty colours that stay apart from each other and from photographs; neighbours differ most.
  private static let first: [RGB] = [
    0xFF3B30, 0x007AFF, 0x34C759, 0xFF9500, 0xAF52DE, 0x00C7BE, 0xFFD60A, 0xFF2D92, 0x5856D6, 0xA2845E,
    0x9BE32A, 0x0B8A8A, 0xFF7F6E, 0x1F4FB5, 0xD0A6FF, 0x6B8E23, 0xB0133A, 0x7FDBFF, 0x8A5A00, 0xF2A7C3,
  ].map { RGB(hex: $0) }

  /// The colour of the class with an index, counted from 0; any index has one, and the first twenty are chosen by hand.
  public static func color(_ index: Int) -> RGB {
    precondition(index >= 0, "Palette.color: expected an index of at least 0, got \(index)")
    if index < first.count { return first[index] }
    // The golden ratio of a turn keeps hues apart however many there are.
    let hue = Double(index) * 0.618_033_988_749_895
    return RGB(hue: hue, saturation: [0.85, 0.55, 0.95][index % 3], value: [0.95, 0.75, 0.55][index / 3 % 3])
  }

  /// Pascal VOC's colour of a label, which its label maps are stored with: 0 is black, 255 the light grey of "void".
  ///
  /// The bits of the label are dealt out to red, green and blue in turn, from the highest bit of each downwards. Source:
  /// `VOClabelcolormap.m` of the VOC development kit, whose result this is.
  public static func voc(_ label: Int) -> RGB {
    precondition((0...255).contains(label), "Palette.voc: expected a label in 0...255, got \(label)")
    var channels: [UInt8] = [0, 0, 0]
    for bit in 0..<8 where label >> bit & 1 == 1 {
      channels[bit % 3] |= 0x80 >> UInt8(bit / 3)
    }
    return RGB(channels[0], channels[1], channels[2])
  }

  /// VOC's 256 colours, for ``ImageFile/writeLabelMap(_:palette:to:)``.
  public static let voc: [RGB] = (0...255).map { voc($0) }
}
