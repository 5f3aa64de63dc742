import Documents
import Imaging

/// Reads the label files of a layout into one set; the images' headers give the sizes.
struct YOLOReader {
  private let layout: YOLOLayout
  private let exif: ExifPolicy
  private var set = AnnotationSet()
  private var problems: AnnotationProblems

  static func read(
    _ layout: YOLOLayout, exif: ExifPolicy, problems: AnnotationProblems
  ) throws(AnnotationError) -> FormContent {
    guard !layout.images.isEmpty else {
      throw .content(
        place: layout.imageFolder,
        reason: "has no JPEG or PNG image; YOLO's numbers are shares of an image's size, so the files are needed: "
          + YOLOLayout.imagesHint)
    }
    var reader = YOLOReader(layout: layout, exif: exif, problems: problems)
    try reader.read()
    return FormContent(set: reader.set, problems: reader.problems, imageFolder: layout.imageFolder)
  }

  private init(layout: YOLOLayout, exif: ExifPolicy, problems: AnnotationProblems) {
    (self.layout, self.exif, self.problems) = (layout, exif, problems)
    set.categories = layout.classes.enumerated().map { Category(id: $0.offset + 1, name: $0.element) }
  }

  private mutating func read() throws(AnnotationError) {
    var names: Set<String> = []
    for (number, name) in layout.classes.enumerated() {
      if name.trimmed.isEmpty {
        problems.add(.emptyCategoryName, "\(layout.classFile): class \(number) has an empty name")
      } else if !names.insert(name).inserted {
        problems.add(.duplicateCategoryName, "\(layout.classFile): the name \"\(name)\" occurs before")
      }
    }
    let locator = try ImageLocator(folder: layout.imageFolder)
    var used: Set<ExactName> = []
    for name in layout.images {
      guard let image = try record(of: name, locator) else { continue }
      set.images.append(image)
      guard let file = layout.labelFile(of: name) else {
        problems.add(.missingLabelFile, "\(name) has no label file, taken as an image without objects")
        continue
      }
      if !used.insert(ExactName(file)).inserted {
        problems.add(.duplicateFileName, "\(file): is the label file of \(name) and of another image")
      }
      try throwingAnnotationErrors { () throws(DocumentError) in
        try MappedFile(path: file).withBytes { bytes in add(bytes, of: image, file) }
      }
    }
    for file in layout.labelFiles(besides: used) {
      problems.add(.missingImage, "\(Path.join(layout.root, file)): there is no image of that name")
    }
  }

  private mutating func record(of name: String, _ locator: ImageLocator) throws(AnnotationError) -> ImageRecord? {
    let path: String
    do throws(AnnotationError) { path = try locator.path(of: name) } catch {
      problems.add(.missingImage, error.description)
      return nil
    }
    guard let size = try exif.size(ofImage: path) else {
      problems.add(.unreadableImage, "\(path): is no JPEG or PNG file whose size can be read")
      return nil
    }
    return ImageRecord(id: set.images.count + 1, fileName: name, height: size.height, width: size.width)
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer, of image: ImageRecord, _ file: String) {
    YOLORow.read(bytes) { line, row in
      switch row {
      case .success(let row): add(row, of: image, { "\(file):\(line)" })
      case .failure(let fault): problems.add(.badValue, "\(file):\(line): \(fault)")
      }
    }
  }

  private mutating func add(_ row: YOLORow, of image: ImageRecord, _ place: () -> String) {
    guard layout.classes.indices.contains(row.classIndex) else {
      return problems.add(
        .unknownCategory, "\(place()): class \(row.classIndex) is not one of \(layout.classes.count) from 0")
    }
    var object = ObjectAnnotation(
      id: set.objects.count + 1, imageID: image.id, categoryID: row.classIndex + 1,
      box: Box(x0: 0, y0: 0, x1: 0, y1: 0))
    if row.isRing {
      let ring = row.ring(height: image.height, width: image.width)
      object.box = Ring.box(around: ring)
      object.area = Ring.area(of: ring)
      object.segmentation = Segmentation(polygons: [ring])
    } else {
      object.box = row.box(height: image.height, width: image.width)
      object.area = object.box.area
      if row.values.count == 5 { object.extra["score"] = JSON(row.values[4]) }
    }
    AnnotationCheck.check(object.box, in: image, place, &problems)
    set.objects.append(object)
  }
}
