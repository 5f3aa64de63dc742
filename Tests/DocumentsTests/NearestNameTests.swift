import Documents
import Testing

@Suite struct NearestNameTests {
  @Test("the nearest name is offered only when it is near")
  func nearest() {
    #expect(nearestName(to: "lerning_rate", in: ["learning_rate", "momentum"]) == "learning_rate")
    #expect(nearestName(to: "setps", in: ["steps", "seed"]) == "steps")
    #expect(nearestName(to: "zzz", in: ["steps", "seed"]) == nil)
    #expect(nearestName(to: "x", in: []) == nil)
  }
}
