import Foundation
import Randomness
import TestSupport
import Testing

@testable import Documents

/// Collects elements as they are, and refuses those whose `id` is 13.
private struct Collected: JSONElements, Equatable {
  var texts: [String] = []
  /// Whether the cursor is left alone.
  var usesJSONC = false

  mutating func take(_ cursor: inout JSONCursor) -> Bool {
    guard !usesJSONC, let value = cursor.value(), let id = value["id"]?.int, id != 13 else { return false }
    texts.append(value.serialized())
    return true
  }

  mutating func take(_ element: JSONElement) throws(DocumentError) {
    guard try element.int("id") != 13 else { throw element.error("id", "is 13") }
    texts.append(element.json.serialized())
  }

  mutating func append(_ next: consuming Collected, expected: Int) {
    texts += next.texts
  }
}

@Suite struct JSONArrayReaderTests {
  private struct Outcome: Equatable {
    var texts: [String] = []
    var problems: [String] = []
    var error: String?
  }

  /// What the elements give one by one through json-c.
  private func oneByOne(_ file: String) -> Outcome {
    var outcome = Outcome()
    var collected = Collected(usesJSONC: true)
    outcome.error = errorMessage {
      try JSONStream.read(
        file, arrays: ["a"],
        element: { _, element throws(DocumentError) in
          do throws(DocumentError) { try collected.take(element) } catch { outcome.problems.append("\(error)") }
        })
    }
    outcome.texts = collected.texts
    return outcome
  }

  private func inParts(_ file: String, partSize: Int, usesJSONC: Bool) -> Outcome {
    var outcome = Outcome()
    outcome.error = errorMessage {
      try JSONStream.read(file, partSize: partSize) { member throws(DocumentError) in
        guard member.key == "a" else { return }
        outcome.texts = try member.elements(
          { Collected(usesJSONC: usesJSONC) }, problem: { outcome.problems.append("\($0)") }
        ).texts
      }
    }
    return outcome
  }

  @Test("parts of any size give what reading one by one gives: elements, problems in order, the first error")
  func parts() throws {
    let folder = try ScratchFolder()
    var random = RandomJSON(SeededGenerator(seed: 4))
    var choice = SeededGenerator(seed: 5)
    var (whole, broken, withProblems) = (0, 0, 0)
    for round in 0..<1_500 {
      let count = choice.integer(below: 40)
      let records = (0..<count).map { _ in random.record(choice.integer(below: 60)) }
      let nested = choice.chance(0.3) ? ",{\"id\":1,\"b\":[{\"id\":2},{\"id\":3},{\"id\":4}],\"c\":\"},{\"}" : ""
      var bytes = Array(
        "{\"x\":[1],\"a\":[{\"id\":0}\(records.map { "," + $0 }.joined())\(nested)],\"y\":[{},{}]}".utf8)
      if round % 3 == 2 { bytes = random.damaged(bytes) }
      let file = try folder.file("r.json")
      // Not synced: thousands of files.
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      var wanted = oneByOne(file)
      for partSize in [1, 7, 50, 300, 1 << 19] {
        let found = inParts(file, partSize: partSize, usesJSONC: choice.chance(0.3))
        if wanted.error != nil {
          // Elements before an error come to nothing, with their problems.
          wanted.texts = found.texts
          #expect(wanted.error == found.error)
        } else {
          #expect(wanted == found, "\(String(decoding: bytes, as: UTF8.self))")
        }
      }
      whole += wanted.error == nil ? 1 : 0
      broken += wanted.error == nil ? 0 : 1
      withProblems += wanted.problems.isEmpty ? 0 : 1
    }
    #expect(whole > 100 && broken > 300 && withProblems > 30, "\(whole) \(broken) \(withProblems)")
  }

  @Test("of many refused elements all are counted, the first twenty with errors of their own", arguments: [9, 1 << 19])
  func manyRefused(partSize: Int) throws {
    let folder = try ScratchFolder()
    let elements = (0..<500).map { $0 % 2 == 0 ? "{\"id\":13}" : "{\"id\":\($0 + 100)}" }
    let file = try folder.write("{\"a\":[\(elements.joined(separator: ","))]}", to: "r.json")
    let found = inParts(file, partSize: partSize, usesJSONC: false)
    #expect(found.error == nil && found.texts.count == 250 && found.problems.count == 250)
    let own = oneByOne(file).problems.prefix(20)
    #expect(found.problems.prefix(20) == own)
    #expect(Set(found.problems.dropFirst(20)) == [own[19]])
  }

  @Test("an array that is none, and one that ends early, are errors with their place")
  func errors() throws {
    let folder = try ScratchFolder()
    let cases = [
      (#"{"a":{"v":1}}"#, "a: is not an array (byte 5)"),
      (#"{"a":[{"id":1},"#, "a[1]: the file ends early, inside this value (byte 15)"),
      (#"{"a":[{"id":1},]}"#, "a[1]: has ] where a value is due (byte 15)"),
      (
        #"{"a":[{"id":1} {"id":2}]}"#,
        "a[0]: is followed by something else than a comma or the end of the array (byte 15)"
      ),
      (#"{"a":["#, "a[0]: the file ends early, inside this value (byte 6)"),
      (#"{"a":[{"id":1}], "b":"#, "b: the file ends early, inside this value (byte 21)"),
    ]
    for (text, message) in cases {
      let file = try folder.write(text, to: "e.json")
      #expect(inParts(file, partSize: 4, usesJSONC: false).error == "\(file): \(message)")
      #expect(oneByOne(file).error == "\(file): \(message)")
    }
  }
}
