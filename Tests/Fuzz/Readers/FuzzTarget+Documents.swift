import Documents

extension FuzzTarget {
  /// The readers of JSON, XML and CSV themselves.
  static let documents: [FuzzTarget] = [
    FuzzTarget(name: "json", seeds: ["coco.json", "voc.json", "labelme/*.json"]) { bytes in
      guard let value = try? JSON(parsing: bytes, file: "input") else { return }
      let text = value.serialized()
      guard let again = try? JSON(parsing: text, file: "text") else {
        preconditionFailure("what was written of a value cannot be read: \(text)")
      }
      require(again == value, "read again it is another value: \(text)")
    },
    FuzzTarget(name: "json-stream", seeds: ["coco.json", "voc.json"]) { bytes in
      let whole = try? JSON(parsing: bytes, file: "input")
      let keys: Set = ["", "images", "annotations", "categories"]
      var parts: [JSON] = []
      var members: [String] = []
      let isRead: ()? = try? JSONStream.read(
        bytes, file: "input", arrays: keys,
        element: { _, element throws(DocumentError) in
          for key in element.keys {
            _ = element.text(key)
            _ = try? element.optionalInt(key)
            _ = try? element.optionalDoubles(key)
            _ = try? element.optionalText(key)
          }
          parts.append(element.json)
        },
        member: { key, value throws(DocumentError) in members.append(key) })
      guard let whole, isRead != nil else { return }
      switch whole.content {
      case .array(let elements): require(elements == parts, "the elements are others than those of the whole")
      case .object(let object):
        let wanted = object.members.filter { keys.contains($0.key) }.flatMap { $0.value.array ?? [] }
        require(wanted == parts, "the elements are others than those of the whole")
        require(
          members == object.keys.filter { !keys.contains($0) }, "the members are others than those of the whole")
      default: preconditionFailure("a stream of what is neither an object nor an array")
      }
    },
    FuzzTarget(name: "xml", seeds: ["voc/Annotations/*.xml"]) { bytes in
      _ = try? XMLDocument.read(bytes, file: "input")
    },
    FuzzTarget(name: "csv", seeds: ["classes.txt"]) { [file = InputFile("input.csv")] bytes in
      file.hold(bytes)
      func readCells() throws(DocumentError) -> [[String]] {
        var (rows, cells) = (try CSVRows(ofFile: file.path), [[String]]())
        while let row = try rows.next() { cells.append(row.cells) }
        return cells
      }
      guard let cells = try? readCells() else { return }
      let text = CSV.text(cells)
      Array(text.utf8).withUnsafeBytes(file.hold)
      require((try? readCells()) == cells, "read again they are other rows: \(text)")
    },
  ]
}
