import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@testable import Synthesis

@Suite("SyntheticDataset")
struct SyntheticDatasetTests {
  /// All files of a folder with their bytes.
  private func content(_ folder: String) throws -> [String: Data] {
    var content: [String: Data] = [:]
    for name in try Folder.filesBelow(folder) {
      content[name] = FileManager.default.contents(atPath: Path.join(folder, name))
    }
    return content
  }

  @Test("the same seed gives the same bytes, with any number of threads")
  func sameBytes() throws {
    let scratch = try ScratchFolder()
    let folders = ["a", "b", "c"].map { Path.join(scratch.path, $0) }
    let one = try SyntheticDataset.generate(count: 7, seed: 3, height: 48, width: 64, to: folders[0], threads: 1)
    let two = try SyntheticDataset.generate(count: 7, seed: 3, height: 48, width: 64, to: folders[1], threads: 4)
    _ = try SyntheticDataset.generate(count: 4, seed: 3, height: 48, width: 64, to: folders[2], threads: 2)
    #expect(one == two)
    let first = try content(folders[0])
    #expect(first.count == 7 * 2 + 2)
    #expect(try content(folders[1]) == first)
    for (name, bytes) in try content(folders[2]) where name.hasPrefix("images/") { #expect(first[name] == bytes) }
    #expect(try Folder.names(in: scratch.path) == ["a", "b", "c"], "nothing is left beside the data sets")
  }

  @Test("what is written reads back: images, label maps, boxes and masks agree")
  func readsBack() throws {
    let scratch = try ScratchFolder()
    let folder = Path.join(scratch.path, "deep/set")
    let summary = try SyntheticDataset.generate(count: 5, seed: 11, height: 64, width: 80, to: folder)
    let set = try COCOInstances.read(Path.join(folder, "annotations.json")).set
    #expect(set.images.count == 5 && summary.images == 5)
    #expect(set.objects.count == summary.objects && summary.objectsByClass.reduce(0, +) == summary.objects)
    #expect(set.classNames == SyntheticDataset.classNames)
    let names = try String(contentsOfFile: Path.join(folder, "classes.txt"), encoding: .utf8)
    #expect(names == (["background"] + SyntheticDataset.classNames).map { $0 + "\n" }.joined())
    for image in set.images {
      let picture = try ImageFile.read(Path.join(folder, "images/" + image.fileName))
      #expect((picture.height, picture.width) == (64, 80) && (image.height, image.width) == (64, 80))
      let (labels, palette) = try ImageFile.readLabelMapAndPalette(
        Path.join(folder, "masks/" + Path.stem(of: image.fileName) + ".png"))
      #expect(palette == SyntheticDataset.palette)
      var painted = [UInt8](repeating: 0, count: 64 * 80)
      for object in set.objects where object.imageID == image.id {
        guard case .mask(let mask)? = try object.segmentation?.content(place: "test") else {
          Issue.record("object \(object.id) has no mask")
          continue
        }
        #expect(mask.box == object.box && Double(mask.area) == object.area)
        for (place, value) in mask.pixels.enumerated() where value != 0 { painted[place] = UInt8(object.categoryID) }
      }
      #expect(painted == labels.pixels)
    }
  }

  @Test("a folder that is not empty is left alone unless replacing is asked for")
  func replacing() throws {
    let scratch = try ScratchFolder()
    let folder = Path.join(scratch.path, "set")
    _ = try SyntheticDataset.generate(count: 3, seed: 1, height: 32, width: 32, to: folder)
    let note = Path.join(folder, "notes.txt")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: note))
    let before = try content(folder)
    let error = #expect(throws: SynthesisError.self) {
      try SyntheticDataset.generate(count: 2, seed: 2, height: 32, width: 32, to: folder)
    }
    #expect(error?.description.hasPrefix(folder + ": already exists") == true)
    #expect(try content(folder) == before)
    _ = try SyntheticDataset.generate(count: 2, seed: 2, height: 32, width: 32, to: folder, isReplacing: true)
    let after = try content(folder)
    #expect(after.count == 2 * 2 + 2 + 1)
    #expect(after["notes.txt"] == Data("mine".utf8))
    #expect(after["images/000001.jpg"] != before["images/000001.jpg"])
    #expect(try Folder.names(in: scratch.path) == ["set"])
  }

  @Test("a place that is a file, or below a file, is an error")
  func badPlace() throws {
    let scratch = try ScratchFolder()
    let file = Path.join(scratch.path, "file")
    try Data("text".utf8).write(to: URL(fileURLWithPath: file))
    for place in [file, Path.join(file, "set")] {
      #expect(throws: SynthesisError.self) {
        try SyntheticDataset.generate(count: 1, seed: 1, height: 32, width: 32, to: place, isReplacing: true)
      }
    }
    #expect(FileManager.default.contents(atPath: file) == Data("text".utf8))
  }

  @Test("progress counts every image once, in order")
  func progress() throws {
    final class Counts: @unchecked Sendable { var seen: [Int] = [] }
    let scratch = try ScratchFolder()
    let counts = Counts()
    // Calls come one at a time, so the plain array is safe.
    _ = try SyntheticDataset.generate(
      count: 6, seed: 1, height: 32, width: 32, to: Path.join(scratch.path, "set"), threads: 3
    ) { counts.seen.append($0) }
    #expect(counts.seen == [1, 2, 3, 4, 5, 6])
  }
}
