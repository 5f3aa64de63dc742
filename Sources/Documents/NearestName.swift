/// The name that differs least from what was typed, if it is near enough to be meant: at most a third of its letters.
public func nearestName(to typed: String, in names: [String]) -> String? {
  let best = names.map { (name: $0, distance: editDistance(typed, $0)) }.min { $0.distance < $1.distance }
  guard let best, best.distance <= max(1, max(typed.count, best.name.count) / 3) else { return nil }
  return best.name
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first)
  let b = Array(second)
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
