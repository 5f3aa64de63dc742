import Randomness

/// Draws a labelled part in which each class has its share of images.
///
/// Iterative stratification into two parts: the class with the fewest images left is served first, each of its images
/// goes to the part that still wants most of that class, ties to the part that wants most images, then by lot. Beyond
/// the source the labelled part has exactly the size asked for, and places in it are held free for classes that it does
/// not show yet; where there are fewer places than classes, images that show all of them together go first
/// (`ClassCover`). Whole numbers throughout: the same draw on every machine.
///
/// Source: Sechidis, Tsoumakas, Vlahavas, "On the Stratification of Multi-Label Data", ECML PKDD 2011.
struct ClassStratification {
  private let classes: [[Int]]
  /// The images in random order.
  private let order: [Int]
  private var generator: SeededGenerator
  private var isPlaced: [Bool]
  private var drawn: [Int] = []
  /// Images that each part still takes.
  private var freeLabeled: Int, freeUnlabeled: Int
  /// Images of each class that are not placed yet.
  private var remaining: [Int]
  /// Images of each class that each part still wants, times the number of images.
  private var wantedLabeled: [Int], wantedUnlabeled: [Int]
  private var isShown: [Bool]
  /// Classes that the labelled part does not show yet.
  private var missing: Int

  /// A draw of `labeledCount` images.
  ///
  /// - Parameter classes: the different classes of each image, each below `classCount`.
  init(classes: [[Int]], classCount: Int, labeledCount: Int, generator: SeededGenerator) {
    precondition(
      (0...classes.count).contains(labeledCount), "got \(labeledCount) labelled images of \(classes.count)")
    self.classes = classes
    self.generator = generator
    order = self.generator.permutation(classes.count)
    isPlaced = Array(repeating: false, count: classes.count)
    freeLabeled = labeledCount
    freeUnlabeled = classes.count - labeledCount
    var counts = Array(repeating: 0, count: classCount)
    for index in classes.joined() { counts[index] += 1 }
    remaining = counts
    let (labeled, unlabeled) = (freeLabeled, freeUnlabeled)
    wantedLabeled = counts.map { $0 * labeled }
    wantedUnlabeled = counts.map { $0 * unlabeled }
    isShown = counts.map { $0 == 0 }
    missing = counts.count { $0 > 0 }
  }

  /// The labelled images, in no order.
  mutating func draw() -> [Int] {
    coverWherePlacesAreScarce()
    var images = Array(repeating: [Int](), count: remaining.count)
    for image in order { for index in classes[image] { images[index].append(image) } }
    while let rarest = remaining.indices.filter({ remaining[$0] > 0 }).min(by: { remaining[$0] < remaining[$1] }) {
      for image in images[rarest] where !isPlaced[image] {
        place(image, isLabeled: belongsToLabeled(image, for: rarest))
      }
    }
    // What is left shows nothing.
    for image in order where !isPlaced[image] { place(image, isLabeled: freeLabeled > 0) }
    return drawn
  }

  /// With fewer places than classes, images that show all of them together go first.
  private mutating func coverWherePlacesAreScarce() {
    guard freeLabeled < missing else { return }
    var cover = ClassCover(classes: classes, classCount: remaining.count, order: order)
    for image in cover.images(atMost: freeLabeled) { place(image, isLabeled: true) }
  }

  private func newClasses(_ image: Int) -> Int { classes[image].count { !isShown[$0] } }

  private mutating func belongsToLabeled(_ image: Int, for index: Int) -> Bool {
    if freeLabeled == 0 { return false }
    if freeUnlabeled == 0 { return true }
    if classes[image].contains(where: { !isShown[$0] && remaining[$0] == 1 }) { return true }
    if freeLabeled <= missing, newClasses(image) == 0 { return false }
    let wanted = (wantedLabeled[index], wantedUnlabeled[index])
    if wanted.0 != wanted.1 { return wanted.0 > wanted.1 }
    if freeLabeled != freeUnlabeled { return freeLabeled > freeUnlabeled }
    return generator.chance(0.5)
  }

  private mutating func place(_ image: Int, isLabeled: Bool) {
    isPlaced[image] = true
    for index in classes[image] { remaining[index] -= 1 }
    guard isLabeled else {
      freeUnlabeled -= 1
      for index in classes[image] { wantedUnlabeled[index] -= classes.count }
      return
    }
    freeLabeled -= 1
    drawn.append(image)
    for index in classes[image] {
      wantedLabeled[index] -= classes.count
      if !isShown[index] { missing -= 1 }
      isShown[index] = true
    }
  }
}
