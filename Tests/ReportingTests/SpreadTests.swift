import Testing

@testable import Reporting

@Suite struct SpreadTests {
  @Test("mean and standard deviation with n − 1, by hand")
  func byHand() throws {
    // (1 − 7/3)² + (2 − 7/3)² + (4 − 7/3)² = 42/9; half of it is 7/3.
    let spread = try #require(Spread([1, 2, 4]))
    #expect(abs(spread.mean - 7.0 / 3) < 1e-15)
    #expect(abs(try #require(spread.deviation) - (7.0 / 3).squareRoot()) < 1e-15)
    #expect(Spread([0.5, 0.5]) == Spread([0.5, 0.5, 0.5]) && Spread([0.5, 0.5])?.deviation == 0)
  }

  @Test("one value has no deviation; none, and what is no number, has no spread")
  func few() {
    #expect(Spread([0.25])?.mean == 0.25 && Spread([0.25])?.deviation == nil)
    #expect(Spread([]) == nil && Spread([1, .nan]) == nil && Spread([.infinity]) == nil)
  }

  @Test(
    "what is not more than the larger of both deviations is noise",
    arguments: [
      // Deviations are 1 each: differences of 1 and of 1.5.
      ([2, 3, 4], [1, 2, 3], Spread.Verdict.noise), ([2.5, 3.5, 4.5], [1, 2, 3], .above),
      ([1, 2, 3], [2.5, 3.5, 4.5], .below),
      // The reference's deviation of 2 counts, not the own one of 0; and the own one as well.
      ([3.9, 3.9, 3.9], [0, 2, 4], .noise), ([4.1, 4.1, 4.1], [0, 2, 4], .above),
      ([0, 2, 4], [0.1, 0.1, 0.1], .noise),
      ([0.5, 0.5], [0.5, 0.5], .noise), ([3], [1, 2, 3], .oneSeed), ([1, 2, 3], [9], .oneSeed),
    ])
  func verdict(own: [Double], reference: [Double], wanted: Spread.Verdict) throws {
    let (own, reference) = (try #require(Spread(own)), try #require(Spread(reference)))
    #expect(own.verdict(against: reference) == wanted)
  }

  @Test("a mean is written with its deviation, alone without one")
  func text() {
    #expect(Spread([0.5, 0.7])?.text(NumberText.figure) == "0.600 ± 0.141")
    #expect(Spread([0.5])?.text(NumberText.figure) == "0.500")
  }
}
