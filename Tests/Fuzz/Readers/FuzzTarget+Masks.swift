@testable import Annotations

extension FuzzTarget {
  /// Run lengths and outlines.
  static let masks: [FuzzTarget] = [
    // The first two bytes are height and width.
    FuzzTarget(name: "run-lengths", seeds: []) { bytes in
      guard bytes.count >= 2 else { return }
      let (height, width) = (Int(bytes[0]), Int(bytes[1]))
      let text = String(decoding: bytes.dropFirst(2), as: UTF8.self)
      guard let mask = try? RunLengthMask(compressed: text, height: height, width: width) else { return }
      require(mask.area == mask.pixels.reduce(0) { $0 + Int($1) }, "the area is not the number of pixels")
      let again = RunLengthMask(pixels: mask.pixels, height: height, width: width)
      require(again.pixels == mask.pixels && again.box == mask.box, "its pixels give another mask")
      require(
        (try? RunLengthMask(compressed: mask.compressed, height: height, width: width)) == mask,
        "written and read again it is another mask")
    },
    FuzzTarget(name: "segmentation", seeds: []) { bytes in
      let segmentation = Segmentation(text: String(decoding: bytes, as: UTF8.self))
      guard let content = try? segmentation.content(place: "input") else { return }
      switch content {
      case .mask(let mask):
        _ = (mask.area, mask.box, mask.compressed)
      case .polygons(let rings):
        for ring in rings where ring.allSatisfy({ abs($0) <= 4096 }) {
          let counts = PolygonRuns.counts(of: ring, height: 37, width: 53)
          require(
            (try? RunLengthMask(counts: counts, height: 37, width: 53)) != nil, "the runs do not fill the image")
        }
      }
    },
  ]
}
