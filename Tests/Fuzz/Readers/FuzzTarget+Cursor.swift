@testable import Annotations
@testable import Documents

/// Elements that are read by json-c alone.
private struct ByJSONC<Elements: JSONElements>: JSONElements {
  var elements: Elements
  mutating func take(_ cursor: inout JSONCursor) -> Bool { false }
  mutating func take(_ element: JSONElement) throws(DocumentError) { try elements.take(element) }
  mutating func append(_ next: consuming ByJSONC, expected: Int) { elements.append(next.elements, expected: expected) }
}

extension FuzzTarget {
  /// The scanner of plain JSON against json-c, which is its oracle: values, and the elements of COCO's arrays.
  static let cursor: [FuzzTarget] = [
    FuzzTarget(name: "json-cursor", seeds: ["coco.json", "results.json"]) { bytes in
      // Within an array, as elements are: a bare number may go on at the end of the bytes.
      let wrapped = Array("[".utf8) + bytes + Array("]".utf8)
      let wanted = try? JSON(parsing: wrapped, file: "input")
      wrapped.withUnsafeBytes { wrapped in
        var cursor = JSONCursor(wrapped)
        if let value = cursor.value(), cursor.at == wrapped.count {
          require(value.serialized() == wanted?.serialized(), "the value is another than json-c's")
        }
        var skipping = JSONCursor(wrapped)
        if skipping.skipValue(), skipping.at == wrapped.count {
          require(wanted != nil, "what json-c refuses was skipped")
        }
      }
    },
    elements("coco-objects", [], { COCOObjects(keepsSegmentations: true) }) { read in
      read.objects.map { object in
        var record: [UInt8] = []
        COCOInstances.append(object: object, to: &record)
        let text = (try? JSON(parsing: record, file: ""))?.serialized() ?? "not JSON"
        return "\(text) \(object.box) \(object.writtenBox) \(object.area) \(object.segmentation?.text ?? "-")"
      }
    },
    elements("coco-images", [], { COCOImages() }) { read in read.images.map { "\($0)" } },
    elements("coco-predictions", ["results.json"], { COCOPredictions(keepsSegmentations: true) }) { read in
      read.objects.map { object in
        let box = object.writtenBox.map { "\($0)" } ?? "-"
        return "\(object.imageID) \(object.categoryID) \(object.score) \(object.segmentation?.text ?? "-") \(box)"
      }
    },
  ]

  /// Reads an array of elements by the scanner and by json-c: errors, problems and what was read must be the same.
  private static func elements<Elements: JSONElements>(
    _ name: String, _ seeds: [String], _ make: @escaping @Sendable () -> Elements,
    _ texts: @escaping @Sendable (Elements) -> [String]
  ) -> FuzzTarget {
    let file = InputFile(name + ".json")
    return FuzzTarget(name: name, seeds: seeds) { bytes in
      file.hold(bytes)
      let plain = outcome(of: file.path, make, texts)
      let wanted = outcome(of: file.path, { ByJSONC(elements: make()) }) { texts($0.elements) }
      require(plain == wanted, "\(plain) is not json-c's \(wanted)")
    }
  }

  /// What reading a file comes to: its elements, its problems, its error.
  private static func outcome<Elements: JSONElements>(
    of path: String, _ make: @escaping @Sendable () -> Elements, _ texts: (Elements) -> [String]
  ) -> [[String]] {
    var (found, problems, errors): ([String], [String], [String]) = ([], [], [])
    do {
      try JSONStream.read(path, isArray: true) { member throws(DocumentError) in
        found = texts(try member.elements(make, problem: { problems.append("\($0)") }))
      }
    } catch { errors = ["\(error)"] }
    return [found, problems, errors]
  }
}
