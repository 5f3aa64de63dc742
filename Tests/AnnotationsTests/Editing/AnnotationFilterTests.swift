import TestSupport
import Testing

@testable import Annotations

@Suite struct AnnotationFilterTests {
  /// A change to a filter, the ids of the objects that stay, and why the others go.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kept: [Int]
    let reasons: [AnnotationFilter.Reason: Int]
    let change: @Sendable (inout AnnotationFilter) -> Void
  }

  static let cases: [Case] = [
    Case(testDescription: "nothing", kept: [1, 2, 3, 8], reasons: [:]) { _ in },
    Case(testDescription: "classes", kept: [1, 3], reasons: [.otherClass: 2]) { $0.classes = ["cat"] },
    Case(testDescription: "no class", kept: [], reasons: [.otherClass: 4]) { $0.classes = [] },
    Case(testDescription: "least area is the mask's", kept: [3, 8], reasons: [.area: 2]) {
      $0.area = 900 ... .infinity
    },
    Case(testDescription: "largest area", kept: [1, 2], reasons: [.area: 2]) { $0.area = 0...320 },
    Case(testDescription: "least side is of both", kept: [1, 3, 8], reasons: [.side: 1]) { $0.side = 10 ... .infinity },
    Case(testDescription: "largest side is of both", kept: [1, 8], reasons: [.side: 2]) { $0.side = 0...30 },
    Case(testDescription: "no crowds", kept: [1, 2, 8], reasons: [.crowd: 1]) { $0.crowd = .drop },
    Case(testDescription: "crowds alone", kept: [3], reasons: [.crowd: 3]) { $0.crowd = .only },
    Case(testDescription: "no difficult ones", kept: [1, 2, 3], reasons: [.difficult: 1]) { $0.difficult = .drop },
    Case(testDescription: "truncated ones alone", kept: [8], reasons: [.truncated: 3]) { $0.truncated = .only },
    Case(testDescription: "the first reason counts", kept: [], reasons: [.crowd: 3, .truncated: 1]) {
      $0.crowd = .only
      $0.truncated = .only
    },
  ]

  @Test("objects that pass all that is asked stay, in their order and with their ids", arguments: cases)
  func objects(_ testCase: Case) {
    var filter = AnnotationFilter()
    testCase.change(&filter)
    let (set, removed) = filter.applied(to: EditedSet.set)
    #expect(set.objects.map(\.id) == testCase.kept)
    #expect(removed.objects == testCase.reasons)
    #expect(set.images == EditedSet.set.images && removed.images == 0)
  }

  @Test("images are chosen by the objects that are left")
  func images() {
    var filter = AnnotationFilter()
    filter.classes = ["dog"]
    filter.images = .withObjects
    var (set, removed) = filter.applied(to: EditedSet.set)
    #expect(set.images.map(\.id) == [5] && removed.images == 2)
    #expect(set.categories.map(\.name) == ["dog"] && removed.classes == ["cat", "car"])
    filter.images = .withoutObjects
    (set, removed) = filter.applied(to: EditedSet.set)
    #expect(set.images.map(\.id) == [2, 9] && set.objects.isEmpty)
    #expect(removed.objects == [.otherClass: 3, .image: 1])
  }

  @Test("a form that lists no classes keeps those that still occur")
  func unlisted() {
    var set = EditedSet.set
    set.listsClasses = false
    var filter = AnnotationFilter()
    filter.crowd = .drop
    filter.truncated = .drop
    #expect(filter.applied(to: set).set.categories.map(\.name) == ["cat", "dog"])
    #expect(filter.applied(to: EditedSet.set).set.categories.count == 3)
  }

  @Test("names are taken one by one or with commas; an unknown one is refused with the nearest")
  func names() throws {
    var set = EditedSet.set
    set.categories[2].name = "cat,wild"
    #expect(try set.classes(named: ["dog, cat"], source: "a.json") == ["dog", "cat"])
    #expect(try set.classes(named: ["cat,wild", "dog"], source: "a.json") == ["cat,wild", "dog"])
    for empty in ["", "dog,", "dog,,cat"] {
      #expect(
        errorMessage { _ = try set.classes(named: [empty], source: "a.json") }?
          .hasPrefix("a.json: no class is called \"\"") == true)
    }
    #expect(
      errorMessage { _ = try set.classes(named: ["dgo"], source: "a.json") }
        == "a.json: no class is called \"dgo\"; did you mean \"dog\"? (classes: cat, dog, cat,wild)")
  }
}
