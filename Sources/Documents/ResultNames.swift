/// Gives each image a name for its files: its own without folders and extension, numbered where it is taken.
public struct ResultNames: Sendable {
  private var taken: Set<String> = []

  /// No name is taken yet.
  public init() {}

  /// A free name for the next image.
  ///
  /// - Parameter keepsFolders: Where the name is taken, that with the image's folders is tried before numbers: what looks for results
  ///   by the images' names finds it.
  public mutating func next(_ image: String, keepsFolders: Bool = false) -> String {
    let stem = Path.stem(of: image)
    if taken.insert(stem).inserted { return stem }
    let whole = Path.withoutExtension(image)
    if keepsFolders, Path.staysInside(whole), taken.insert(whole).inserted { return whole }
    var number = 2
    while !taken.insert("\(stem)-\(number)").inserted { number += 1 }
    return "\(stem)-\(number)"
  }
}
