import Annotations
import ArgumentParser
import Segmentation
import Torch

/// Whether and how what is found is explained.
struct ExplanationOptions: ParsableArguments {
  /// The ways there are.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case gradCAM = "grad-cam"
  }

  @Option(
    help: ArgumentHelp(
      """
      Also writes explanations/: for each image and each class found in it where on the network's coarsest map the class \
      comes from, as a heat map over the image (grad-cam).
      """, valueName: "KIND"))
  var explain: Kind?
  @Option(help: ArgumentHelp("The classes that are explained, with commas between.", valueName: "NAME,NAME,…"))
  var explainClasses: String?

  func validate() throws {
    if explainClasses != nil, explain == nil {
      throw ValidationError("--explain-classes wants --explain grad-cam beside it.")
    }
  }

  /// The classes that are explained; nil for all.
  func wanted(of classes: ClassTable) throws -> Set<Int>? {
    guard let explainClasses else { return nil }
    return Set(
      try explainClasses.split(separator: ",").map { name in
        guard let index = classes.index(of: String(name)) else {
          throw PredictError(
            description: "--explain-classes \(name): is none of the classes \(classes.names.joined(separator: ", "))")
        }
        return index
      })
  }
}
