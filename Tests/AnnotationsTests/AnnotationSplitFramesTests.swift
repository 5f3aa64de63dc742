import Annotations
import Randomness
import TestSupport
import Testing

@Suite("AnnotationSplit of frames and label maps")
struct AnnotationSplitFramesTests {
  @Test("images lie at equal distances in the order of their names, the seed being the first one's place")
  func spread() {
    // Not in order, so that places and names differ.
    let names = (0..<12).map { "f\(($0 * 7) % 12 + 10)" }
    let sorted = names.sorted()
    for seed in UInt64(0)..<4 {
      let split = AnnotationSplit.bySpread(names: names, fraction: 0.25, folds: 1, seed: seed)[0]
      #expect(split.labeled.map { names[$0] }.sorted() == [0, 4, 8].map { sorted[$0 + Int(seed)] })
      #expect((split.labeled + split.unlabeled).sorted() == Array(0..<12))
    }
    let folds = AnnotationSplit.bySpread(names: names, fraction: 0.25, folds: 4, seed: 6)
    #expect(folds.flatMap(\.labeled).sorted() == Array(0..<12))
    #expect(folds[0].labeled == AnnotationSplit.bySpread(names: names, fraction: 0.25, folds: 1, seed: 2)[0].labeled)
  }

  @Test("any number of images in any phase: as many as asked, all different, distances that differ by one at most")
  func spreadProperties() {
    for count in [1, 2, 7, 30, 367] {
      let names = (0..<count).map { String(10_000 + $0) }
      for fraction in [0.01, 0.125, 0.4, 1] {
        for seed in [0, 1, 5, UInt64.max] {
          let split = AnnotationSplit.bySpread(names: names, fraction: fraction, folds: 1, seed: seed)[0]
          #expect(split.labeled.count == max(1, Int((fraction * Double(count)).rounded())))
          #expect(split.labeled.allSatisfy { $0 < count })
          let distances = Set(zip(split.labeled, split.labeled.dropFirst()).map { $1 - $0 })
          #expect((distances.max() ?? 0) - (distances.min() ?? 0) <= 1)
        }
      }
    }
  }

  /// 60 images: class 0 in all, class 1 in every tenth, class 2 in one, class 3 nowhere.
  private var pixels: [[Int]] { (0..<60).map { [900 - $0, $0 % 10 == 3 ? 50 + $0 : 0, $0 == 41 ? 7 : 0, 0] } }

  @Test("every class is covered as soon as there are images enough, whatever the seed")
  func covers() {
    for seed in UInt64(0)..<20 {
      // Image 41 shows what one image alone shows; some other shows class 1.
      let split = AnnotationSplit.byPixels(pixels, fraction: 2.0 / 60, folds: 1, seed: seed)[0]
      #expect(split.labeled.contains(41) && split.labeled.contains { $0 % 10 == 3 })
      #expect(split.labeled.count == 2 && split.unlabeled.count == 58)
    }
    let different = Set((0..<20).map { AnnotationSplit.byPixels(pixels, fraction: 0.1, folds: 1, seed: $0)[0].labeled })
    #expect(different.count > 10)
    let folds = AnnotationSplit.byPixels(pixels, fraction: 0.1, folds: 2, seed: 1)
    #expect(folds[0].labeled != folds[1].labeled)
    #expect(AnnotationSplit.byPixels(pixels, fraction: 0.1, folds: 2, seed: 1) == folds)
  }

  @Test("a class is drawn where it has many pixels, not where it has one")
  func pixelCounts() {
    // Class 1 has a single pixel in most images, and a hundred in five.
    let pixels = (0..<50).map { [1000, $0 % 10 == 0 ? 100 : 1] }
    for seed in UInt64(0)..<10 {
      let split = AnnotationSplit.byPixels(pixels, fraction: 0.1, folds: 1, seed: seed)[0]
      let share = split.labeled.reduce(0) { $0 + pixels[$1][1] }
      #expect(share > 0)
    }
    let rare = (0..<50).map { [1000, $0 < 4 ? [1, 1, 100, 100][$0] : 0] }
    for seed in UInt64(0)..<10 {
      let split = AnnotationSplit.byPixels(rare, fraction: 0.02, folds: 1, seed: seed)[0]
      #expect(split.labeled == [2] || split.labeled == [3])
    }
  }

  @Test("all images can be asked for, also where some show nothing")
  func all() {
    let split = AnnotationSplit.byPixels([[0, 0], [5, 0], [0, 0]], fraction: 1, folds: 1, seed: 1)[0]
    #expect(split.labeled == [0, 1, 2] && split.unlabeled.isEmpty)
  }
}
