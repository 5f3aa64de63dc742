import Detection
import Documents
import Imaging
import Samples
import TestSupport
import Testing
import Torch
import Training

@testable import SemiSupervision

@Suite struct TeacherReaderTests {
  /// Float32 sums in another order, through a whole network, as a share of the value.
  private static let otherBatch = 1e-3
  private let folder: ScratchFolder
  private let pool: ImagePool
  private let teacher: FasterRCNN

  init() throws {
    folder = try ScratchFolder()
    for index in 0..<3 {
      let pixels = (0..<64 * 64 * 3).map { UInt8(truncatingIfNeeded: ($0 * (index + 7)) % 251 + ($0 / 192) * index) }
      try ImageFile.write(
        Image(height: 64, width: 64, channels: 3, pixels: pixels), to: folder.path + "/\(index).png")
    }
    pool = try .unlabeled(folder.path)
    teacher = TinyDetector.make(seed: 3)
    teacher.evaluate()
  }

  private func reader(batchSize: Int) -> PoolReader {
    var input = DetectorMetadata.Input()
    (input.shortSide, input.longSide) = (64, 64)
    return input.reader(batchSize: batchSize, workers: 1, normalization: teacher.settings.backbone.inputNormalization)
  }

  private func look(_ pool: ImagePool, batchSize: Int = 1) -> [String: TeacherReader.Finding] {
    let reader = TeacherReader(
      teacher, reader: reader(batchSize: batchSize), device: .cpu, rules: PseudoLabelRules())
    var findings: [String: TeacherReader.Finding] = [:]
    reader.forEachImage(of: pool) { findings[pool.images[$0.image].name] = $0 }
    return findings
  }

  @Test("it finds what the detector finds, and of what scores enough the probabilities and the spread")
  func findings() throws {
    let findings = look(pool)
    #expect(findings.count == 3)
    DetectionReader(teacher, reader: reader(batchSize: 1), device: .cpu).forEachImage(of: pool) { image, size, found in
      let finding = findings[pool.images[image].name]
      #expect(finding?.found == found && !found.isEmpty)
      #expect(finding?.size.height == size.height)
    }
    let boxes = findings.values.flatMap(\.candidates)
    try #require(!boxes.isEmpty)
    for box in boxes {
      #expect(box.found.score > TeacherReader.leastScore)
      #expect(box.probabilities.count == 4 && abs(box.probabilities.reduce(0, +) - 1) < 1e-5)
      #expect(box.probabilities[box.found.classIndex + 1] == box.found.score)
      #expect(box.uncertainty > 0)
      // By the released thresholds a box that scores 0.5 or less is no candidate, however sure its place is.
      #expect(box.found.score > 0.5 || box.passes.isEmpty)
    }
  }

  @Test("neither the order of the images nor the size of a batch changes what is known of one")
  func independence() {
    let findings = look(pool)
    let turned = look(ImagePool(name: pool.name, images: pool.images.reversed()))
    let together = look(pool, batchSize: 3)
    for (name, finding) in findings {
      #expect(turned[name]?.candidates == finding.candidates)
      let others = together[name]?.candidates ?? []
      #expect(others.count == finding.candidates.count)
      for (box, other) in zip(finding.candidates, others) {
        #expect(abs(box.uncertainty - other.uncertainty) < Self.otherBatch * box.uncertainty)
      }
    }
    let (one, other) = (TeacherReader.generator(for: "a.jpg"), TeacherReader.generator(for: "b.jpg"))
    let again = TeacherReader.generator(for: "a.jpg")
    let drawn = Tensor.normal([4], using: one)
    #expect(drawn.isEqual(to: Tensor.normal([4], using: again)))
    #expect(!drawn.isEqual(to: Tensor.normal([4], using: other)))
  }
}
