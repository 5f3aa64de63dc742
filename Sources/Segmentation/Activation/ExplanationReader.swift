import Annotations
import Imaging
import Samples
import Torch
import Views

/// Explains what a segmentation network finds in files of images, each looked at once and as a whole.
public struct ExplanationReader {
  /// What was found in one image, in the size in which the network looked at it.
  public struct Found {
    /// What the network was shown.
    public let picture: Image
    /// The class of each pixel: one channel.
    public let labels: Image
    /// A class each, in the order of the classes.
    public let explanations: [SegmentationExplainer.Explanation]

    /// A class's map over the picture, the pixels that the network gives the class enclosed by a line, with a legend.
    ///
    /// - Parameters:
    ///   - name: The class's, for the legend.
    ///   - leastLongSide: Smaller pictures are enlarged to it.
    public func drawing(of explanation: SegmentationExplainer.Explanation, name: String, leastLongSide: Int) -> Image {
      let shown = picture.fitted(
        leastLongSide: leastLongSide, longSide: max(leastLongSide, picture.height, picture.width))
      let values = (explanation.map * 255).rounded().to(.uint8).contiguous().to(.cpu).withBytes { [UInt8]($0) }
      let map = Image(height: picture.height, width: picture.width, channels: 1, pixels: values)
        .resized(height: shown.height, width: shown.width)
      var area = labels
      area.pixels = labels.pixels.map { Int($0) == explanation.classIndex ? 255 : 0 }
      let drawn = HeatMap(map).over(
        shown, outlined: area.resizedNearest(height: shown.height, width: shown.width))
      let legend = HeatMap.legend(name, width: shown.width)
      var canvas = Canvas(Image(height: shown.height + legend.height, width: shown.width, color: .white))
      canvas.draw(drawn, x: 0, y: 0)
      canvas.draw(legend, x: 0, y: shown.height)
      return canvas.image
    }
  }

  private let explainer: SegmentationExplainer
  private let reader: PoolReader
  private let largest: Double
  private let device: Device

  /// A reader for a network in evaluation mode.
  ///
  /// - Parameters:
  ///   - reader: How files become batches.
  ///   - largest: Larger views are made smaller to this many million pixels, as the features of all of an image are held at once.
  ///   - device: Where the network lies.
  public init(
    _ network: SegmentationNetwork, reader: PoolReader, largest: Double, device: Device,
    computeType: ElementType? = nil
  ) {
    explainer = SegmentationExplainer(network, computeType: computeType)
    self.reader = reader
    self.largest = largest
    self.device = device
  }

  /// What the network finds in an image, and why.
  ///
  /// - Parameter classes: Those that are explained; nil for all that are found.
  public func explain(_ image: PooledImage, classes: Set<Int>? = nil) throws(SamplesError) -> Found {
    let images = ImageReader(usesScaledDecoding: reader.scaledDecoding)
    let opened = try images.open(image)
    var geometry = reader.geometry(of: opened)
    let pixelCount = Double(geometry.height) * Double(geometry.width)
    if largest > 0, pixelCount > largest * 1e6 {
      let factor = (largest * 1e6 / pixelCount).squareRoot()
      geometry.resize(
        height: max(1, Int(Double(geometry.height) * factor)), width: max(1, Int(Double(geometry.width) * factor)))
    }
    let pixels = try images.decode(opened, shortSide: min(geometry.height, geometry.width))
    let view = View(image: 0, imageID: image.id, name: image.name, geometry: geometry, labels: BoxLabels())
    let batch = reader.layout.batch([(pixels, view)], device: device)
    let shown = batch.images.sliced(axis: 2, to: geometry.height).sliced(axis: 3, to: geometry.width)
    let (labels, explanations) = explainer.explain(
      shown, classes: classes, height: geometry.height, width: geometry.width)
    return Found(
      picture: view.resized(from: pixels).convertedToRGB(),
      labels: Image(
        height: geometry.height, width: geometry.width, channels: 1,
        pixels: labels.to(.uint8).contiguous().to(.cpu).withBytes { [UInt8]($0) }),
      explanations: explanations)
  }
}
