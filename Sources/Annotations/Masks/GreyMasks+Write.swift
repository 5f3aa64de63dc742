import Documents

extension GreyMasks {
  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    MaskWriting(set, .classes).losses(findsImages: true)
  }

  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] {
    let folder = Path.join(path, "masks")
    guard Folder.exists(folder) else { return [] }
    let own = Set(set.images.map { ExactName(Path.withoutExtension($0.fileName) + ".png") })
    return try Folder.filesBelow(folder).filter { Path.extension(of: $0) == "png" && !own.contains(ExactName($0)) }
      .map { "masks/" + $0 }
  }

  /// Writes `masks/*.png`, grey with 8 bits, and `classes.txt` into a folder, which is made where it is missing.
  ///
  /// A pixel has the number of the last object over it; crowds and what is ignored are 255, what is nobody's is the class
  /// `background`, which is added where it is needed. Images are not copied.
  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    let writing = MaskWriting(set, .classes)
    try writing.requireWritable(in: path)
    let file = Path.join(path, "classes.txt")
    // Before the images, so that a name without a place is found early.
    _ = try writing.classes.text(withBackground: true, file: file)
    let found = try writing.write(classes: Path.join(path, "masks"), objects: nil)
    let text = try writing.classes.text(withBackground: found.hasBackground, found: found, file: file)
    try throwingAnnotationErrors { () throws(DocumentError) in
      try Folder.create(path)
      try AtomicFile.write(text, to: file)
    }
  }
}
