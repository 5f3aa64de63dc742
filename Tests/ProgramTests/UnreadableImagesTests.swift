import Documents
import Foundation
import TestSupport
import Testing

@Suite("detect-train --unlabeled on files that are no images", .serialized)
struct UnreadableImagesTests {
  private let folder: ScratchFolder
  private var heap: String { folder.path + "/heap" }
  private var output: String { folder.path + "/run" }
  /// Of each kind.
  private static let count = 100

  init() throws { folder = try ScratchFolder() }

  /// Empty files, text, files that end in their header and links to nothing under images' names, beside what has other names.
  private func makeHeap() throws {
    let header = try Data(contentsOf: URL(fileURLWithPath: TinyTraining.images + "/000001.jpg")).prefix(20)
    for number in 0..<Self.count {
      _ = try folder.write("", to: "heap/empty-\(number).jpg")
      _ = try folder.write("no image", to: "heap/text-\(number).png")
      try header.write(to: URL(fileURLWithPath: try folder.file("heap/header-\(number).jpeg")))
      try FileManager.default.createSymbolicLink(
        atPath: heap + "/link-\(number).jpg", withDestinationPath: "gone-\(number).jpg")
      try Folder.create(heap + "/folder-\(number).jpg")
      _ = try folder.write("notes", to: "heap/notes-\(number).txt")
    }
  }

  private func train(_ more: [String] = []) throws -> Program.Outcome {
    let list = try folder.write("000001\n000002\n000003\n", to: "labeled.txt")
    return try TinyTraining.run(
      TinyTraining.arguments(
        set: ["method.unlabeled_images=2"],
        [
          "--method", "mean-teacher", "--labeled-list", list, "--unlabeled", heap, "--steps", "6", "--output", output,
        ] + more))
  }

  @Test("where none is usable the run ends before it begins, in one line")
  func none() throws {
    try makeHeap()
    let outcome = try train()
    #expect(outcome.exitCode == 1 && !Folder.hasAnything(at: output))
    #expect(outcome.standardError.split(separator: "\n").count == 1, "\(outcome.standardError)")
    #expect(
      outcome.standardError.hasPrefix(
        "error: \(heap): \(4 * Self.count) of \(4 * Self.count) unlabeled images cannot be used: \(heap)/empty-0.jpg: ")
    )
  }

  @Test("where a few are usable it learns from them, counts the others in one line, and lists them")
  func few() throws {
    try makeHeap()
    for number in 4...6 {
      try FileManager.default.copyItem(
        atPath: "\(TinyTraining.images)/00000\(number).jpg", toPath: "\(heap)/good-\(number).jpg")
    }
    // Its header is whole, its pixels are not: that shows only when it is decoded.
    try FileManager.default.copyItem(atPath: TinyTraining.images + "/000007.jpg", toPath: heap + "/half.jpg")
    try TinyTraining.truncate(heap + "/half.jpg", toShare: 0.7)
    let outcome = try train()
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let all = 4 * Self.count + 4
    #expect(
      outcome.standardError.contains(
        "unlabeled: 4 images; \(all - 4) of \(all) cannot be used and are left out, such as \(heap)/empty-0.jpg: "))
    let lines = outcome.standardError.split(separator: "\n").filter { $0.contains("cannot be used") }
    #expect(lines.count == 2 && lines.last?.hasPrefix("1 image cannot be used so far") == true, "\(lines)")
    let listed = try JSON(contentsOf: output + "/skipped.json").array ?? []
    #expect(listed.count == all - 3)
    #expect(listed.contains { $0["image"]?.string == heap + "/link-7.jpg" })
    #expect(listed.contains { $0["image"]?.string == heap + "/half.jpg" })
  }
}
