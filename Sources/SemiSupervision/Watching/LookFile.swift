import Documents
import Training

/// A file of a run's folder with what was counted between looks at the run: `{…, "looks": [{"step": 120, …}, …]}`.
///
/// It is written as a whole at every look, before the checkpoint of the same step; a resumed run goes on with the looks up
/// to its checkpoint, so that none is there twice.
struct LookFile {
  /// Where it lies.
  let path: String
  private let head: JSONObject
  private var looks: [JSON] = []

  /// A new file, which is written with the first look, or the one that is there up to a step.
  ///
  /// - Parameter head: What stands before the looks.
  init(_ path: String, head: JSONObject, resumedAt step: Int?) throws(DocumentError) {
    self.path = path
    self.head = head
    guard let step, Folder.hasFile(path) else { return }
    looks = try Self.looks(of: path).filter { look in
      look["isOpen"]?.bool != true && look["step"]?.int.map { $0 <= step } ?? false
    }
  }

  /// Adds the look after a step, and writes the file.
  mutating func add(step: Int, _ look: JSONObject) throws(DocumentError) {
    looks.append(Self.entry(step, look))
    try write(looks)
  }

  /// Writes the file with one more look that the next one takes the place of: of a run that is stopped between two.
  func show(step: Int, _ look: JSONObject) throws(DocumentError) {
    var open = look
    open["isOpen"] = true
    try write(looks + [Self.entry(step, open)])
  }

  private static func entry(_ step: Int, _ look: JSONObject) -> JSON {
    .object(JSONObject([("step", JSON(step))] + look.members.map { ($0.key, $0.value) }))
  }

  private func write(_ looks: [JSON]) throws(DocumentError) {
    var whole = head
    whole["looks"] = .array(looks)
    try AtomicFile.write(JSON.object(whole).serialized() + "\n", to: path)
  }

  /// The looks in a file.
  static func looks(of path: String) throws(DocumentError) -> [JSON] {
    let whole = try JSON(contentsOf: path)
    guard let looks = whole["looks"]?.array else {
      throw .json(file: path, path: "looks", offset: nil, reason: "is missing or of another kind")
    }
    return looks
  }
}

/// When a run is looked at: at its evaluations, without them at its contact sheets, and at its end.
struct LookInterval {
  private let every: Int

  /// The interval of a run.
  init(_ settings: TrainerSettings) {
    every = settings.evaluateEvery > 0 ? settings.evaluateEvery : settings.sheetEvery
  }

  /// Whether a step is followed by a look.
  func isDue(after report: StepReport, of run: any TrainingRun) -> Bool {
    run.isComplete || (every > 0 && report.stepsDone % every == 0)
  }
}
