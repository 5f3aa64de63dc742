import Randomness

extension AnnotationSplit {
  /// Takes images at equal distances in the order of their names, as frames of a video: neighbours show the same, so that a draw by
  /// lot sees much of it twice.
  ///
  /// The seed is the phase: the place of the first image, counted from 0, modulo the distance; each further fold is one place later.
  /// The labelled parts of folds do not overlap while places last.
  public static func bySpread(names: [String], fraction: Double, folds: Int, seed: UInt64) -> [AnnotationSplit] {
    let count = names.count
    let part = labeledCount(of: count, fraction, folds)
    let order = names.indices.sorted {
      names[$0] == names[$1] ? $0 < $1 : names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8)
    }
    // Where the distance is not whole, the larger: the last image still lies inside, since (part - 1) n / part + phase < n.
    let phases = (count + part - 1) / part
    return (0..<folds).map { fold in
      let phase = Int((seed % UInt64(phases) + UInt64(fold)) % UInt64(phases))
      return AnnotationSplit((0..<part).map { order[$0 * count / part + phase] }, of: 0..<count, seed: seed)
    }
  }

  /// Draws images so that every class is covered as early as possible, by pixels: the class that has the smallest part of its pixels
  /// among the drawn is served next, by lot among the images that show much of it (at least as much as the middle one of those that
  /// show it at all), those with most classes that were not drawn before first.
  ///
  /// - Parameter pixels: for each image the pixels of each class; ignored ones are in none.
  public static func byPixels(_ pixels: [[Int]], fraction: Double, folds: Int, seed: UInt64) -> [AnnotationSplit] {
    let part = labeledCount(of: pixels.count, fraction, folds)
    return (0..<folds).map { fold in
      var draw = PixelDraw(pixels, generator: SeededGenerator(seed: seed, stream: 0x5049_5845_4C53, UInt64(fold)))
      return AnnotationSplit(draw.images(part), of: 0..<pixels.count, seed: seed)
    }
  }
}

/// One draw by pixels of classes.
private struct PixelDraw {
  private let pixels: [[Int]]
  /// Pixels of each class over all images, and over those drawn.
  private let totals: [Int]
  private var drawnPixels: [Int]
  private var isDrawn: [Bool]
  /// Classes of which no image is left.
  private var isUsedUp: [Bool]
  private var generator: SeededGenerator

  init(_ pixels: [[Int]], generator: SeededGenerator) {
    self.pixels = pixels
    self.generator = generator
    let count = pixels.first?.count ?? 0
    totals = (0..<count).map { index in pixels.reduce(0) { $0 + $1[index] } }
    drawnPixels = [Int](repeating: 0, count: count)
    isDrawn = [Bool](repeating: false, count: pixels.count)
    isUsedUp = totals.map { $0 == 0 }
  }

  mutating func images(_ count: Int) -> [Int] {
    var images: [Int] = []
    while images.count < count {
      let image = next()
      images.append(image)
      isDrawn[image] = true
      for index in totals.indices { drawnPixels[index] += pixels[image][index] }
    }
    return images
  }

  private mutating func next() -> Int {
    while let wanted = neediest() {
      let showing = pixels.indices.filter { !isDrawn[$0] && pixels[$0][wanted] > 0 }
      guard !showing.isEmpty else {
        isUsedUp[wanted] = true
        continue
      }
      let middle = showing.map { pixels[$0][wanted] }.sorted()[showing.count / 2]
      let much = showing.filter { pixels[$0][wanted] >= middle }
      let gains = much.map { image in totals.indices.count { drawnPixels[$0] == 0 && pixels[image][$0] > 0 } }
      let best = gains.max() ?? 0
      let candidates = zip(much, gains).filter { $0.1 == best }.map(\.0)
      return candidates[generator.integer(below: candidates.count)]
    }
    // What is left shows no class.
    let left = pixels.indices.filter { !isDrawn[$0] }
    return left[generator.integer(below: left.count)]
  }

  /// The class with the smallest part of its pixels among the drawn; of equal ones the one with fewest pixels, then the first.
  private func neediest() -> Int? {
    totals.indices.filter { !isUsedUp[$0] }.min { one, other in
      let (a, b) = (Double(drawnPixels[one]) / Double(totals[one]), Double(drawnPixels[other]) / Double(totals[other]))
      return a == b ? (totals[one], one) < (totals[other], other) : a < b
    }
  }
}
