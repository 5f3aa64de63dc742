extension JSONElement {
  /// Reads the JSON file at `path`, an object, but for the elements of one of its arrays, which come one after the other and are
  /// then forgotten.
  ///
  /// - Parameters:
  ///   - array: the key of the array; where its value is none it is a member like others.
  ///   - element: gets each of its elements, in the file's order.
  ///   - rest: gets the object at the end, with the array empty.
  public static func read(
    _ path: String, elementsOf array: String, _ element: (JSONElement) throws(DocumentError) -> Void,
    rest: (JSONElement) throws(DocumentError) -> Void
  ) throws(DocumentError) {
    try MappedFile(path: path).withBytes { bytes throws(DocumentError) in
      var root = JSONObject()
      try JSONStream.read(bytes, file: path, isArray: false) { key, at, scan throws(DocumentError) in
        if key == array, bytes[at] == UInt8(ascii: "[") {
          root.append(key, [])
          return try JSONStream.elements(of: key, at: at, &scan) { (_, one) throws(DocumentError) in try element(one)
          }
        }
        let (value, end) = try scan.json(at: at)
        root.append(key, value)
        return end
      }
      try rest(JSONElement(.object(root), file: path, bytes))
    }
  }
}
