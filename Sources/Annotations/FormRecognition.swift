import Documents

/// Which forms a source may be in, and by what each is known.
public struct FormRecognition: Sendable {
  /// A form, and what speaks for it.
  public struct Candidate: Sendable, Equatable {
    /// The form.
    public let form: AnnotationFormat
    /// What speaks for it, in words.
    public let evidence: String
  }

  /// What was looked at.
  public let source: String
  /// All forms that something speaks for, in the order of `AnnotationFormat`.
  public let candidates: [Candidate]
  private let isFolder: Bool
  private let isOneOfLabelMe: Bool
  private let isEmptyArray: Bool
  private let keys: String?
  /// Files of JSON in a folder, each of which may be a source.
  private let files: [String]

  /// Looks at what lies at `path`.
  public init(_ path: String) throws(AnnotationError) {
    let look = try SourceLook(path)
    source = path
    isFolder = look.isFolder
    isOneOfLabelMe = look.objectKeys.contains("shapes")
    files = look.names.filter { Path.extension(of: $0) == "json" }.sorted().map(look.place)
    isEmptyArray = look.json == .array(elementKeys: [])
    candidates = AnnotationFormat.allCases.compactMap { form in
      form.form.evidence(in: look).map { Candidate(form: form, evidence: $0) }
    }
    let found = look.elementKeys ?? look.objectKeys
    let kind = look.elementKeys == nil ? "its keys are" : "the keys of its first element are"
    keys = look.json == nil ? nil : "\(kind) \(found.isEmpty ? "none" : found.prefix(8).joined(separator: ", "))"
  }

  /// The one form of the source.
  ///
  /// - Parameter boxesOnly: whether forms without boxes count only where there is no other, as where a detector learns or is
  ///   judged: a VOC folder is a source of boxes there even if it has label maps, too.
  public func form(boxesOnly: Bool) throws(AnnotationError) -> AnnotationFormat {
    if boxesOnly, isEmptyArray {
      throw .content(place: source, reason: "is an array without an object: it lists no image")
    }
    let withBoxes = candidates.filter { $0.form.holds.contains(.boxes) }
    let fitting = boxesOnly && !withBoxes.isEmpty ? withBoxes : candidates
    if fitting.count == 1 { return fitting[0].form }
    guard !fitting.isEmpty else { throw nothingFound(boxesOnly: boxesOnly) }
    let reasons = fitting.map { "\($0.form.rawValue) (\($0.evidence))" }.joined(separator: " or ")
    throw .content(
      place: source, reason: "could be \(reasons); keep them apart, or say which (annotation-tool: --from)")
  }

  /// The error of a source that nothing speaks for: what was looked for.
  public func nothingFound(boxesOnly: Bool) -> AnnotationError {
    if isOneOfLabelMe {
      return .content(place: source, reason: "is one file of LabelMe's; wanted is the folder of all of them")
    }
    let forms = AnnotationFormat.allCases.filter {
      $0.isFolder == isFolder && (!boxesOnly || $0.holds.contains(.boxes))
    }
    let signs = forms.map { "\($0.form.sign) (\($0.rawValue))" }.joined(separator: ", ")
    let inside = files.isEmpty ? nil : "a file of JSON in it is a source by itself: \(namesText(files, most: 3))"
    let found = [keys, inside].compactMap { $0 }.map { "; \($0)" }.joined()
    return .content(place: source, reason: "has labels of no known form\(found); looked for: \(signs)")
  }
}
