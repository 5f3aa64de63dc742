import Documents

/// Real data beside the checkout, which tests use where it is there.
enum SharedData {
  /// `shared/data` in the nearest folder above this file that has one.
  static let root: String = {
    var folder = Path.folder(of: Path.resolved(#filePath) ?? #filePath)
    while folder != "/" {
      let candidate = Path.join(folder, "shared/data")
      if Folder.exists(candidate) { return candidate }
      folder = Path.folder(of: folder)
    }
    return "/nonexistent"
  }()
  static var coco: String { root + "/eval_fixtures/coco" }
  static var bccd: String { root + "/bccd/BCCD" }
}
