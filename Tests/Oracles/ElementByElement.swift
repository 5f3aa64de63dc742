import Documents

/// Elements of which none is taken by the cursor: all are read as ``JSONElement``.
public struct ElementByElement<Elements: JSONElements>: JSONElements {
  /// What was read.
  public private(set) var elements: Elements

  /// Nothing read so far.
  public init(_ elements: Elements) { self.elements = elements }

  /// Takes none.
  public mutating func take(_ cursor: inout JSONCursor) -> Bool { false }

  /// Takes it as the elements take it.
  public mutating func take(_ element: JSONElement) throws(DocumentError) { try elements.take(element) }

  /// Appends what follows.
  public mutating func append(_ next: consuming ElementByElement, expected: Int) {
    elements.append(next.elements, expected: expected)
  }
}
