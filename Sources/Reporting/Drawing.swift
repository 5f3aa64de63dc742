import Documents

/// What is drawn as SVG on a page of its own or in an ``HTMLReport``.
public protocol Drawing: Sendable {
  /// An SVG element of `width` × `height` pixels; one with another shape of its own may be higher.
  ///
  /// - Parameter isStandalone: a file of its own, with a white ground; else its text takes the colour of the page.
  func svg(width: Int, height: Int, isStandalone: Bool) -> String
}

extension Plot: Drawing {}

/// Parts of SVG that all drawings are made of.
enum SVG {
  /// The opening of an element with a title; the colour of all text, `ink`, is the page's own where there is one.
  static func opening(_ title: String, width: Double, height: Double, isStandalone: Bool) -> [String] {
    let size = "\(NumberText.coordinate(width)) \(NumberText.coordinate(height))"
    let start =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" width=\"\(NumberText.coordinate(width))\""
      + " height=\"\(NumberText.coordinate(height))\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\""
      + " fill=\"\(ink(isStandalone))\"><title>\(XMLDocument.escaped(title))</title>"
    return isStandalone ? [start, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"] : [start]
  }

  /// Ink of the text.
  static func ink(_ isStandalone: Bool) -> String { isStandalone ? "#222222" : "currentColor" }

  /// A line of text.
  static func text(_ text: String, _ x: Double, _ y: Double, anchor: String, _ style: String = "") -> String {
    "<text x=\"\(NumberText.coordinate(x))\" y=\"\(NumberText.coordinate(y))\" text-anchor=\"\(anchor)\""
      + "\(style.isEmpty ? "" : " ")\(style)>\(XMLDocument.escaped(text))</text>"
  }

  /// A filled rectangle; the title is shown where the pointer rests on it.
  static func box(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, _ style: String = "",
    title: String? = nil
  ) -> String {
    "<rect x=\"\(NumberText.coordinate(x))\" y=\"\(NumberText.coordinate(y))\" width=\"\(NumberText.coordinate(width))\""
      + " height=\"\(NumberText.coordinate(height))\" fill=\"\(fill)\"\(style.isEmpty ? "" : " ")\(style)"
      + (title.map { "><title>\(XMLDocument.escaped($0))</title></rect>" } ?? "/>")
  }

  /// A text cut to a number of letters.
  static func cut(_ text: String, _ most: Int) -> String { text.count > most ? text.prefix(most - 1) + "…" : text }
}
