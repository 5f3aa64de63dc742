import Documents
import Imaging

/// Reads label maps of images from whatever form they are in: folders of images and PNG masks, a list of pairs, or the outlines
/// of COCO's or LabelMe's objects.
public enum SegmentationSource {
  /// Whether a path is to be read as label maps: a folder in whose layout they are found, or a text file.
  ///
  /// - Parameter images: the folder of the images, where it is named: then a folder of PNG files without labels is one of label maps.
  public static func looksLikeMasks(_ source: String, images: String? = nil) -> Bool {
    guard Folder.exists(source) else { return Path.extension(of: source) == "txt" }
    if MaskFolder(source: source, images: nil, masks: nil) != nil { return true }
    guard images != nil, MaskFolder(source: source, images: images, masks: nil) != nil,
      let names = try? Folder.filesBelow(source)
    else { return false }
    let extensions = Set(names.map(Path.extension))
    return extensions.contains("png") && extensions.isDisjoint(with: ["xml", "json"])
  }

  /// Reads a source to train or measure on. Image without label map, label map without image, and an empty list are errors.
  ///
  /// - Parameters:
  ///   - source: a folder of images, of VOC's layout or with `images` and `masks` in it; a text file with `image mask` on each line;
  ///     a COCO JSON file or LabelMe folder with outlines.
  ///   - images: the folder of the images, or the one that a list's names are relative to.
  ///   - masks: the folder of the PNG label maps, which are called as the images.
  ///   - list: a file of image names that choose a subset; lines may name masks behind them. For a VOC folder also the name of one in
  ///     `ImageSets/Segmentation`.
  ///   - classes: the classes; without it `classes.txt` in, beside or above the source, the categories of the COCO file, or numbers.
  ///   - ignoreIDs: the numbers to ignore where no table is given; nil ignores 255, unless it is a class.
  ///   - maskValues: the numbers that stand for classes 0, 1, … in the files, where they are not those of the table.
  public static func read(
    _ source: String, images: String? = nil, masks: String? = nil, list: String? = nil, classes: ClassTable? = nil,
    ignoreIDs: Set<Int>? = nil, maskValues: [Int]? = nil
  ) throws(AnnotationError) -> SegmentationReading {
    for folder in [images, masks].compactMap({ $0 }) where !Folder.exists(folder) {
      throw .content(place: folder, reason: "is not a folder")
    }
    guard Folder.hasAnything(at: source) else {
      throw .content(place: source, reason: "there is no such file or folder")
    }
    if !isFolderOfMasks(source, images: images, masks: masks), AnnotationSource.looksLikeLabels(source) {
      guard masks == nil, maskValues == nil else {
        throw .content(
          place: source, reason: "has its masks in itself; a folder of masks, or their values, are not wanted with it")
      }
      return try ObjectMasks.read(source, images: images, list: list, classes: classes, ignoreIDs: ignoreIDs)
    }
    let found =
      Folder.exists(source)
      ? try MaskFolder.read(source, images: images, masks: masks, list: list)
      : try MaskList.read(source, images: images, masks: masks, list: list)
    let numbers = MaskNumbers(found: found, source: source)
    let (table, notes) = try numbers.table(classes, ignoreIDs: ignoreIDs, values: maskValues)
    return SegmentationReading(
      source: source, form: found.form, classes: table, images: found.images, imageFolder: found.imageFolder,
      notes: found.notes + notes)
  }

  private static func isFolderOfMasks(_ source: String, images: String?, masks: String?) -> Bool {
    Folder.exists(source) && MaskFolder(source: source, images: images, masks: masks) != nil
      && !(masks == nil && images != nil && AnnotationSource.looksLikeLabels(source))
  }
}

/// Images paired with their PNG label maps, before their classes are known.
struct PairedMasks {
  var form: SegmentationReading.Form
  var images: [MaskedImage]
  var imageFolder: String
  /// Folders in which a `classes.txt` may lie, the nearest first.
  var classFolders: [String]
  var notes: [String] = []
}
