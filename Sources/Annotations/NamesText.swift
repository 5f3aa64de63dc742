/// Names as messages list them: up to 20, then how many more there are of all of them.
func namesText(_ names: [String], of count: Int? = nil, most: Int = 20) -> String {
  let (shown, count) = (names.prefix(most), count ?? names.count)
  return shown.joined(separator: ", ") + (count > shown.count ? " and \(count - shown.count) more" : "")
}
