import TestSupport
import Testing

@testable import SemiSupervision

/// A machine on which a step takes a fixed amount and one for each unit, in MiB.
private final class FakeMachine {
  var free = 1000
  var fixed = 200
  var perUnit = 50
  /// Added beyond this many units, where memory grows faster than by the first two.
  var bend = (units: Int.max, more: 0)
  /// From here on a step ends its process.
  var deadly = Int.max
  var images = StepImages(labeled: 1000, unlabeled: 1000)
  let unit: StepImages
  private(set) var tried: [Int] = []
  private(set) var lines: [String] = []

  init(_ unit: StepImages = StepImages(labeled: 1)) { self.unit = unit }

  func taken(_ units: Int) -> Int { fixed + perUnit * units + max(0, units - bend.units) * bend.more }

  func search(_ wanted: BatchSearch.Wanted = .step) throws -> Int {
    let found = try BatchSearch(
      unit: unit, wanted: wanted,
      measure: { [self] asked in
        let units = asked.total / unit.total
        #expect(asked == unit.times(units))
        tried.append(units)
        guard taken(units) < deadly else { return nil }
        return StepMemory(peak: taken(units) << 20, free: free << 20, images: images)
      }, say: { [self] in lines.append($0) }
    ).run()
    return found.total / unit.total
  }
}

@Suite struct BatchSearchTests {
  @Test("two steps are measured, and a third of the size that fits into 85 % of what is free")
  func linear() throws {
    let machine = FakeMachine()
    #expect(try machine.search() == 13)  // 200 + 13 · 50 = 850
    #expect(machine.tried == [1, 2, 13])
    #expect(
      machine.lines == [
        "batch auto: steps of 1 and 2 images take 250 MiB and 300 MiB; 1000 MiB are free, 85 % of it may be taken",
        "batch auto: 13 images a step, which take 850 MiB of 1000 MiB",
      ])
  }

  @Test("labelled and unlabelled images grow together")
  func shares() throws {
    let machine = FakeMachine(StepImages(labeled: 1, unlabeled: 4))
    #expect(try machine.search() == 13)
    #expect(machine.lines.last?.hasPrefix("batch auto: 65 (13 labelled, 52 unlabelled) images a step") == true)
  }

  @Test("there are never more images in a step than the run has, of either kind")
  func images() throws {
    let few = FakeMachine(StepImages(labeled: 1, unlabeled: 4))
    few.images = StepImages(labeled: 100, unlabeled: 19)
    #expect(try few.search() == 4)
    #expect(few.lines.last?.hasSuffix("; there are no more images") == true)
    let one = FakeMachine()
    one.images = StepImages(labeled: 1)
    #expect(try one.search() == 1 && one.tried == [1])
  }

  @Test("where memory grows faster than measured, a smaller step is measured until one fits")
  func bent() throws {
    let machine = FakeMachine()
    machine.bend = (5, 50)
    let found = try machine.search()
    #expect(machine.taken(found) <= 850 && found > 5)
    #expect(machine.tried.count <= 6 && machine.tried.last == found)
  }

  @Test("where a step ends its process, fewer images are tried")
  func deadly() throws {
    let machine = FakeMachine()
    machine.deadly = 600
    #expect(try machine.search() == 6)
    #expect(machine.tried == [1, 2, 13, 9, 6])
    #expect(machine.lines[1] == "batch auto: 13 images a step do not fit")
  }

  @Test("where two do not fit it is one, and where one takes too much that is said")
  func one() throws {
    let two = FakeMachine()
    two.deadly = 300
    #expect(try two.search() == 1)
    let tight = FakeMachine()
    tight.free = 260
    #expect(try tight.search() == 1 && tight.tried == [1])
    #expect(tight.lines.last?.contains("more than 85 %") == true)
  }

  @Test("where not even one fits, an error says what takes less")
  func none() {
    let machine = FakeMachine()
    machine.deadly = 0
    let message = errorMessage { _ = try machine.search() } ?? ""
    #expect(message.hasPrefix("--batch auto: not even 1 images a step fit") && message.contains("views.short_side_to"))
  }

  @Test("a micro-batch is never larger than its step, and needs no more images than there are")
  func microBatch() throws {
    let machine = FakeMachine()
    machine.images = StepImages(labeled: 2)
    #expect(try machine.search(.microBatch(unitsOfStep: 8)) == 8)
    #expect(
      machine.lines.last
        == "micro-batch auto: 8 images at a time, which take 600 MiB of 1000 MiB; that is a whole step")
    let small = FakeMachine()
    small.perUnit = 300
    #expect(try small.search(.microBatch(unitsOfStep: 8)) == 2)
    let none = FakeMachine()
    none.deadly = 0
    let message = errorMessage { _ = try none.search(.microBatch(unitsOfStep: 8)) } ?? ""
    #expect(message.hasPrefix("--micro-batch auto: not even 1 images at a time fit"))
  }

  @Test("a network whose memory does not grow measurably takes all images there are")
  func flat() throws {
    let machine = FakeMachine()
    machine.perUnit = 0
    machine.images = StepImages(labeled: 8)
    #expect(try machine.search() == 8)
  }
}
