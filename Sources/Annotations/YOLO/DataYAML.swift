import Documents

/// The description of a data set in Ultralytics' layout: where its images are and what its classes are called.
///
/// The file is YAML; read is the part of it that such files use, strictly, and no more: `path`, `train`, `val`, `test` as a
/// text or a list, `names` as a list or by number. Other keys are passed over with all that is indented below them.
struct DataYAML {
  /// The folder that the data set lies in, as the file says.
  var path = ""
  /// Folders of images, or lists of them, by subset: `train`, `val`, `test`.
  var subsets: [(name: String, places: [String])] = []
  /// The classes by number; nil where the file has none.
  var names: [String]?

  private static let subsetKeys = ["train", "val", "test"]
  /// The key that sets of keypoints (pose) have, whose rows look like outlines.
  private static let keypointKey = "kpt_shape"

  /// Reads a file; one of keypoints is refused.
  static func read(_ path: String) throws(DocumentError) -> DataYAML {
    var data = DataYAML()
    var reader = YAMLLines(text: try TextFile.read(path), file: path)
    var seen: Set<String> = []
    while let line = reader.next() {
      guard line.indent == 0 else { throw reader.error(line, "is indented, but stands under no key") }
      let (key, rest) = try reader.keyAndValue(line)
      guard seen.insert(key).inserted else { throw reader.error(line, "has the key \(key) twice") }
      if key == keypointKey {
        throw reader.error(line, "has the key \(key): its labels are keypoints; read are boxes and outlines")
      }
      let isKnown = key == "path" || key == "names" || subsetKeys.contains(key)
      guard isKnown else {
        try reader.skipBlock()
        continue
      }
      let value = try reader.value(rest, line)
      switch (key, value) {
      case ("names", .list(let names)): data.names = names
      case ("names", .map(let pairs)): data.names = try self.names(pairs, line, reader)
      case ("names", _): throw reader.error(line, "names is neither a list nor a name for each number")
      case ("path", .text(let text)): data.path = text
      case (_, .text(let text)) where key != "path": data.subsets.append((key, text.isEmpty ? [] : [text]))
      case (_, .list(let places)) where key != "path": data.subsets.append((key, places))
      default: throw reader.error(line, "\(key) is no text")
      }
    }
    return data
  }

  private static func names(
    _ pairs: [(String, String)], _ line: YAMLLines.Line, _ reader: YAMLLines
  ) throws(DocumentError) -> [String] {
    var names = [String?](repeating: nil, count: pairs.count)
    for (key, name) in pairs {
      guard let number = Int(key) else { throw reader.error(line, "names has \"\(key)\" where a number is due") }
      guard names.indices.contains(number), names[number] == nil else {
        throw reader.error(line, "names does not number its \(pairs.count) classes from 0 to \(pairs.count - 1)")
      }
      names[number] = name
    }
    return names.compactMap { $0 }
  }

  /// The text of a file that says where images are below its own folder, and the names of classes in order.
  static func text(subsets: [(name: String, place: String)], names: [String]) -> String {
    var text = "# Labels in Ultralytics' layout. Without a path this file's own folder is the data set's.\n"
    for (name, place) in subsets { text += "\(name): \(YAMLLines.scalar(place))\n" }
    text += names.isEmpty ? "names: []\n" : "names:\n"
    for (number, name) in names.enumerated() { text += "  \(number): \(YAMLLines.scalar(name))\n" }
    return text
  }
}
