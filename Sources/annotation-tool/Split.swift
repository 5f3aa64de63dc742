import Annotations
import ArgumentParser
import Documents

/// `annotation-tool split`.
struct Split: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw which images count as labelled; write lists and COCO files of both parts.",
    discussion: """
      Every fold is a folder fold-N with labeled.txt, unlabeled.txt, labeled.json, unlabeled.json (without objects), \
      and labeled-images.json, unlabeled-images.json (ids and SHA-256 of the images). With --protocol stac and \
      without-replacement the files are called as the published ones, SRC.SEED@PERCENT.json and \
      SRC.SEED@PERCENT-unlabeled.json. split.json beside them records how it was drawn, the hash of each fold's \
      labelled images and the SHA-256 of each file. Of label maps every fold has the lists alone, and the same about images.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Label maps") var masks: MaskOptions
  @OptionGroup(title: "How images are drawn") var drawing: SplitOptions

  @Option(help: "Folder to write.")
  var output: String

  @Flag(help: "Write over what exists.")
  var force = false

  @Flag(help: "Say what would be written; write nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  private var place: OutputPlace {
    OutputPlace(path: output, sources: [source.source], force: force, isDry: dryRun)
  }

  mutating func run() throws {
    try place.requireFree()
    if let reading = try masks.choice.read(source.place) { return try split(reading) }
    if drawing.listForm != nil { throw ValidationError("--list-form wants label maps") }
    var reading = try source.place.read()
    guard !reading.set.images.isEmpty else { throw ToolFailure(description: "\(source.source): has no image to draw") }
    try reading.fillUnknownSizes(exif: source.reading.exif)
    let splits = try drawing.draw(reading.set, source: source.source)
    let origin = AnnotationSplit.Origin(
      source: source.source, sourceDigest: try reading.sourceDigest(), fraction: drawing.labeledFraction,
      seed: drawing.seed, mode: drawing.mode, indexFile: drawing.indexFile,
      hasPublishedNames: drawing.hasPublishedNames, digests: try digests(of: reading))
    let records = splits.enumerated().map { place, split in origin.record(of: split, at: place, in: reading.set) }
    let stems = records.flatMap { [origin.stem(of: $0, isLabeled: true), origin.stem(of: $0, isLabeled: false)] }
    let refusals = try refusals(ReadFiles([reading], others: [drawing.indexFile]), stems: stems)
    // Not refused: the lists lead to the source, which has all of it.
    let losses = reading.losses(in: .coco)
    for line in losses.lines { Output.message("loss: \(line)") }
    if !dryRun { try AnnotationSplit.write(splits, of: reading.set, origin: origin, to: output) }
    for (split, record) in zip(splits, records) { report(split, record, origin, reading.set) }
    reportAll(splits, records, refusals, losses, images: reading.set.images.map(\.fileName))
  }

  /// The digests of all image files; nil, and said, where files are missing.
  private func digests(of reading: AnnotationReading) throws -> [Int: String]? {
    if let missing = reading.imagesNotAtHand {
      Output.message(
        "note: \(missing.count) of \(reading.set.images.count) image files are not at hand in \(reading.imageFolder), "
          + "such as \(missing.example): lists and hashes are of image ids alone, without contents (--images names the "
          + "folder)")
      return nil
    }
    return try hashing(reading.set.images.count) { try reading.imageDigests(report: $0) }
  }

  private func report(
    _ split: AnnotationSplit, _ record: SplitRecord, _ origin: AnnotationSplit.Origin, _ set: AnnotationSet
  ) {
    let ids = Set(split.labeled.map { set.images[$0].id })
    let labeled = set.subset { ids.contains($0.id) }
    let stem = origin.stem(of: record, isLabeled: true)
    let place = Path.join(output, origin.hasPublishedNames ? stem : Path.folder(of: stem))
    let repeated = split.draws - split.labeled.count
    let leftOut = set.images.count - split.labeled.count - split.unlabeled.count
    say(
      "\(place): " + (dryRun ? "would hold " : "")
        + "\(split.labeled.count) labelled images with \(labeled.objects.count) objects, "
        + "\(split.unlabeled.count) unlabelled; hash \(record.hash.prefix(12))"
        + (repeated > 0 ? "; \(split.draws) draws, \(repeated) of an image drawn before" : "")
        + (leftOut > 0 ? "; \(leftOut) images without annotations are in neither part" : ""))
    // A class that no labelled image shows cannot be learnt.
    let missing = set.classesAbsent(from: split.labeled)
    if !missing.isEmpty {
      Output.message("note: no labelled image of fold \(record.fold) shows \(missing.joined(separator: ", "))")
    }
  }

  /// A line of the report for people.
  func say(_ line: String) {
    if !json { Output.result(line) }
  }

  /// What a dry run would be refused for; files that were read are never written over.
  func refusals(_ read: ReadFiles, stems: [String]) throws -> [String] {
    let names = stems.flatMap { stem in [".txt", ".json", "-images.json"].map { stem + $0 } }
    let reasons = try place.refusals(read, names: names + ["split.json"])
    if !json { Output.refusals(reasons) }
    return reasons
  }

  /// What is said of all folds: which of them are the same, and the report as JSON.
  func reportAll(
    _ splits: [AnnotationSplit], _ records: [SplitRecord], _ refusals: [String], _ losses: ConversionLosses? = nil,
    images: [String]
  ) {
    let twins = zip(AnnotationSplit.repeated(splits), records).map { first, record in
      first.map { (fold: record.fold, first: records[$0].fold) }
    }
    let told = twins.compactMap { $0 }.map { "\($0.fold) (as \($0.first))" }
    if !told.isEmpty {
      let more = told.count > 20 ? " and \(told.count - 20) more" : ""
      Output.message(
        "note: folds with the labelled images of one before them: \(told.prefix(20).joined(separator: ", "))\(more)")
    }
    if !json { return }
    let folds = zip(zip(splits, records), twins).map { pair, twin -> JSON in
      let (split, record) = pair
      var members = record.json.object ?? JSONObject()
      members["labeled"] = .array(split.labeled.map { JSON(images[$0]) })
      members["unlabeledImages"] = JSON(split.unlabeled.count)
      members["sameAs"] = twin.map { JSON($0.first) }
      return .object(members)
    }
    var report = JSONObject([
      ("source", JSON(source.source)), ("output", JSON(output)), ("images", JSON(images.count)),
      ("folds", .array(folds)),
    ])
    report["losses"] = losses?.json
    report["refusals"] = .array(refusals.map { JSON($0) })
    report["written"] = .bool(!dryRun)
    Output.result(JSON.object(report).serialized(pretty: true))
  }
}
