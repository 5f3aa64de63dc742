/// One predicted object, as COCO's results files hold it.
public struct PredictedObject: Sendable {
  /// The image's id in the ground truth.
  public var imageID: Int
  /// The class's id in the ground truth.
  public var categoryID: Int
  private var given: GivenBox?
  /// How sure the detector is; larger is surer.
  public var score: Double
  /// Its mask, where one is predicted.
  public var segmentation: Segmentation?

  /// A prediction.
  public init(imageID: Int, categoryID: Int, box: Box?, score: Double, segmentation: Segmentation? = nil) {
    self.init(
      imageID: imageID, categoryID: categoryID, given: box.map(GivenBox.corners), score: score,
      segmentation: segmentation)
  }

  /// A prediction as a file has it.
  init(imageID: Int, categoryID: Int, given: GivenBox?, score: Double, segmentation: Segmentation?) {
    self.imageID = imageID
    self.categoryID = categoryID
    self.given = given
    self.score = score
    self.segmentation = segmentation
  }

  /// Where it is, in pixels of the image; nil where only a mask is given.
  public var box: Box? {
    get { given?.box }
    set { given = newValue.map(GivenBox.corners) }
  }

  /// The same in the numbers of the file it was read from.
  public var writtenBox: WrittenBox? { given?.written }
}

extension PredictedObject: Equatable {
  /// Whether all values are equal; how a file wrote the box does not matter.
  public static func == (left: PredictedObject, right: PredictedObject) -> Bool {
    left.imageID == right.imageID && left.categoryID == right.categoryID && left.box == right.box
      && left.score == right.score && left.segmentation == right.segmentation
  }
}
