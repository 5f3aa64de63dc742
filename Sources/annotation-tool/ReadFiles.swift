import Annotations
import Documents

/// The files that a verb has read: it never writes over one.
struct ReadFiles {
  private let readings: [AnnotationReading]
  private let maps: [SegmentationReading]
  private let others: [String]

  /// The files of readings, and others that options name.
  init(_ readings: [AnnotationReading] = [], maps: [SegmentationReading] = [], others: [String?] = []) {
    (self.readings, self.maps, self.others) = (readings, maps, others.compactMap { $0 })
  }

  /// Why writing to a place would change what was read; nil where it would not.
  ///
  /// - Parameters:
  ///   - path: the file that is written, or the folder.
  ///   - names: the files that would be written in the folder, as far as they may be there, relative to it.
  ///   - besidePictures: whether they may lie in a folder of pictures.
  func clash(with path: String, names: [String] = [], besidePictures: Bool = false) throws -> String? {
    // What is not there yet cannot be changed.
    guard let place = Path.resolved(path) else { return nil }
    let files = try all()
    guard Folder.exists(place) else {
      return files[place].map { "\(path): was read\($0 == path ? "" : " as \($0)"), and is never changed" }
    }
    if !besidePictures, pictures().contains(where: { Path.resolved(Path.folder(of: $0)) == place }) {
      return "\(path): is the folder of the images, which are never changed"
    }
    for name in names {
      let whole = Path.join(path, name)
      if let there = Path.resolved(whole), files[there] != nil {
        return "\(whole): was read, and is never changed; give another folder"
      }
    }
    return nil
  }

  /// All files by their resolved paths, each as it was named.
  private func all() throws -> [String: String] {
    var names = others + pictures()
    for reading in readings { names += try reading.filesRead() }
    for reading in maps { names += reading.filesRead }
    var files: [String: String] = [:]
    for name in names {
      if let place = Path.resolved(name), files[place] == nil { files[place] = name }
    }
    return files
  }

  private func pictures() -> [String] {
    readings.flatMap { reading in
      reading.set.images.map(\.fileName).filter(Path.staysInside).map { Path.join(reading.imageFolder, $0) }
    }.filter { Folder.hasFile($0) } + maps.flatMap { $0.images.map(\.path) }
  }
}
