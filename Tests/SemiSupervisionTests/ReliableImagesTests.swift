import Testing

@testable import SemiSupervision

/// Stage 2 of ST++: how far an image's label maps of earlier snapshots agree with the last one's.
@Suite struct ReliableImagesTests {
  @Test(
    "reliability by hand: the mean over earlier maps of the mean IoU with the last, of classes that occur in either")
  func byHand() {
    let last: [UInt8] = [0, 0, 1, 1]
    // 1; class 0: 1/2, class 1: 2/3; class 0: 0/4, class 1: 0/4; class 0: 2/2, class 1: 1/2, class 2: 0/1.
    let earlier: [(map: [UInt8], agreement: Double)] = [
      ([0, 0, 1, 1], 1), ([0, 1, 1, 1], (0.5 + 2.0 / 3) / 2), ([1, 1, 0, 0], 0), ([0, 0, 1, 2], (1 + 0.5 + 0) / 3),
    ]
    for (map, agreement) in earlier {
      #expect(abs(ReliableImages.reliability([map], last, classCount: 3) - agreement) < 1e-15)
    }
    let mean = earlier.map(\.agreement).reduce(0, +) / 4
    #expect(abs(ReliableImages.reliability(earlier.map(\.map), last, classCount: 3) - mean) < 1e-15)
    #expect(ReliableImages.reliability([], last, classCount: 3) == 0)
  }
}
