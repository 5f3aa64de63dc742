import Documents

/// Where a verb writes: never over its input, and over what else is there only if it is told to.
struct OutputPlace {
  /// The file or folder.
  let path: String
  /// What is read.
  let sources: [String]
  /// Whether what exists may be written over.
  let force: Bool
  /// Whether nothing is written, so that a refusal is only said.
  let isDry: Bool

  /// Before anything is read: refuses a source, and what exists.
  func requireFree() throws {
    if !isDry, let reason = try occupied() { throw ToolFailure(description: reason) }
  }

  /// Once all is read: refuses a place where files would be written over that were read, as ``ReadFiles/clash(with:names:besidePictures:)``
  /// finds them.
  ///
  /// - Returns: of a dry run, all for which the place would be refused.
  func refusals(_ read: ReadFiles, names: [String] = [], besidePictures: Bool = false) throws -> [String] {
    let reasons = try [
      occupied(), try read.clash(with: path, names: names, besidePictures: besidePictures),
    ].compactMap { $0 }
    if !isDry, let reason = reasons.last { throw ToolFailure(description: reason) }
    return reasons
  }

  private func occupied() throws -> String? {
    let place = Path.resolved(path)
    if place != nil, sources.contains(where: { Path.resolved($0) == place }) {
      return "\(path): is the source itself, which is never changed"
    }
    guard !force, Folder.hasAnything(at: path) else { return nil }
    if Folder.exists(path), try Folder.names(in: path).isEmpty { return nil }
    return "\(path): exists; --force writes over it"
  }
}

extension Output {
  /// Says for what a dry run's output would be refused.
  static func refusals(_ reasons: [String]) {
    for reason in reasons { result("would be refused: \(reason)") }
  }
}
