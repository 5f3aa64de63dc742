import Annotations
import Dispatch
import Documents
import Foundation
import Imaging
import Synchronization

/// The generated data set: pictures of shapes with boxes, masks and label maps, for demos and tests without a download.
///
/// A folder holds `images/000001.jpg` …, `masks/000001.png` … (palette indices: 0 background, then the classes in order),
/// `annotations.json` (COCO instances: boxes of the visible parts, masks as run lengths) and `classes.txt` (the classes of the
/// label maps, `background` first). The same seed and size give the same bytes, however many images or threads there are: image k
/// does not depend on the others.
public enum SyntheticDataset {
  /// What was generated.
  public struct Summary: Sendable, Equatable {
    /// Number of images.
    public let images: Int
    /// Number of objects.
    public let objects: Int
    /// Number of objects of each class, in the order of ``SyntheticClass``.
    public let objectsByClass: [Int]
  }

  /// The names of the classes, in the order of their labels.
  public static let classNames = SyntheticClass.allCases.map(\.name)

  /// The colours of the label maps: VOC's.
  public static let palette = (0...SyntheticClass.allCases.count).map { Palette.voc($0) }

  /// Generates a data set in a folder, which appears when it is complete.
  ///
  /// - Parameters:
  ///   - count: number of images, at least 1.
  ///   - output: a folder that does not exist or is empty.
  ///   - isReplacing: in a folder that is not empty, replaces the four entries named above and leaves others alone.
  ///   - threads: how many images are drawn at a time.
  ///   - progress: told the number of finished images, one call at a time, from any thread.
  public static func generate(
    count: Int, seed: UInt64, height: Int = 128, width: Int = 128, to output: String, isReplacing: Bool = false,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(SynthesisError) -> Summary {
    precondition(count > 0, "SyntheticDataset.generate: expected at least 1 image, got \(count)")
    try checkPlace(output, isReplacing: isReplacing)
    let folder = try documentErrors { () throws(DocumentError) in
      let folder = try StagedFolder(for: output)
      try folder.create("images")
      try folder.create("masks")
      return folder
    }
    let instances = try draw(
      count: count, seed: seed, height: height, width: width, to: folder, threads: max(1, min(threads, count)),
      progress: progress)
    let set = annotations(instances, seed: seed, height: height, width: width)
    do throws(AnnotationError) {
      try COCOInstances.write(set, to: Path.join(folder.path, "annotations.json"))
    } catch { throw .annotations(error) }
    try documentErrors { () throws(DocumentError) in
      let names = ["background"] + classNames
      try folder.write(Array((names.joined(separator: "\n") + "\n").utf8), to: "classes.txt")
      try folder.commit()
    }
    var objectsByClass = [Int](repeating: 0, count: classNames.count)
    for object in set.objects { objectsByClass[object.categoryID - 1] += 1 }
    return Summary(images: count, objects: set.objects.count, objectsByClass: objectsByClass)
  }

  /// Draws all images and writes their files; gives the shapes of each.
  private static func draw(
    count: Int, seed: UInt64, height: Int, width: Int, to folder: StagedFolder, threads: Int,
    progress: @escaping @Sendable (Int) -> Void
  ) throws(SynthesisError) -> [[SyntheticScene.Instance]] {
    struct State: Sendable {
      var next = 0
      var finished = 0
      var failure: SynthesisError?
      var instances: [[SyntheticScene.Instance]]
    }
    let state = Mutex(State(instances: Array(repeating: [], count: count)))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let index = state.withLock { state -> Int? in
          guard state.next < count, state.failure == nil else { return nil }
          state.next += 1
          return state.next - 1
        }
        guard let index else { return }
        do throws(SynthesisError) {
          let scene = SyntheticScene.render(seed: seed, index: index, height: height, width: width)
          try write(scene, index: index, to: folder)
          state.withLock {
            $0.instances[index] = scene.instances
            $0.finished += 1
            progress($0.finished)
          }
        } catch {
          state.withLock { if $0.failure == nil { $0.failure = error } }
        }
      }
    }
    return try state.withLock { (state) throws(SynthesisError) in
      if let failure = state.failure { throw failure }
      return state.instances
    }
  }

  private static func write(
    _ scene: SyntheticScene, index: Int, to folder: StagedFolder
  ) throws(SynthesisError) {
    let name = name(index)
    let picture: [UInt8]
    let labels: [UInt8]
    do throws(ImagingError) {
      picture = try ImageFile.encodeJPEG(scene.image, quality: scene.quality, name: name)
      labels = try ImageFile.encodeLabelMap(scene.labels, palette: palette, name: name)
    } catch { throw .imaging(error) }
    try documentErrors { () throws(DocumentError) in
      try folder.write(picture, to: "images/\(name).jpg")
      try folder.write(labels, to: "masks/\(name).png")
    }
  }

  /// The document of all labels; ids count from 1.
  private static func annotations(
    _ instances: [[SyntheticScene.Instance]], seed: UInt64, height: Int, width: Int
  ) -> AnnotationSet {
    var set = AnnotationSet(
      categories: SyntheticClass.allCases.map { Category(id: $0.label, name: $0.name, supercategory: "shape") })
    set.extra["info"] = [
      "description": "Generated shapes: annotation-tool synthesize", "seed": .number(String(seed)),
      "height": JSON(height), "width": JSON(width),
    ]
    for (index, shapes) in instances.enumerated() {
      set.images.append(ImageRecord(id: index + 1, fileName: name(index) + ".jpg", height: height, width: width))
      for shape in shapes {
        set.objects.append(
          ObjectAnnotation(
            id: set.objects.count + 1, imageID: index + 1, categoryID: shape.shape.label, box: shape.box,
            area: Double(shape.mask.area), isTruncated: shape.isTruncated, segmentation: Segmentation(shape.mask)))
      }
    }
    return set
  }

  /// The file name of an image, without extension: its id with at least six digits.
  private static func name(_ index: Int) -> String { Path.digits(index + 1, atLeast: 6) }

  static func checkPlace(_ output: String, isReplacing: Bool) throws(SynthesisError) {
    guard Folder.hasAnything(at: output) else { return }
    guard Folder.exists(output) else { throw .document(.content(file: output, reason: "is not a folder")) }
    let names = try documentErrors { () throws(DocumentError) in try Folder.names(in: output) }
    guard isReplacing || names.isEmpty else { throw .exists(output) }
  }

  private static func documentErrors<Result>(
    _ body: () throws(DocumentError) -> Result
  ) throws(SynthesisError) -> Result {
    do throws(DocumentError) { return try body() } catch { throw .document(error) }
  }
}
