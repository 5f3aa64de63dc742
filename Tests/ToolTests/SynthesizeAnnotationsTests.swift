import Annotations
import Documents
import TestSupport
import Testing

@Suite("annotation-tool synthesize --annotations-only")
struct SynthesizeAnnotationsTests {
  private let program = Program(named: "annotation-tool")

  @Test("writes as many objects as asked for, without a problem, and the same bytes again")
  func writes() throws {
    let scratch = try ScratchFolder()
    let places = ["one", "two"].map { Path.join(scratch.path, $0) }
    for place in places {
      let outcome = try program.run([
        "synthesize", "--annotations-only", "--count", "200", "--objects", "1503", "--classes", "7", "--seed", "3",
        "--output", place,
      ])
      #expect(outcome.exitCode == 0)
      #expect(outcome.standardOutput == "\(place): 200 images, 1503 objects of 7 classes\n")
      #expect(try Folder.names(in: place) == ["annotations.json"])
    }
    let files = places.map { Path.join($0, "annotations.json") }
    #expect(try SHA256.hexDigest(ofFile: files[0]) == SHA256.hexDigest(ofFile: files[1]))
    let (set, problems) = try COCOInstances.read(files[0])
    #expect(problems.counts.isEmpty)
    #expect(AnnotationCheck.contents(of: set).count(.error) == 0)
    #expect(set.images.count == 200 && set.objects.count == 1503 && set.categories.count == 7)
    #expect(set.images.allSatisfy { $0.height == 480 && $0.width == 640 })
    #expect(Set(set.objects.map(\.categoryID)).count == 7)
    #expect(set.objects.count(where: \.isCrowd) == 1503 / 85)
    for object in set.objects {
      switch try #require(object.segmentation).content(place: "test") {
      case .mask(let mask):
        #expect(object.isCrowd && mask.box == object.box && Double(mask.area) == object.area)
      case .polygons(let rings):
        let ring = rings[0]
        let sides = stride(from: 0, to: ring.count, by: 2).map { (x: ring[$0], y: ring[$0 + 1]) }
        #expect(rings.count == 1 && sides.count == 24)
        #expect(sides.map(\.x).min() == object.box.x0 && sides.map(\.y).min() == object.box.y0)
        var doubled = 0.0
        for (one, next) in zip(sides, sides.dropFirst() + sides.prefix(1)) {
          doubled += one.x * next.y - next.x * one.y
        }
        #expect(abs(abs(doubled) / 2 - object.area) < 1e-6 * max(1, object.area))
      }
    }
  }

  @Test("its own flags are refused without it, and a folder that holds something is kept")
  func refused() throws {
    let scratch = try ScratchFolder()
    for flags in [["--objects", "3"], ["--classes", "3"], ["--annotations-only", "--objects", "2001"]] {
      #expect(try program.run(["synthesize", "--count", "1", "--output", scratch.path] + flags).exitCode == 64)
    }
    _ = try scratch.write("mine", to: "note.txt")
    let arguments = ["synthesize", "--annotations-only", "--count", "1", "--output", scratch.path]
    #expect(try program.run(arguments).exitCode == 1)
    #expect(try program.run(arguments + ["--force"]).exitCode == 0)
    #expect(try Folder.names(in: scratch.path) == ["annotations.json", "note.txt"])
  }
}
