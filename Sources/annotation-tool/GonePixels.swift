import Annotations
import ArgumentParser
import Documents

/// What the pixels of objects become that a verb drops from label maps.
struct GonePixels: ParsableArguments {
  /// What they may become.
  enum Fate: String, CaseIterable, ExpressibleByArgument {
    case background, ignored
  }

  @Option(
    help: ArgumentHelp(
      "What pixels of objects that go become in label maps: background, or ignored (255). Without it background where the source has such a class, else ignored.",
      valueName: "WHAT"))
  var gonePixels: Fate?

  /// Sees to the pixels of the objects of `before` that are gone, in images that stay.
  ///
  /// - Returns: a line for the report, and the same in JSON; nil where there are no pixels to speak of.
  func apply(
    to reading: inout AnnotationReading, before: AnnotationSet, isGone: (ObjectAnnotation) -> Bool
  ) -> (line: String, json: JSON)? {
    guard let fate = gonePixels ?? reading.hasBackground.map({ $0 ? Fate.background : .ignored }) else { return nil }
    let images = Set(reading.set.images.map(\.id))
    let gone = before.objects.filter { isGone($0) && images.contains($0.imageID) && $0.outline != nil }
    if gone.isEmpty { return nil }
    if fate == .ignored { reading.set.ignorePixels(of: gone) }
    // An area may be no number where an outline leads far out of its image.
    let pixels = gone.reduce(0) { $0 + ($1.area.isFinite ? Int(min(max($1.area, 0), 1e9)) : 0) }
    return (
      "their \(pixels) pixels are \(fate.rawValue) now", ["count": JSON(pixels), "become": JSON(fate.rawValue)]
    )
  }
}
