import Documents

extension VOCMasks {
  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    var losses = MaskWriting(set, .objects).losses(findsImages: options.imageFolder != nil)
    for image in set.images where !ImageList.canHold(Path.stem(of: image.fileName)) {
      losses.add(.imageName, image.fileName)
    }
    return losses
  }

  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] {
    let own = Set(set.images.map { ExactName(Path.stem(of: $0.fileName) + ".png") })
    var others: [String] = []
    for folder in [classFolder, objectFolder] where Folder.exists(Path.join(path, folder)) {
      let names = try Folder.names(in: Path.join(path, folder))
      others += names.filter { Path.extension(of: $0) == "png" && !own.contains(ExactName($0)) }
        .map { Path.join(folder, $0) }
    }
    return others
  }

  /// Writes `SegmentationClass/*.png` and `SegmentationObject/*.png` with VOC's palette, `ImageSets/Segmentation/all.txt` and
  /// `classes.txt` into a folder, which is made where it is missing.
  ///
  /// Each object lies over those before it; crowds and what is ignored are 255. No border is drawn around objects: it would
  /// take pixels from them. Images are not copied.
  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    let writing = MaskWriting(set, .objects)
    try writing.requireWritable(in: path)
    let file = Path.join(path, "classes.txt")
    // Before the images, so that a name without a place is found early.
    _ = try writing.classes.text(withBackground: true, file: file)
    let found = try writing.write(classes: Path.join(path, classFolder), objects: Path.join(path, objectFolder))
    let classes = try writing.classes.text(withBackground: true, found: found, file: file)
    try throwingAnnotationErrors { () throws(DocumentError) in
      try Folder.create(Path.join(path, listFolder))
      try AtomicFile.write(classes, to: file)
      let names = set.images.map { Path.stem(of: $0.fileName) + "\n" }.joined()
      try AtomicFile.write(names, to: Path.join(path, listFolder + "/all.txt"))
    }
  }
}
