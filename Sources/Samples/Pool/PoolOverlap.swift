import Documents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ImagePool {
  /// The places of those images whose files have the same bytes as an image of another pool, whatever their names.
  ///
  /// Only files of equal length are read. Files that cannot be read are the same as nothing.
  public func places(ofImagesIn others: [ImagePool]) -> [Int] {
    var otherPaths: [Int: [String]] = [:]
    for other in others {
      for image in other.images {
        if let length = Self.length(of: image.path) { otherPaths[length, default: []].append(image.path) }
      }
    }
    var digests: [Int: Set<String>] = [:]
    return images.indices.filter { place in
      guard let length = Self.length(of: images[place].path), let paths = otherPaths[length] else { return false }
      if digests[length] == nil {
        digests[length] = Set(paths.compactMap { try? SHA256.hexDigest(ofFile: $0) })
      }
      guard let digest = try? SHA256.hexDigest(ofFile: images[place].path) else { return false }
      return digests[length]?.contains(digest) ?? false
    }
  }

  /// The pool without the images at these places.
  public func removing(_ places: [Int]) -> ImagePool {
    let gone = Set(places)
    return ImagePool(name: name, images: images.indices.filter { !gone.contains($0) }.map { images[$0] })
  }

  /// The bytes of a file; nil where there is none.
  public static func length(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }
}
