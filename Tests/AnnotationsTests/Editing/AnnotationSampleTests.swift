import Testing

@testable import Annotations

@Suite struct AnnotationSampleTests {
  /// Two hundred images, one in ten with a second class.
  private static let set = AnnotationSet(
    categories: [Category(id: 1, name: "common"), Category(id: 2, name: "rare")],
    images: (1...200).map { ImageRecord(id: $0, fileName: "\($0).png", height: 10, width: 10) },
    objects: (1...200).map { EditedSet.object($0, $0, $0 % 10 == 0 ? 2 : 1, 0, 0, 5, 5) })

  @Test("a sample is what split draws first with the same number and seed", arguments: [UInt64(1), 2, 77])
  func likeSplit(seed: UInt64) {
    let drawn = AnnotationSample.draw(Self.set, count: 30, strata: .byImage, seed: seed)
    let split = AnnotationSplit.byImage(count: 200, fraction: 0.15, folds: 2, seed: seed)
    #expect(drawn.images.map(\.id) == split[0].labeled.map { $0 + 1 } && drawn.objects.count == 30)
    let strata = AnnotationSample.draw(Self.set, count: 30, strata: .byClass, seed: seed)
    let split2 = AnnotationSplit.byClass(Self.set, fraction: 0.15, folds: 1, seed: seed)
    #expect(strata.images.map(\.id) == split2[0].labeled.map { $0 + 1 })
    #expect(strata.objects.count { $0.categoryID == 2 } == 3)
  }

  @Test("another seed draws other images; all images are all images")
  func seeds() {
    let one = AnnotationSample.draw(Self.set, count: 50, strata: .byImage, seed: 1)
    let two = AnnotationSample.draw(Self.set, count: 50, strata: .byImage, seed: 2)
    #expect(one.images != two.images && one.images.count == 50)
    #expect(AnnotationSample.draw(Self.set, count: 200, strata: .byClass, seed: 3) == Self.set)
  }

  @Test("a class that is shown by crowds alone is drawn and told like others; of others crowds do not count")
  func crowds() {
    var set = Self.set
    set.categories.append(Category(id: 3, name: "herd"))
    let box = Box(x: 0, y: 0, width: 9, height: 9)
    set.objects.append(ObjectAnnotation(id: 201, imageID: 17, categoryID: 3, box: box, isCrowd: true))
    // Were crowds of other classes counted, this image would show all of them.
    set.objects.append(ObjectAnnotation(id: 202, imageID: 17, categoryID: 2, box: box, isCrowd: true))
    for seed in 1...20 as ClosedRange<UInt64> {
      let drawn = AnnotationSample.draw(set, count: 3, strata: .byClass, seed: seed)
      #expect(Set(drawn.objects.filter { $0.categoryID == 3 || !$0.isCrowd }.map(\.categoryID)) == [1, 2, 3])
      let split = AnnotationSplit.byClass(set, fraction: 0.015, folds: 1, seed: seed)
      #expect(split[0].labeled.contains(16) && set.classesAbsent(from: split[0].labeled).isEmpty)
    }
    #expect(set.classesAbsent(from: [16]) == ["rare"] && set.classesAbsent(from: 0..<16) == ["herd"])
  }
}
