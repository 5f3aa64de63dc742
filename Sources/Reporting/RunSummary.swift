import Documents

/// What a finished run comes to: `summary.json` of its folder.
public struct RunSummary: Sendable, Equatable {
  /// A model that was judged, such as `student` or `teacher`, and its figures by name.
  public struct Judged: Sendable, Equatable {
    /// The predictor's name.
    public var name: String
    /// Its figures: an object as `evaluate --json` writes.
    public var metrics: JSON

    /// A predictor's figures.
    public init(_ name: String, _ metrics: JSON) {
      self.name = name
      self.metrics = metrics
    }
  }

  /// The best weights of one model, by its own figure.
  public struct Best: Sendable, Equatable {
    /// The predictor's name.
    public var name: String
    /// The step of the weights.
    public var step: Int
    /// Its figures on the validation set then.
    public var metrics: JSON

    /// A predictor's best figures.
    public init(_ name: String, step: Int, _ metrics: JSON) {
      self.name = name
      self.step = step
      self.metrics = metrics
    }
  }

  /// A stage before the run's own steps that trained a network, such as a teacher.
  public struct Stage: Sendable, Equatable {
    /// Its folder in the run's.
    public var name: String
    /// Images that went through its training.
    public var imagesSeen: Int
    /// Seconds that it took.
    public var seconds: Double

    /// A stage's cost.
    public init(_ name: String, imagesSeen: Int, seconds: Double) {
      self.name = name
      self.imagesSeen = imagesSeen
      self.seconds = seconds
    }
  }

  /// The method's name.
  public var method: String
  /// The seed that decided the run.
  public var seed: UInt64
  /// Steps that were trained.
  public var steps: Int
  /// Images that went through the run's own training, labelled and unlabelled, each time one was used.
  public var imagesSeen: Int
  /// Seconds of the run's own steps and what is beside them.
  public var seconds: Double
  /// The stages before these, in their order.
  public var stages: [Stage]
  /// The figure that chose the checkpoint, such as `validation.teacher.AP`.
  public var selectedBy: String
  /// The step of the checkpoint that was chosen.
  public var step: Int
  /// The figures of each predictor on the validation set, at that step.
  public var validation: [Judged]
  /// The best figures of each predictor on the validation set, each at its own step.
  public var best: [Best]
  /// The figures of the chosen predictor on the test set; `nil` without one.
  public var test: JSON?
  /// How the labelled images were drawn; `nil` where they are no labelled part of `annotation-tool split`.
  public var split: JSON?

  /// A run's outcome.
  public init(
    method: String, seed: UInt64, steps: Int, imagesSeen: Int, seconds: Double, selectedBy: String, step: Int,
    stages: [Stage] = [], validation: [Judged], best: [Best] = [], test: JSON? = nil, split: JSON? = nil
  ) {
    self.method = method
    self.seed = seed
    self.steps = steps
    self.imagesSeen = imagesSeen
    self.seconds = seconds
    self.selectedBy = selectedBy
    self.step = step
    self.stages = stages
    self.validation = validation
    self.best = best
    self.test = test
    self.split = split
  }

  /// Images that went through training in all stages.
  public var allImagesSeen: Int { stages.reduce(imagesSeen) { $0 + $1.imagesSeen } }

  /// Seconds of training in all stages; what lies between them, such as labelling, is not counted.
  public var allSeconds: Double { stages.reduce(seconds) { $0 + $1.seconds } }

  /// The object that `summary.json` holds.
  public var json: JSON {
    var metrics = JSONObject()
    metrics["validation"] = .object(JSONObject(validation.map { ($0.name, $0.metrics) }))
    if !best.isEmpty {
      metrics["best"] = .object(
        JSONObject(best.map { ($0.name, ["step": JSON($0.step), "validation": $0.metrics]) }))
    }
    if let test { metrics["test"] = test }
    var members = JSONObject([
      ("method", JSON(method)), ("seed", Self.json(seed: seed)), ("steps", JSON(steps)),
      ("imagesSeen", JSON(imagesSeen)), ("seconds", JSON(seconds)), ("selectedBy", JSON(selectedBy)),
      ("step", JSON(step)),
    ])
    if !stages.isEmpty {
      members["stages"] = .array(
        stages.map { ["stage": JSON($0.name), "imagesSeen": JSON($0.imagesSeen), "seconds": JSON($0.seconds)] })
    }
    if let split { members["split"] = split }
    members["metrics"] = .object(metrics)
    return .object(members)
  }

  /// Reads what ``json`` writes.
  ///
  /// - Parameter file: the name that errors give.
  public init(_ json: JSON, file: String) throws(DocumentError) {
    func wanted<Value>(_ key: String, _ value: Value?) throws(DocumentError) -> Value {
      guard let value else { throw .json(file: file, path: key, offset: nil, reason: "is missing or of another kind") }
      return value
    }
    func seed(_ json: JSON?) -> UInt64? {
      switch json?.content {
      case .number(let text), .string(let text): UInt64(text)
      default: nil
      }
    }
    try self.init(
      method: wanted("method", json["method"]?.string), seed: wanted("seed", seed(json["seed"])),
      steps: wanted("steps", json["steps"]?.int), imagesSeen: wanted("imagesSeen", json["imagesSeen"]?.int),
      seconds: wanted("seconds", json["seconds"]?.double), selectedBy: wanted("selectedBy", json["selectedBy"]?.string),
      step: wanted("step", json["step"]?.int),
      stages: (json["stages"]?.array ?? []).compactMap { stage in
        guard let name = stage["stage"]?.string, let images = stage["imagesSeen"]?.int,
          let seconds = stage["seconds"]?.double
        else { return nil }
        return Stage(name, imagesSeen: images, seconds: seconds)
      },
      validation: wanted("metrics.validation", json["metrics"]?["validation"]?.object).members.map {
        Judged($0.key, $0.value)
      },
      best: (json["metrics"]?["best"]?.object?.members ?? []).map { member throws(DocumentError) in
        let path = "metrics.best.\(member.key)"
        return try Best(
          member.key, step: wanted(path + ".step", member.value["step"]?.int),
          wanted(path + ".validation", member.value["validation"]))
      }, test: json["metrics"]?["test"], split: json["split"])
  }

  /// Reads `summary.json` of a run folder.
  public init(folder: String) throws(DocumentError) {
    let path = Path.join(folder, "summary.json")
    let file = try MappedFile(path: path)
    let bytes = withExtendedLifetime(file) { Array(file.bytes) }
    try self.init(JSON(parsing: bytes, file: path), file: path)
  }

  /// Seeds that no signed 64-bit number holds are written as text, since JSON readers refuse or round them.
  public static func json(seed: UInt64) -> JSON {
    Int(exactly: seed).map { JSON($0) } ?? .string(String(seed))
  }

  /// Writes `summary.json` into a run folder.
  public func write(to folder: String) throws(DocumentError) {
    try AtomicFile.write(json.serialized(pretty: true), to: Path.join(folder, "summary.json"))
  }
}
