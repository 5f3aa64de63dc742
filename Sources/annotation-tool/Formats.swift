import Annotations
import ArgumentParser
import Documents

/// `annotation-tool formats`.
struct Formats: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the forms that labels are read and written in.")

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func run() throws {
    if json {
      let formats = AnnotationFormat.allCases.map { format -> JSON in
        [
          "name": JSON(format.rawValue), "reads": true, "writes": .bool(format.isWritable),
          "isFolder": .bool(format.isFolder), "summary": JSON(format.summary),
        ]
      }
      Output.result(JSON.array(formats).serialized(pretty: true))
      return
    }
    let width = AnnotationFormat.allCases.map(\.rawValue.count).max() ?? 0
    for format in AnnotationFormat.allCases {
      let padding = String(repeating: " ", count: width - format.rawValue.count)
      Output.result(
        "\(format.rawValue)\(padding)  \(format.isWritable ? "read, write" : "read       ")  \(format.summary)")
    }
  }
}
