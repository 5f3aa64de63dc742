/// Finds few images that show all classes: set cover, which is hard in general and easy for the sizes met here.
///
/// A missing class with the fewest images must be shown by one of these, so the search branches over them alone, those
/// that show most missing classes first. After `limit` branches the best found so far is taken.
struct ClassCover {
  /// The different classes of each image.
  let classes: [[Int]]
  private var imagesByClass: [[Int]]
  private var chosen: [Int] = []
  private var best: (images: [Int], shown: Int) = ([], -1)
  private var shownCounts: [Int]
  private var shown = 0
  private let present: Int
  private var branches = 0
  private static let limit = 20_000

  /// A search among images in an order that decides between equals.
  init(classes: [[Int]], classCount: Int, order: [Int]) {
    self.classes = classes
    imagesByClass = Array(repeating: [], count: classCount)
    for image in order { for index in classes[image] { imagesByClass[index].append(image) } }
    shownCounts = Array(repeating: 0, count: classCount)
    present = imagesByClass.count { !$0.isEmpty }
  }

  /// At most `count` images that show all classes, or as many as was found that so few can show.
  mutating func images(atMost count: Int) -> [Int] {
    _ = search(count)
    return best.images
  }

  private mutating func search(_ left: Int) -> Bool {
    if shown > best.shown { best = (chosen, shown) }
    if shown == present { return true }
    branches += 1
    guard left > 0, branches <= Self.limit else { return false }
    let missing = imagesByClass.indices.filter { shownCounts[$0] == 0 && !imagesByClass[$0].isEmpty }
    guard let rarest = missing.min(by: { imagesByClass[$0].count < imagesByClass[$1].count }) else { return true }
    let gains = imagesByClass[rarest].map { image in (image, classes[image].count { shownCounts[$0] == 0 }) }
    let order = gains.indices.sorted { (gains[$1].1, $0) < (gains[$0].1, $1) }
    for place in order {
      choose(gains[place].0, +1)
      if search(left - 1) { return true }
      choose(gains[place].0, -1)
      if branches > Self.limit { return false }
    }
    return false
  }

  private mutating func choose(_ image: Int, _ change: Int) {
    if change > 0 { chosen.append(image) } else { chosen.removeLast() }
    for index in classes[image] {
      if shownCounts[index] == 0 { shown += 1 }
      shownCounts[index] += change
      if shownCounts[index] == 0 { shown -= 1 }
    }
  }
}
