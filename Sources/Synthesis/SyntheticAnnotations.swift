import Documents
import Randomness

/// Labels without pictures, in the shape of COCO's own files and of any size: for measuring what reads labels.
///
/// One file of instances: polygons of 24 points, every 85th object a crowd as plain run lengths, ids with gaps. It is
/// written piece by piece, so its size is bounded by the disk alone. The same arguments give the same bytes; image k
/// has the same objects whatever else is drawn, but for their ids.
public enum SyntheticAnnotations {
  /// What is to be generated.
  public struct Plan: Sendable {
    /// Number of images.
    public var images: Int
    /// Number of objects of all images together, at most 2,000 for each of them.
    public var objects: Int
    /// Number of classes.
    public var classes: Int
    /// Decides where objects lie.
    public var seed: UInt64
    /// Height of all images in pixels.
    public var height: Int
    /// Width of all images in pixels.
    public var width: Int

    /// COCO's mean: 860,001 objects in the 118,287 images of train2017.
    public static func usualObjects(images: Int) -> Int { images * 860_001 / 118_287 }

    /// A plan. Without `objects` there are as many as images of COCO have.
    public init(images: Int, objects: Int? = nil, classes: Int = 80, seed: UInt64, height: Int = 480, width: Int = 640)
    {
      self.images = images
      self.objects = objects ?? Self.usualObjects(images: images)
      self.classes = classes
      self.seed = seed
      self.height = height
      self.width = width
    }
  }

  /// Writes the file `annotations.json` into a folder, which is made where it is missing.
  ///
  /// - Parameters:
  ///   - isReplacing: replaces that file in a folder that is not empty, and leaves others alone.
  ///   - progress: told the number of finished images now and then.
  /// - Returns: how many objects there are of each class.
  public static func generate(
    _ plan: Plan, to folder: String, isReplacing: Bool = false, progress: (Int) -> Void = { _ in }
  ) throws(SynthesisError) -> [Int] {
    precondition(
      plan.images > 0 && plan.objects >= 0 && plan.classes > 0 && plan.height >= 32 && plan.width >= 32,
      "SyntheticAnnotations: expected images, classes and sides of at least 32 pixels")
    let file = Path.join(folder, "annotations.json")
    var objectsByClass = [Int](repeating: 0, count: plan.classes)
    try SyntheticDataset.checkPlace(folder, isReplacing: isReplacing)
    do throws(DocumentError) {
      try Folder.create(folder)
      try AtomicFile.write(to: file) { writer throws(DocumentError) in
        try writer.append("{\"info\": {\"description\": \"Generated labels: annotation-tool synthesize\",")
        try writer.append("\"seed\": \(plan.seed)},\"images\": [")
        for index in 0..<plan.images { try writer.append(image(index, plan)) }
        try writer.append("],\"annotations\": [")
        var number = 0
        for index in 0..<plan.images {
          var shapes = SyntheticShapes(plan, image: index)
          for _ in number..<objects(before: index + 1, plan) {
            number += 1
            let shape = shapes.next(isCrowd: number % 85 == 0)
            objectsByClass[shape.classIndex] += 1
            try writer.append(number == 1 ? [] : [UInt8(ascii: ",")])
            try writer.append(shape.record(id: number, imageID: id(index)))
          }
          if index % 1024 == 1023 { progress(index + 1) }
        }
        try writer.append("],\"categories\": [")
        for index in 0..<plan.classes {
          let name = className(index)
          try writer.append(
            (index == 0 ? "" : ",") + "{\"supercategory\": \"shape\",\"id\": \(index + 1),\"name\": \"\(name)\"}")
        }
        try writer.append("]}\n")
      }
    } catch { throw .document(error) }
    return objectsByClass
  }

  /// The name of a class.
  public static func className(_ index: Int) -> String { "class " + Path.digits(index + 1, atLeast: 2) }

  private static func image(_ index: Int, _ plan: Plan) -> String {
    let id = id(index)
    return (index == 0 ? "" : ",")
      + "{\"license\": \(1 + index % 8),\"file_name\": \"\(Path.digits(id, atLeast: 12)).jpg\","
      + "\"height\": \(plan.height),\"width\": \(plan.width),\"date_captured\": \"2013-11-14 17:02:52\",\"id\": \(id)}"
  }

  /// Ids with gaps, as COCO's.
  private static func id(_ index: Int) -> Int { 9 + index * 5 }

  /// How many objects the images before this one have. The steps between them are between none and twice the mean.
  private static func objects(before index: Int, _ plan: Plan) -> Int {
    guard index > 0, index < plan.images else { return index == 0 ? 0 : plan.objects }
    var random = SeededGenerator(seed: plan.seed, stream: 1, UInt64(index))
    let (whole, rest) = (plan.objects / plan.images, plan.objects % plan.images)
    return index * whole + index * rest / plan.images + random.integer(below: whole + 1)
  }
}
