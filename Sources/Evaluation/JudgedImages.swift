import Annotations

/// The images and classes that predictions are judged on, as boxes and masks need them alike.
struct JudgedImages {
  /// Whether a result is judged.
  enum Place {
    case judged
    /// It is for an image of the labels that is not judged now.
    case leftOut
    /// It is of a class that the labels do not have, which strict parity passes over.
    case unknownClass
    case unknown(reason: String)
  }

  let images: [Int]
  let categories: [EvaluatedCategory]
  private let judged: IdentifierIndex
  private let known: IdentifierIndex
  private let classes: IdentifierIndex
  /// By the place in `judged`.
  private var sizes: [MaskSize?]

  init(_ labels: AnnotationSet, knownImages: Set<Int>) {
    images = labels.images.map(\.id)
    categories = labels.categories.map { EvaluatedCategory(id: $0.id, name: $0.name) }
    judged = IdentifierIndex(images)
    known = IdentifierIndex(Array(knownImages))
    classes = IdentifierIndex(categories.map(\.id))
    sizes = Array(repeating: nil, count: judged.identifiers.count)
    for image in labels.images where image.height > 0 && image.width > 0 {
      sizes[Int(judged[image.id])] = MaskSize(height: image.height, width: image.width)
    }
  }

  /// What becomes of a result for this image and class.
  @inline(__always)
  func place(image: Int, category: Int, parity: EvaluationParity) -> Place {
    let isJudged = judged[image] >= 0
    if !isJudged, known[image] < 0 {
      return .unknown(reason: "image_id \(image) is not among the images of the labels")
    }
    if classes[category] < 0 {
      return parity == .strict
        ? .unknownClass : .unknown(reason: "category_id \(category) is not among the categories of the labels")
    }
    return isJudged ? .judged : .leftOut
  }

  /// The size of an image; nil where the labels do not have it.
  func size(of image: Int) -> MaskSize? {
    let place = judged[image]
    return place < 0 ? nil : sizes[Int(place)]
  }

  /// Whether corrected parity neither wants an object nor holds it against a detector.
  func isIgnored(_ object: ObjectAnnotation, countsDifficult: Bool) -> Bool {
    if object.isDifficult, !countsDifficult { return true }
    guard let ignore = object.extra["ignore"] else { return false }
    return ignore.bool ?? (ignore.double.map { $0 != 0 } ?? false)
  }
}

/// Why a result cannot be judged.
struct ResultMisfit: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// Counts results that are not judged; of those that fit nowhere it remembers the first.
struct ResultTally {
  let file: String
  var leftOutCount = 0
  var unknownClassCount = 0
  private var wrong: (index: Int, reason: String, count: Int)?

  init(file: String) { self.file = file }

  /// Whether a result is judged; where it is not, it is counted or refused.
  @inline(__always)
  mutating func takes(
    _ prediction: PredictedObject, at index: Int, of judged: JudgedImages, parity: EvaluationParity
  ) -> Bool {
    switch judged.place(image: prediction.imageID, category: prediction.categoryID, parity: parity) {
    case .judged: return true
    case .unknown(let reason): refuse(index, reason)
    case .unknownClass: unknownClassCount += 1
    case .leftOut: leftOutCount += 1
    }
    return false
  }

  mutating func refuse(_ index: Int, _ reason: String) {
    wrong = (wrong?.index ?? index, wrong?.reason ?? reason, (wrong?.count ?? 0) + 1)
  }

  /// Throws where a result fits nowhere.
  func check() throws(EvaluationError) {
    if let wrong {
      throw .prediction(file: file, index: wrong.index, reason: wrong.reason, others: wrong.count - 1)
    }
  }
}
