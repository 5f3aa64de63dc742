import Documents

/// How the labelled part of one fold was drawn, and which images it holds; kept in `info.split` of its COCO file and in
/// `split.json`.
public struct SplitRecord: Sendable, Equatable {
  /// The SHA-256 that names the labelled images, of ``hash(of:digests:)``.
  public var hash: String
  /// Whether the hash is over the images' contents too, not over their ids alone.
  public var hashesContents: Bool
  /// The labelled part asked for.
  public var fraction: Double
  /// The fold's number, as files name it.
  public var fold: Int
  /// What it was drawn with.
  public var seed: UInt64
  /// How it was drawn.
  public var mode: AnnotationSplit.Mode

  /// A fold's record.
  public init(
    hash: String, hashesContents: Bool, fraction: Double, fold: Int, seed: UInt64, mode: AnnotationSplit.Mode
  ) {
    self.hash = hash
    self.hashesContents = hashesContents
    self.fraction = fraction
    self.fold = fold
    self.seed = seed
    self.mode = mode
  }

  /// Reads what ``json`` writes; nil for anything else.
  public init?(_ json: JSON?) {
    guard let json, let hash = json["hash"]?.string, let hashesContents = json["hashesContents"]?.bool,
      let fraction = json["fraction"]?.double, let fold = json["fold"]?.int,
      case .number(let seedText)? = json["seed"]?.content, let seed = UInt64(seedText),
      let mode = json["mode"]?.string.flatMap(AnnotationSplit.Mode.init(rawValue:))
    else { return nil }
    self.init(
      hash: hash, hashesContents: hashesContents, fraction: fraction, fold: fold, seed: seed, mode: mode)
  }

  /// As files hold it.
  public var json: JSON {
    [
      "hash": JSON(hash), "hashesContents": .bool(hashesContents), "fraction": JSON(fraction), "fold": JSON(fold),
      "seed": .number(String(seed)), "mode": JSON(mode.rawValue),
    ]
  }

  /// In words, for a log.
  public var summary: String {
    "\(hash.prefix(12)) (\(mode.rawValue), fraction \(JSON.text(of: fraction)), fold \(fold), seed \(seed))"
  }

  /// The SHA-256 of the lines `id digest`, or `id` without digests, by ascending id: the same on every machine,
  /// whatever the order and names of the files.
  public static func hash(of ids: [Int], digests: [Int: String]?) -> String {
    var hash = SHA256()
    for id in ids.sorted() {
      hash.update(digests.map { "\(id) \($0[id] ?? "")\n" } ?? "\(id)\n")
    }
    return hash.hexDigest()
  }

  /// The SHA-256 of the lines `name digest`, sorted by their bytes: for sources whose ids depend on what is read with them.
  ///
  /// - Parameter names: without folders and extension, so that it does not matter from where they are seen.
  public static func hash(ofNames names: [String], digests: [String]) -> String {
    var hash = SHA256()
    let lines = zip(names, digests).map { "\($0) \($1)\n" }
    for line in lines.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { hash.update(line) }
    return hash.hexDigest()
  }
}
