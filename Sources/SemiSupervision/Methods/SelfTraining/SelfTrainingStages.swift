import Annotations
import Detection
import Documents
import Reporting
import Samples
import Torch
import Training
import Views

/// The stages before the one that a run of self-training is: each leaves its result in the run's folder, and is not done
/// again where that lies there.
///
/// `teacher/` is a run of its own, on the labelled images alone; `pseudo-labels.json` is what its selected weights find.
struct SelfTrainingStages {
  private let run: DetectionRun<SelfTraining.Settings>
  private let folder: RunFolder
  private var settings: SelfTraining.Settings { run.settings.method }
  private var teacherFolder: String { Path.join(folder.path, "teacher") }
  /// The labels of the unlabelled images.
  private var file: String { Path.join(folder.path, "pseudo-labels.json") }

  init(_ run: DetectionRun<SelfTraining.Settings>, folder: RunFolder) {
    self.run = run
    self.folder = folder
  }

  /// The unlabelled images with the boxes that are taken for true.
  ///
  /// - Throws: Where a stage is stopped or fails, and where nothing is passed on.
  func labeledPool() throws -> ImagePool? {
    guard let pool = run.data.unlabeled else { return nil }
    if !Folder.hasFile(file) {
      try trainTeacher()
      try label(pool)
    }
    let labels = try COCOInstances.read(file).set
    let objects = labels.objectsByImage
    let images = pool.images.map { image -> PooledImage in
      var image = image
      let found = (objects[image.id] ?? []).map { labels.objects[$0] }
      image.labels = BoxLabels(boxes: found.map(\.box), classes: found.map { $0.categoryID - 1 })
      return image
    }
    let kept = ImagePool(name: pool.name, images: images)
      .filter { settings.keepsEmptyImages || !$0.labels.boxes.isEmpty }
    let count = kept.images.reduce(0) { $0 + $1.labels.boxes.count }
    say("pseudo-labels: \(count) boxes; \(kept.count) of \(pool.count) unlabelled images are learnt from (\(file))")
    guard count > 0 else {
      throw RunError.data(
        "\(file): the first stage's detector is sure of nothing: lower method.thresholds.class_score (now "
          + "\(NumberText.short(settings.thresholds.classScore))), or take method.thresholds.policy=adaptive; then delete "
          + "the file and begin again")
    }
    return kept
  }

  private func say(_ line: String) { Console.standardError.print(line) }

  /// Trains the first stage's detector, or what is left of it.
  private func trainTeacher() throws {
    var teacher = DetectionSettings<Supervised.Settings>()
    let own = run.settings
    teacher.method.labeledImages = settings.labeledImages
    teacher.method.memoryImages = settings.teacherMemoryImages
    teacher.model = own.model
    teacher.initialWeights = own.initialWeights
    teacher.replacePredictor = own.replacePredictor
    teacher.views = own.views
    teacher.labels = own.labels
    teacher.optimizer = own.optimizer
    teacher.trainer = own.trainer
    teacher.evaluation = own.evaluation
    if let selection = DetectionSettings<Supervised.Settings>.Selection(rawValue: own.selectedBy.rawValue) {
      teacher.selectedBy = selection
    }
    teacher.run = own.run
    teacher.run.unlabeled = LabelSource()
    teacher.run.audit = LabelSource()
    teacher.run.test = LabelSource()
    // Its step takes other images than the second stage's; its times are those of its own length.
    teacher.run.recipeStepImages = 0
    if settings.teacherSteps > 0 { teacher.trainer.steps = settings.teacherSteps }
    say("stage 1: a detector on the labelled images alone, in \(teacherFolder)")
    let stage = try DetectionRun(teacher)
    do {
      if let begun = try? RunFolder.open(teacherFolder) {
        _ = try stage.resume(in: begun, command: [])
      } else {
        _ = try stage.start(in: RunFolder.create(teacherFolder), command: [])
      }
    } catch let stopped as StoppedByUser {
      // It is the whole run that is gone on with.
      throw StoppedByUser(folder: folder, stepsDone: stopped.stepsDone, stage: "stage 1")
    }
  }

  /// Writes what the teacher finds in the unlabelled images.
  private func label(_ pool: ImagePool) throws {
    let saved = try SavedDetector(checkpoint: teacherFolder)
    let device = try RunSetup.device(of: run.settings.run)
    saved.detector.move(to: device)
    let evaluation = run.settings.evaluation
    let reader = DetectionReader(
      saved.detector, reader: saved.reader(batchSize: evaluation.batchSize, workers: run.settings.run.workers),
      device: device)
    say("stage 2: labels \(pool.count) images with it")
    var found: [(image: Int, size: (height: Int, width: Int), boxes: [FoundBox])] = []
    let skipped = try reader.forEachImage(of: pool) { image, size, boxes in
      found.append((image, size, boxes))
      if StopSignals.isStopRequested { throw StoppedByUser(folder: folder, stepsDone: 0, stage: "stage 2") }
    }
    if let first = skipped.first {
      say("stage 2: \(skipped.count) images cannot be used, such as \(first.path): \(first.reason)")
    }
    let least = thresholds(found.map(\.boxes), classCount: saved.classes.count)
    var objects: [ObjectAnnotation] = []
    for (image, _, boxes) in found {
      for box in boxes where box.score > least[box.classIndex] {
        objects.append(
          ObjectAnnotation(
            id: objects.count + 1, imageID: pool.images[image].id, categoryID: box.classIndex + 1, box: box.box,
            extra: JSONObject([("score", JSON(box.score))])))
      }
    }
    let set = AnnotationSet(
      categories: saved.classes.enumerated().map { Category(id: $0 + 1, name: $1) },
      images: found.map {
        ImageRecord(
          id: pool.images[$0.image].id, fileName: pool.images[$0.image].name, height: $0.size.height,
          width: $0.size.width)
      }, objects: objects,
      extra: JSONObject([
        (
          "info",
          [
            "description": "found by the detector in teacher/",
            "thresholds": .object(JSONObject(zip(saved.classes, least).map { ($0, JSON($1)) })),
          ]
        )
      ]))
    try PseudoBoxObservers.write(
      found.map { (place: $0.image, boxes: $0.boxes) }, above: least, data: run.data, folder: folder)
    // What says that the stage is done comes last.
    try COCOInstances.write(set, to: file)
  }

  /// The least score of each class: the fixed one, or lower by the policy, from all scores that were given.
  private func thresholds(_ found: [[FoundBox]], classCount: Int) -> [Double] {
    let fixed = settings.thresholds.classScore
    guard settings.thresholds.policy == .adaptive else { return Array(repeating: fixed, count: classCount) }
    var options = settings.thresholds.adaptive
    options.rememberedScores = max(options.rememberedScores, found.reduce(0) { $0 + $1.count })
    var adaptive = AdaptiveThresholds(options, classCount: classCount)
    for boxes in found { adaptive.observe(boxes.map { (score: $0.score, label: $0.classIndex + 1) }) }
    return adaptive.classScores.map { min(fixed, $0) }
  }
}
