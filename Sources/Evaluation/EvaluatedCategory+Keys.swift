import Documents

extension [EvaluatedCategory] {
  /// A name for each class by which it is written to files: of two classes of one name the second is `name (id)`.
  public var keys: [String] {
    var used: Set<String> = []
    return map { category in
      let key = used.contains(category.name) ? "\(category.name) (\(category.id))" : category.name
      used.insert(key)
      return key
    }
  }

  /// An object with a value for each class, in their order.
  func json(_ value: (Int) -> JSON) -> JSON { .object(JSONObject(zip(keys, indices).map { ($0, value($1)) })) }
}
