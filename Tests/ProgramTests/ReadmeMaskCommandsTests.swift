import Documents
import Foundation
import Imaging
import TestSupport
import Testing

/// The README's way from photographs with masks to a segmenter, as it is written there.
@Suite("the README's commands for masks", .serialized)
struct ReadmeMaskCommandsTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Photographs of a sky above a meadow with a bright thing, and masks of the first ones.
  private func takePhotographs() throws {
    for number in 0..<12 {
      var image = Image(height: 96, width: 128, channels: 3)
      var mask = Image(height: 96, width: 128, channels: 1)
      for y in 0..<96 {
        for x in 0..<128 {
          let grain = (x * 7 + y * 13 + number * 5) % 17
          let isThing = (20 + number..<50 + number).contains(x) && (40..<70).contains(y)
          mask[y, x, 0] = isThing ? 2 : y < 48 ? 0 : 1
          let color = isThing ? [230, 210, 60] : y < 48 ? [110, 150, 210] : [70, 120, 60]
          for channel in 0..<3 { image[y, x, channel] = UInt8(color[channel] + grain) }
        }
      }
      let isLabeled = number < 8
      try AtomicFile.write(
        ImageFile.encodeJPEG(image, quality: 90),
        to: folder.file("\(isLabeled ? "photos" : "more-photos")/IMG_\(number).JPG"))
      guard isLabeled else { continue }
      try ImageFile.write(mask, to: folder.file("masks/IMG_\(number).png"))
    }
    _ = try folder.write("sky\nmeadow\nthing\n", to: "classes.txt")
  }

  @Test("they check, split, train twice and compare, and leave runs with their figures")
  func run() throws {
    try takePhotographs()
    let file = Path.join(Path.folder(of: Path.folder(of: Path.folder(of: #filePath))), "README.md")
    let blocks = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "```")
    let block = try #require(blocks.first { $0.hasPrefix("sh\nannotation-tool validate photos --masks") })
    let written = String(block.dropFirst("sh\n".count))
    let starts = written.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != " " } }
    #expect(starts == ["annotation-tool", "annotation-tool", "seg-train", "seg-train", "seg-train"])
    // As written, but for the length of the runs and the size of their network and images.
    let small = (TinySegmentTraining.settings + ["method.labeled_images=2"]).map { " --set '\($0)'" }.joined()
    let unlabeled =
      " --set method.unlabeled_images=2 --set 'method.labeling={short_side: 48, long_side: 96, scales: [1]}'"
    let short = written.replacing("--output runs/masks\n", with: "--output runs/masks --steps 4 --threads 1\(small)\n")
      .replacing("--output runs/st++\n", with: "--output runs/st++ --steps 4 --threads 1\(small)\(unlabeled)\n")
    let build = Path.folder(of: TinySegmentTraining.program.path)
    let outcome = try Program(path: "/bin/bash").run(
      ["-ec", "PATH=\(build):$PATH\n" + short], currentDirectory: folder.path)
    try #require(outcome.exitCode == 0, "\(outcome.standardOutput)\(outcome.standardError)")
    for run in ["masks", "st++"] {
      let summary = try JSON(contentsOf: folder.path + "/runs/\(run)/summary.json")
      #expect((summary["metrics"]?["validation"]?["student"]?["mIoU"]?.double).map { $0 > 0 } == true)
      #expect(summary["split"]?["hash"]?.string != nil)
    }
    #expect(Folder.hasFile(folder.path + "/runs/masks-comparison/comparison.html"))
  }
}
