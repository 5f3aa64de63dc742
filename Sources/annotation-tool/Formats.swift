import Annotations
import ArgumentParser
import Documents

/// `annotation-tool formats`.
struct Formats: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the forms that labels are read and written in.")

  @Flag(help: "Taken by all verbs; this one writes nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func run() throws {
    if json {
      Output.result(JSON.array(AnnotationFormat.allCases.map(Self.json)).serialized(pretty: true))
      return
    }
    let rows = [["name", "use", "is a", "holds", "coordinates"]] + AnnotationFormat.allCases.map(Self.cells)
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        column == 4 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      Output.result(cells.joined(separator: "  "))
    }
  }

  private static func cells(of format: AnnotationFormat) -> [String] {
    [
      format.rawValue, format.isWritable ? "read, write" : "read", format.isFolder ? "folder" : "file",
      format.holds.map(\.rawValue).joined(separator: ", "), format.coordinates,
    ]
  }

  private static func json(of format: AnnotationFormat) -> JSON {
    [
      "name": JSON(format.rawValue), "summary": JSON(format.summary), "reads": true,
      "writes": .bool(format.isWritable), "isFolder": .bool(format.isFolder),
      "holds": .array(format.holds.map { JSON($0.rawValue) }), "coordinates": JSON(format.coordinates),
    ]
  }
}
