import CJSON
import Documents

extension JSON {
  /// The value that json-c reads from a whole JSON text; nil where it refuses it.
  ///
  /// It accepts more than `Documents` does: NaN, keys given twice, `1.`, integers beyond 64 bits, halves of surrogate pairs. What
  /// `Documents` accepts must be the same value here.
  public static func readByJSONC(_ bytes: [UInt8]) -> JSON? {
    guard let tokener = json_tokener_new_ex(65) else { preconditionFailure("json-c: out of memory") }
    defer { json_tokener_free(tokener) }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
    // The zero byte says that a bare number does not go on.
    let text = bytes.map { CChar(bitPattern: $0) } + [0]
    let value = json_tokener_parse_ex(tokener, text, Int32(text.count))
    defer { json_object_put(value) }
    guard json_tokener_get_error(tokener) == json_tokener_success else { return .none }
    let rest = bytes.dropFirst(json_tokener_get_parse_end(tokener))
    let isOver = rest.allSatisfy { [9, 10, 13, 32].contains($0) }
    return isOver ? JSON(byJSONC: value) : .none
  }

  private init(byJSONC value: OpaquePointer?) {
    switch json_object_get_type(value) {
    case json_type_boolean: self = .bool(json_object_get_boolean(value) != 0)
    case json_type_int: self = .number(String(json_object_get_int64(value)))
    // json-c keeps the text of the numbers it has read.
    case json_type_double: self = .number(String(cString: json_object_get_string(value)))
    case json_type_string:
      let text = UnsafeRawBufferPointer(
        start: json_object_get_string(value), count: Int(json_object_get_string_len(value)))
      self = .string(String(decoding: text, as: UTF8.self))
    case json_type_array:
      self = .array((0..<json_object_array_length(value)).map { JSON(byJSONC: json_object_array_get_idx(value, $0)) })
    case json_type_object:
      var object = JSONObject()
      var member = json_object_iter_begin(value)
      var end = json_object_iter_end(value)
      while json_object_iter_equal(&member, &end) == 0 {
        if let name = json_object_iter_peek_name(&member) {
          object[String(cString: name)] = JSON(byJSONC: json_object_iter_peek_value(&member))
        }
        json_object_iter_next(&member)
      }
      self = .object(object)
    default: self = .null
    }
  }
}
