/// The classes of the objects of each image.
struct ImageClasses: Sendable {
  private let images: IdentifierIndex
  private let starts: [Int]
  private let classes: [Int]

  init<T: JudgedTruth>(_ truths: [T]) {
    images = IdentifierIndex(truths.map(\.image))
    let places = truths.map { [images] in images[$0.image] }
    let (order, starts) = CountingSort.order(of: places, keyCount: images.identifiers.count, after: nil)
    self.starts = starts
    classes = order.map { truths[Int($0)].category }
  }

  /// Whether an image has an object of a class.
  func contain(_ category: Int, inImage image: Int) -> Bool {
    let place = Int(images[image])
    return place >= 0 && classes[starts[place]..<starts[place + 1]].contains(category)
  }
}
