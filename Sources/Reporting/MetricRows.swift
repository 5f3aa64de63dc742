import Documents

/// `metrics.csv`: one row a step, with the columns that were named at the start.
struct MetricRows {
  private let file: LineFile
  private let columns: [String]
  /// The row being filled: its step, where it begins in the file, and its values by column.
  private var current: (step: Int, start: Int, cells: [String])?

  /// A new file with a header, or with a step to resume from the old one without the rows after that step.
  ///
  /// A resumed file keeps its own columns, whatever `columns` says.
  init(path: String, columns: [String], resumedAt step: Int?) throws(DocumentError) {
    if let step, Folder.hasFile(path) {
      let lines = try LineFile.lines(of: path)
      if let header = lines.first {
        self.columns = Self.cells(of: header.text).dropFirst().map { $0 }
        file = try LineFile(appending: path)
        var end = header.offset + header.text.utf8.count + 1
        for line in lines.dropFirst() {
          guard let rowStep = Self.cells(of: line.text).first.flatMap({ Int($0) }), rowStep <= step else { break }
          if rowStep == step { current = (rowStep, line.offset, Array(Self.cells(of: line.text).dropFirst())) }
          end = line.offset + line.text.utf8.count + 1
        }
        try file.truncate(to: end)
        return
      }
    }
    self.columns = columns
    file = try step == nil ? LineFile(creating: path) : LineFile(appending: path)
    try file.truncate(to: 0)
    try file.append((["step"] + columns).map(CSV.quoted).joined(separator: ","))
  }

  /// Writes values of a step. Values of the same step recorded one after another share a row; names that have no column
  /// are left to `metrics.jsonl`.
  mutating func record(step: Int, values: [(String, Double)]) throws(DocumentError) {
    var row = (step: step, start: file.end, cells: [String](repeating: "", count: columns.count))
    if let current, current.step == step { row = current }
    var isNew = false
    for (name, value) in values {
      guard let column = columns.firstIndex(of: name), column < row.cells.count else { continue }
      row.cells[column] = JSON.text(finiteOrNamed: value)
      isNew = true
    }
    guard isNew else { return }
    if row.start < file.end { try file.truncate(to: row.start) }
    try file.append(([String(step)] + row.cells.map(CSV.quoted)).joined(separator: ","))
    current = row
  }

  func synchronize() throws(DocumentError) { try file.synchronize() }

  private static func cells(of line: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    var wasQuote = false
    for character in line {
      if character == "\"" {
        // Two quotes in a row within quotes are one of the text.
        if wasQuote, !isQuoted { cells[cells.count - 1].append(character) }
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      wasQuote = character == "\""
    }
    return cells
  }
}

extension JSON {
  /// The shortest text that reads back as `value`; `nan`, `inf` and `-inf` for what is no number.
  fileprivate static func text(finiteOrNamed value: Double) -> String {
    value.isFinite ? value.description : NumberText.fixed(value, 0)
  }
}
