import Annotations
import Documents

/// One source of labels, and how it is to be read.
struct LabelSource {
  /// The file or folder.
  let path: String
  /// The folder that image names are relative to, where it is named.
  var images: String?
  /// A list of image names that chooses some of them.
  var list: String?
  /// The form, where it shall not be found out.
  var form: AnnotationFormat?
  var base = VOCPixelBase.one
  /// The labels whose ids predictions use.
  var labels: String?
  var exif = ExifPolicy.apply

  /// Reads the labels as they are.
  ///
  /// - Parameters:
  ///   - boxesOnly: whether forms without boxes count only where there is no other.
  ///   - form: a form that other options ask for; the source's own comes first.
  ///   - labelMaps: how label maps are read.
  func inspect(
    boxesOnly: Bool = true, form: AnnotationFormat? = nil, labelMaps: LabelMapOptions = LabelMapOptions()
  ) throws -> AnnotationReading {
    let form = try self.form ?? form ?? AnnotationSource.form(of: path, boxesOnly: boxesOnly)
    return try AnnotationSource.inspect(
      path, images: images, list: list, form: form, base: base, labels: labels, exif: exif, labelMaps: labelMaps)
  }

  /// Reads the labels, which must not contradict themselves; tells what was noticed.
  func read() throws -> AnnotationReading { try checked(try inspect()) }

  /// Reads labels of any form, label maps as objects, which must not contradict themselves; tells what was noticed.
  ///
  /// A folder of boxes and label maps is refused unless the form is named.
  func read(_ choice: LabelMapChoice) throws -> AnnotationReading {
    try checked(try inspect(boxesOnly: false, form: choice.form(of: self), labelMaps: choice.options()))
  }

  /// A reading that must not contradict itself; tells what was noticed.
  private func checked(_ reading: AnnotationReading) throws -> AnnotationReading {
    guard reading.problems.count(.error) == 0 else {
      throw AnnotationError.problems(source: path, reading.problems)
    }
    for code in AnnotationProblems.Code.allCases {
      guard let count = reading.problems.counts[code] else { continue }
      let example = reading.problems.examples.first { $0.code == code }?.message ?? ""
      Output.message("note: \(code.rawValue) ×\(count): \(example)")
    }
    return reading
  }
}

extension LabelSource {
  /// A source that is read as the user's options say.
  init(
    path: String, images: String? = nil, list: String? = nil, form: AnnotationFormat? = nil, _ options: ReadingFlags
  ) {
    self.init(
      path: path, images: images, list: list, form: form, base: options.base, labels: options.labels,
      exif: options.exif)
  }
}
