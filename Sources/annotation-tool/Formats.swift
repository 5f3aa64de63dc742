import Annotations
import ArgumentParser

/// `annotation-tool formats`.
struct Formats: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the forms that labels are read and written in.")

  mutating func run() throws {
    let width = AnnotationFormat.allCases.map(\.rawValue.count).max() ?? 0
    for format in AnnotationFormat.allCases {
      let padding = String(repeating: " ", count: width - format.rawValue.count)
      Output.result("\(format.rawValue)\(padding)  \(format.isWritable ? "read, write" : "read       ")  \(format.summary)")
    }
  }
}
