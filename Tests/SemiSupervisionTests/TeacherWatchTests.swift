import Testing
import Training

@testable import SemiSupervision

@Suite struct TeacherWatchTests {
  /// What is said at `count` evaluations: images with this best score, and what the two models come to.
  private func lines(
    _ watch: inout TeacherWatch, _ count: Int = 1, images: Int = 60, best: Double = 0.8, known: Double? = 0.9,
    teacher: Double = 0.4, student: Double = 0.4
  ) -> [String] {
    var bins = [Int](repeating: 0, count: PseudoBoxStatistics.bestBins)
    bins[Int(best * 100)] = images
    func judgement(_ value: Double) -> Judgement {
      Judgement(figures: [Figure("AP", value)], json: .null, medianBestScore: known)
    }
    return (0..<count).flatMap { _ in
      watch.look(
        best: bins, judgements: [("teacher", judgement(teacher)), ("student", judgement(student))], figure: "AP")
    }
  }

  @Test("best scores far below those on validation images are said at the second evaluation in a row, once")
  func otherKind() {
    var watch = TeacherWatch()
    #expect(lines(&watch, best: 0.59).isEmpty)
    #expect(
      lines(&watch, best: 0.59) == [
        "the teacher's best score is 0.59 in half of the unlabelled images or less, in validation images 0.90: the unlabelled "
          + "images may be of another kind than the labelled ones, or show none of these objects; see the contact sheets"
      ])
    #expect(lines(&watch, 10, best: 0.2).isEmpty)
  }

  @Test(
    "nothing is said of two thirds of the score, of a teacher that is sure of nothing, of few images, or where one evaluation is well"
  )
  func sameKind() {
    for (best, known) in [(0.6, 0.9), (0.01, 0.29)] {
      var watch = TeacherWatch()
      #expect(lines(&watch, 10, best: best, known: known).isEmpty)
    }
    var few = TeacherWatch()
    #expect(lines(&few, 3, images: 20, best: 0.2).isEmpty && lines(&few, 2, images: 20, best: 0.2).isEmpty)
    #expect(lines(&few, 1, images: 20, best: 0.2).count == 1, "two times fifty images")
    var unsteady = TeacherWatch()
    for _ in 0..<5 { #expect((lines(&unsteady, best: 0.2) + lines(&unsteady, best: 0.8)).isEmpty) }
    var unknown = TeacherWatch()
    #expect(lines(&unknown, 5, best: 0.2, known: nil).isEmpty)
  }

  @Test("a teacher with less than half of its student's AP is said at the second evaluation in a row, once")
  func behind() {
    var watch = TeacherWatch()
    #expect(lines(&watch, teacher: 0.19).isEmpty)
    #expect(
      lines(&watch, teacher: 0.19) == [
        "the teacher (AP 0.190) is far below its student (0.400): it follows too slowly; lower memory_images, or lengthen "
          + "the burn-in"
      ])
    #expect(lines(&watch, 5, teacher: 0.1).isEmpty)
    for (teacher, student) in [(0.2, 0.4), (0.0, 0.049), (0.5, 0.4)] {
      var watch = TeacherWatch()
      #expect(lines(&watch, 5, teacher: teacher, student: student).isEmpty)
    }
  }

  @Test("nothing is said of a burn-in, in which no unlabelled image is taught")
  func burnIn() {
    var watch = TeacherWatch()
    #expect(lines(&watch, 5, images: 0, teacher: 0.01).isEmpty)
  }

  @Test("what was found and said is saved")
  func saved() {
    var watch = TeacherWatch()
    _ = lines(&watch, best: 0.2, teacher: 0.1)
    var again = TeacherWatch(watch.state)
    #expect(lines(&again, best: 0.2, teacher: 0.1).count == 2)
    var third = TeacherWatch(again.state)
    #expect(lines(&third, 4, best: 0.2, teacher: 0.1).isEmpty)
  }
}
