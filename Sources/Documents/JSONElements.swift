/// The elements of one array of a JSON file, collected by a reader: a part of them on each core, then all in order.
public protocol JSONElements: Sendable {
  /// Takes the element at the cursor where it is plain, and leaves the cursor behind it. Where it says no it has
  /// changed nothing but the cursor.
  mutating func take(_ cursor: inout JSONCursor) -> Bool

  /// Takes an element that is not plain. Where it throws it has changed nothing.
  mutating func take(_ element: JSONElement) throws(DocumentError)

  /// Appends the elements that follow these in the file.
  ///
  /// - Parameter expected: about how many there will be with all parts that follow.
  mutating func append(_ next: consuming Self, expected: Int)
}
