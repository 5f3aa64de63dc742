/// Names as messages list them: up to 20, then how many more there are.
func namesText(_ names: [String], most: Int = 20) -> String {
  names.prefix(most).joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
}
