import Testing
import Training

@testable import SemiSupervision

/// Whose turn it is among Dual Teacher's teachers, and with which mix.
@Suite struct TeacherTurnsTests {
  private func turns(images: Int, teachers: Int = 2, isDrawn: Bool = false) -> TeacherTurns {
    TeacherTurns(images: images, teachers: teachers, mixes: [.cutMix, .classMix], isDrawn: isDrawn)
  }

  @Test("teachers and mixes alternate with the passes over the labelled images")
  func epochs() {
    // Steps of four images, four steps an epoch.
    let found = (0..<10).map { turns(images: 0).turn(at: TinySegmentation.step($0)) }
    #expect(found.map(\.number) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    #expect(found.map(\.index) == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1])
    #expect(found.map(\.teacher) == [0, 0, 0, 0, 1, 1, 1, 1, 0, 0])
    #expect(found.map { $0.mix == .cutMix } == [true, true, true, true, false, false, false, false, true, true])
  }

  @Test("turns of a number of images begin with the first step that is in them")
  func images() {
    let found = (0..<7).map { turns(images: 10, teachers: 3).turn(at: TinySegmentation.step($0)) }
    #expect(found.map(\.number) == [0, 0, 0, 1, 1, 2, 2])
    #expect(found.map(\.index) == [0, 1, 2, 0, 1, 0, 1])
    #expect(found.map(\.teacher) == [0, 0, 0, 1, 1, 2, 2])
  }

  @Test("a drawn mix is never the same twice in a row, and depends on the seed")
  func drawn() {
    let two = (0..<40).map { turns(images: 4, isDrawn: true).turn(at: TinySegmentation.step($0)).mix }
    #expect(zip(two, two.dropFirst()).allSatisfy { $0 != $1 })
    let firsts = (0..<40).map { seed in
      turns(images: 4, isDrawn: true).turn(at: Step(index: 0, stepsPerEpoch: 4, imagesPerStep: 4, seed: seed)).mix
    }
    #expect((10...30).contains(firsts.count { $0 == .cutMix }))
  }
}
