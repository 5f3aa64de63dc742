import Annotations
import ArgumentParser
import Documents

/// Where a command writes its results: never over what they are made from, and each to a file of its own.
struct ResultPlaces {
  private let outputs: [String]

  /// The files that options name; nil for those that are not wanted.
  init(_ outputs: [String?]) { self.outputs = outputs.compactMap { $0 } }

  /// Before anything is read: refuses files that are read, what is there in folders that are read, and two results in one file.
  ///
  /// Which files of a folder are read only its reader knows, so none is written over.
  func requireApart(from inputs: [String?]) throws {
    var taken: Set<String> = []
    for output in outputs {
      let places = Self.places(of: output)
      guard taken.isDisjoint(with: places) else {
        throw ValidationError("\(output) is named for two results, of which the second would replace the first.")
      }
      taken.formUnion(places)
    }
    let inputs = inputs.compactMap { $0 }
    try requireUnread(inputs)
    for folder in inputs where Folder.exists(folder) {
      guard let root = Path.resolved(folder).map({ Path.join($0, "") }) else { continue }
      for output in outputs where Folder.hasAnything(at: output) {
        if Self.places(of: output).contains(where: { $0.utf8.starts(with: root.utf8) }) {
          throw ValidationError("\(output) lies in \(folder), which is read: what is there is never written over.")
        }
      }
    }
  }

  /// Before the work: refuses places where no file can be written.
  func requireWritable() throws(DocumentError) {
    for output in outputs {
      guard !Folder.exists(output) else {
        throw .content(file: output, reason: "is a folder; wanted is the place of a file")
      }
      // Its temporary file is made and taken away again.
      _ = try AtomicFileWriter(path: output)
    }
  }

  /// Once labels are read: refuses all that their reader has opened, and their pictures.
  func requireApart(from labels: AnnotationReading) throws {
    guard isAnyThere else { return }
    let pictures = labels.set.images.map(\.fileName).filter(Path.staysInside)
    try requireUnread(labels.filesRead() + pictures.map { Path.join(labels.imageFolder, $0) })
  }

  /// The same of label maps.
  func requireApart(from maps: SegmentationReading) throws {
    guard isAnyThere else { return }
    try requireUnread(maps.filesRead + maps.images.map(\.path))
  }

  private func requireUnread(_ files: [String]) throws {
    guard isAnyThere else { return }
    let read = Set(files.compactMap(Path.resolved))
    for output in outputs where !read.isDisjoint(with: Self.places(of: output)) {
      throw ValidationError("\(output) is what is judged, which is never written over.")
    }
  }

  private var isAnyThere: Bool { outputs.contains { Folder.hasAnything(at: $0) } }

  /// Where a file lies, or would: its name in its folder, and what a link there leads to.
  private static func places(of path: String) -> Set<String> {
    let named = Path.join(place(of: Path.folder(of: path)), Path.name(of: path))
    return Set([named, Path.resolved(path)].compactMap { $0 })
  }

  /// A folder's path with links resolved as far as it is there.
  private static func place(of folder: String) -> String {
    if let there = Path.resolved(folder) { return there }
    let above = Path.folder(of: folder)
    return above == folder ? folder : Path.join(place(of: above), Path.name(of: folder))
  }
}
