// Which unlabelled images are worth a person's labels.
//
// The idea: an image teaches much in which the teacher is unsure of the class of what it sees, sees much, sees many classes,
// and is unsure where things end. Each is a number an image; divided by the greatest of all images and added up they rank.
//
// Source: Active Teacher (Mi et al., CVPR 2022), section 3.3: difficulty (entropy of the class distributions), information
// (sum of confidences), diversity (number of classes), each normalised over the images, and combined. As in the release
// (github.com/HunterJ-Lin/ActiveTeacher) each is divided by its greatest value and all weigh the same.
//
// Differences from the source:
// - Difficulty is the mean entropy over an image's boxes, as the paper has it; the release keeps that of the last box.
// - A fourth number, the mean uncertainty of boxes under jittering (Soft Teacher), of which Active Teacher knows nothing.
// - Boxes count that score more than a floor, since a young detector's weakest ones are noise and outnumber the rest.
// - Images without a box have no numbers. They stand behind all others, by name: of a large collection most are empty, and
//   labelling an empty image teaches background alone. One with objects that the teacher does not see at all is among them too,
//   which is why their number is said.

import Documents
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Unlabelled images, those first whose labels would teach most.
public struct LabelingRanking {
  /// One image with the figures behind its rank.
  public struct Entry: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its place in the pool.
    public let image: Int
    /// Boxes that count.
    public let boxes: Int
    /// The mean entropy of their class distributions over the greatest possible one, 0…1.
    public let difficulty: Double
    /// The sum of their scores.
    public let information: Double
    /// How many classes are among them.
    public let diversity: Int
    /// The mean uncertainty of their boxes, at most 1 each.
    public let boxUncertainty: Double
    /// The mean of the four, each over the greatest of all images, 0…1; 0 without a box.
    public fileprivate(set) var score = 0.0
  }

  /// The images, best first; those without a box last.
  public let entries: [Entry]
  /// How many have no box.
  public var emptyCount: Int { entries.count { $0.boxes == 0 } }

  /// Ranks images by what was found in them.
  ///
  /// - Parameter images: Each image's place, name and boxes, those that score too little among them.
  public init(_ images: [(image: Int, name: String, boxes: [TeacherBox])]) {
    var entries = images.map { image in
      Self.entry(image.image, image.name, image.boxes.filter { $0.found.score > TeacherReader.leastScore })
    }
    func greatest(_ value: (Entry) -> Double) -> Double { max(entries.map(value).max() ?? 0, .leastNormalMagnitude) }
    let difficulty = greatest(\.difficulty)
    let information = greatest(\.information)
    let diversity = greatest { Double($0.diversity) }
    let uncertainty = greatest(\.boxUncertainty)
    for place in entries.indices {
      let entry = entries[place]
      let sum =
        entry.difficulty / difficulty + entry.information / information + Double(entry.diversity) / diversity
        + entry.boxUncertainty / uncertainty
      entries[place].score = sum / 4
    }
    self.entries = entries.sorted { first, second in
      if (first.boxes == 0) != (second.boxes == 0) { return second.boxes == 0 }
      if first.score != second.score { return first.score > second.score }
      return first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
    }
  }

  private static func entry(_ image: Int, _ name: String, _ boxes: [TeacherBox]) -> Entry {
    let count = Double(max(1, boxes.count))
    return Entry(
      name: name, image: image, boxes: boxes.count,
      difficulty: boxes.reduce(0) { $0 + entropy($1.probabilities) } / count,
      information: boxes.reduce(0) { $0 + $1.found.score }, diversity: Set(boxes.map(\.found.classIndex)).count,
      boxUncertainty: boxes.reduce(0) { $0 + min(1, $1.uncertainty) } / count)
  }

  /// The entropy of a distribution over that of the even one, 0…1.
  static func entropy(_ probabilities: [Double]) -> Double {
    guard probabilities.count > 1 else { return 0 }
    let sum = probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    return max(0, sum / log(Double(probabilities.count)))
  }

  // MARK: Files

  /// `ranking.csv`.
  public var csv: String {
    let header = ["rank", "image", "score", "difficulty", "information", "diversity", "box_uncertainty", "boxes"]
    let rows = entries.enumerated().map { place, entry in
      [
        "\(place + 1)", entry.name, NumberText.fixed(entry.score, 4), NumberText.fixed(entry.difficulty, 4),
        NumberText.fixed(entry.information, 3), "\(entry.diversity)", NumberText.fixed(entry.boxUncertainty, 4),
        "\(entry.boxes)",
      ]
    }
    return CSV.text([header] + rows)
  }

  /// The names of the first images, a line each; what a list of images is read from.
  public func list(_ count: Int) -> String { entries.prefix(count).map { $0.name + "\n" }.joined() }
}
