import Documents

/// What VOC's XML says and the reader does not take: noted, so that nothing is lost in silence.
extension VOCXML {
  /// What the elements that hold others may hold.
  private static let contents: [String: Set<String>] = [
    "annotation": VOCRecord.known, "size": ["width", "height", "depth"], "object": VOCRecord.Object.known,
    "bndbox": ["xmin", "ymin", "xmax", "ymax"],
  ]
  /// Elements that are known and not used.
  private static let unused: Set<String> = ["folder", "path", "source", "owner", "segmented"]

  /// Whether an element is what most are: one that nothing but its text can be said of.
  private static func isNumberOrWord(_ element: XMLElement) -> Bool {
    element.children.isEmpty && element.attributes.isEmpty
      && element.name != "size" && element.name != "object" && element.name != "bndbox"
  }

  /// Notes attributes, stray text, unknown elements, and elements that are read once and stand there again, in the elements
  /// that are read.
  static func noteUnread(in element: XMLElement, _ problems: inout AnnotationProblems) {
    let place = { (line: Int) in "\(element.file):\(line)" }
    let attributes = element.attributes.map(\.name).filter { name in
      let isRead = name == VOCRecord.verifiedKey && element.name == "annotation"
      return !isRead && name != "xmlns" && !name.hasPrefix("xmlns:")
    }
    if !attributes.isEmpty {
      problems.add(
        .ignoredElement,
        "\(place(element.line)): \(attributes.joined(separator: ", ")) of <\(element.name)> is not read")
    }
    let known = contents[element.name]
    let text = element.trimmedText
    if known != nil, !text.isEmpty {
      problems.add(
        .ignoredElement,
        "\(place(element.line)): the text \"\(text.prefix(40))\" of <\(element.name)> is not read")
    }
    var seen: Set<String> = []
    // By their places: a hostile file has as many elements as ten bytes.
    var inner: [Int] = []
    for (index, child) in element.children.enumerated()
    where !unused.contains(child.name) || known?.contains(child.name) != true {
      if known?.contains(child.name) != true {
        let parent = element.name == "annotation" ? "" : " of <\(element.name)>"
        problems.add(.ignoredElement, "\(place(child.line)): <\(child.name)>\(parent) is not read")
      } else if child.name != "object", !seen.insert(child.name).inserted {
        problems.add(
          .ignoredElement, "\(place(child.line)): a second <\(child.name)> of <\(element.name)> is not read")
      } else {
        inner.append(index)
      }
    }
    for index in inner where !isNumberOrWord(element.children[index]) {
      noteUnread(in: element.children[index], &problems)
    }
  }
}
