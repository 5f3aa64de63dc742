import Oracles

@testable import Annotations
@testable import Documents

extension FuzzTarget {
  /// Both scanners of JSON against json-c, which is their oracle, and the elements of COCO's arrays by one against the other.
  static let cursor: [FuzzTarget] = [
    FuzzTarget(name: "json-cursor", seeds: ["coco.json", "results.json"]) { bytes in
      // Within an array, as elements are: a bare number may go on at the end of the bytes.
      let wrapped = Array("[".utf8) + bytes + Array("]".utf8)
      let wanted = JSON.readByJSONC(wrapped)?.serialized()
      let whole = (try? JSON(parsing: wrapped, file: "input"))?.serialized()
      require(whole == nil || whole == wanted, "the value is another than json-c's")
      wrapped.withUnsafeBytes { wrapped in
        var cursor = JSONCursor(wrapped)
        if let value = cursor.value(), cursor.at == wrapped.count {
          require(value.serialized() == whole, "the cursor's value is another")
        }
        var skipping = JSONCursor(wrapped)
        if skipping.skipValue(), skipping.at == wrapped.count {
          require(whole != nil, "what is refused was skipped")
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

  /// Reads an array of elements by the cursor and one by one: errors, problems and what was read must be the same.
  private static func elements<Elements: JSONElements>(
    _ name: String, _ seeds: [String], _ make: @escaping @Sendable () -> Elements,
    _ texts: @escaping @Sendable (Elements) -> [String]
  ) -> FuzzTarget {
    let file = InputFile(name + ".json")
    return FuzzTarget(name: name, seeds: seeds) { bytes in
      file.hold(bytes)
      let plain = outcome(of: file.path, make, texts)
      let wanted = outcome(of: file.path, { ElementByElement(make()) }) { texts($0.elements) }
      require(plain == wanted, "\(plain) is not \(wanted)")
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
