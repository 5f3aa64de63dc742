import Annotations
import Imaging
import Samples
import Torch
import Views

/// A contact sheet of what a method learns of unlabelled pixels: for each image of a step the weak view, the labels it was given, how
/// sure of them, the strong view as it was learnt, and the labels that counted in it.
struct PixelSheet {
  let taught: TaughtPixels
  /// Images at most.
  var count = 6
  /// Columns of this width, in pixels.
  var cell = 240

  /// The sheet, with the classes' colours below.
  func image(classes: ClassTable, normalization: ResizeNormalize) -> Image {
    let drawing = MaskDrawing(classes)
    var pictures: [(title: String, picture: Image)] = []
    var maps: [Image] = []
    for index in 0..<min(count, taught.weak.views.count) {
      let view = taught.weak.views[index]
      let (said, learnt) = (map(taught.said, index), map(taught.learnt, index))
      let weak = taught.weak.picture(of: index, normalization: normalization)
      let strong = taught.strong.picture(of: index, normalization: normalization)
      pictures.append((view.name, weak))
      pictures.append(("what is said", drawing.overlay(said, on: weak)))
      if let sureness = taught.sureness {
        pictures.append((share("sure", sureness, said, index), grey(sureness, index)))
      }
      pictures.append(
        (taught.strong.views[index].steps.isEmpty ? "learnt in this view" : "learnt in a strong view", strong))
      pictures.append(("what is learnt", drawing.overlay(counted(learnt, index), on: strong)))
      maps += [said, learnt]
    }
    let columns = 4 + (taught.sureness == nil ? 0 : 1)
    return drawing.withLegend(.contactSheet(pictures, columns: columns, cell: cell), of: maps)
  }

  /// The labels of one image.
  private func map(_ labels: Tensor, _ index: Int) -> Image {
    let plane = labels.selected(index, axis: 0).to(.uint8).contiguous().to(.cpu)
    return Image(
      height: plane.size(0), width: plane.size(1), channels: 1, pixels: plane.withBytes { [UInt8]($0) })
  }

  /// Labels that count for nothing are nobody's.
  private func counted(_ labels: Image, _ index: Int) -> Image {
    guard let weights = taught.weights?.selected(index, axis: 0).floats else { return labels }
    var result = labels
    for place in weights.indices where weights[place] == 0 { result.pixels[place] = View.ignoredLabel }
    return result
  }

  private func grey(_ values: Tensor, _ index: Int) -> Image {
    let plane = values.selected(index, axis: 0)
    let floats = plane.floats
    return Image(
      height: plane.size(0), width: plane.size(1), channels: 1,
      pixels: floats.map { UInt8(max(0, min(255, (255 * $0).rounded()))) }
    ).convertedToRGB()
  }

  /// A word with the mean over pixels that have a label.
  private func share(_ word: String, _ values: Tensor, _ labels: Image, _ index: Int) -> String {
    let floats = values.selected(index, axis: 0).floats
    var (sum, count) = (0.0, 0)
    for place in floats.indices where labels.pixels[place] != View.ignoredLabel {
      sum += Double(floats[place])
      count += 1
    }
    return "\(word): \(Int((100 * sum / Double(max(1, count))).rounded())) %"
  }
}
