import Layers
import Testing
import Torch

@testable import Segmentation

/// Class activation maps by weights and by gradients.
@Suite struct GradCAMTests {
  /// Two channels of two elements: 1, 3 and 2, 0.
  private static let features = Tensor([1.0, 3, 2, 0], shape: [1, 2, 1, 2])
  /// Two classes: 1, −1 and ½, 2.
  private static let weight = Tensor([1.0, -1, 0.5, 2], shape: [2, 2])

  @Test("CAM by hand: the channels by the classifier's weights, then what is above 0 over the greatest")
  func byWeights() {
    let maps = ClassActivation.maps(of: Self.features, weight: Self.weight)
    #expect(maps.shape == [1, 2, 1, 2] && maps.doubles == [-1, 3, 4.5, 1.5])
    // The mean of a map is the class's score.
    #expect(maps.mean(2, 3).doubles == Self.features.mean(2, 3).linear(Self.weight, bias: nil).doubles)
    let normalized = ClassActivation.normalized(maps).doubles
    #expect(zip(normalized, [0, 1, 1, 1.0 / 3]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(ClassActivation.normalized(-Self.features).doubles == [0, 0, 0, 0])
  }

  @Test("Grad-CAM by hand, of scores that are not linear, and of one that the features do not have a part in")
  func byGradients() {
    // Gradients 2a of the first channel, whose mean is 4; −1 of the second; none.
    func scores(_ map: Tensor) -> Tensor {
      let first = map.selected(0, axis: 1)
      return stack([(first * first).sum(1, 2), -map.selected(1, axis: 1).sum(1, 2), Tensor([5.0])], axis: 1)
    }
    #expect(GradCAM.weights(of: Self.features, scores: scores).doubles == [4, 0, 0, -1, 0, 0])
    #expect(GradCAM.maps(of: Self.features, scores: scores).doubles == [4, 12, 0, 0, 0, 0])
  }

  @Test(
    "of a linear classifier on the means the weights are the classifier's over the elements, and normalised maps those of CAM"
  )
  func identity() {
    let features = Tensor.normal([3, 6, 4, 5], using: Generator(seed: 2))
    let classifier = Linear(6, 4, using: Generator(seed: 3))
    func scores(_ map: Tensor) -> Tensor { classifier(map.mean(2, 3)) }
    let weights = GradCAM.weights(of: features, scores: scores)
    let wanted = classifier.weight.value.detached().unsqueezed(0) / 20
    #expect((weights - wanted).abs().max().scalar < 1e-7)
    let byGradients = ClassActivation.normalized(GradCAM.maps(of: features, scores: scores))
    let byWeights = ClassActivation.normalized(ClassActivation.maps(of: features, weight: classifier.weight.value))
    #expect((byGradients - byWeights).abs().max().scalar < 1e-5)
    #expect(byGradients.max().scalar == 1 && byGradients.min().scalar == 0)
  }

  @Test("no parameter gets a gradient, features keep their graph, and it works where nothing is recorded")
  func isolated() throws {
    let convolution = Convolution(3, 6, kernel: 3, using: Generator(seed: 1))
    let classifier = Linear(6, 2, using: Generator(seed: 2))
    let features = convolution(Tensor.normal([2, 3, 5, 5], using: Generator(seed: 3)))
    func scores(_ map: Tensor) -> Tensor { classifier(map.mean(2, 3)) }
    let maps = GradCAM.maps(of: features, scores: scores)
    #expect(!maps.requiresGradient && features.requiresGradient)
    for entry in convolution.namedParameters() + classifier.namedParameters() {
      #expect(entry.parameter.value.gradient == nil, "\(entry.name)")
    }
    #expect(withoutGradients { GradCAM.maps(of: features, scores: scores) }.isEqual(to: maps))
    #expect(!withoutGradients { scores(features) }.requiresGradient)
    scores(features).sum().backward()
    #expect(try #require(convolution.weight.value.gradient).abs().max().scalar > 0)
  }

  @Test(
    "what is explained of a network is what finite differences of its logits give",
    arguments: [SegmentationNetworkKind.fcnLight, .deeplabv3plusLight, .segformerB0])
  func network(kind: SegmentationNetworkKind) throws {
    let network = smallNetwork(kind)
    network.move(to: .cpu, elementType: .float64)
    network.evaluate()
    let image = Tensor.normal([1, 3, 48, 64], using: Generator(seed: 4)).to(.float64)
    let explainer = SegmentationExplainer(network)
    let (labels, explanations) = explainer.explain(image, height: 48, width: 64)
    let logits = network.logits(of: image)
    #expect(labels.isEqual(to: logits.argmax(1).squeezed(0)) && !explanations.isEmpty)
    #expect(explanations.reduce(0) { $0 + $1.pixels } == 48 * 64)
    for entry in network.namedParameters() { #expect(entry.parameter.value.gradient == nil) }

    let features = withoutGradients { network.features(image) }
    let last = features[features.count - 1]
    let explanation = try #require(explanations.last)
    let isThere = (labels .== explanation.classIndex).to(.float64)
    func score(_ map: Tensor) -> Double {
      withoutGradients {
        let logits = network.upsampled(network.decode(features.dropLast() + [map]), height: 48, width: 64)
        return (logits[0][explanation.classIndex] * isThere).sum().scalar / Double(explanation.pixels)
      }
    }
    #expect(abs(explanation.score - score(last)) < 1e-9)
    // A channel raised everywhere moves the score by the sum of its gradients, of which the mean is the weight.
    let (step, elements) = (1e-5, Double(last.size(2) * last.size(3)))
    let weights = (0..<last.size(1)).map { channel -> Double in
      let isChannel = (Tensor.indices(last.size(1)).reshaped(1, -1, 1, 1) .== channel).to(.float64)
      return (score(last + isChannel * step) - score(last - isChannel * step)) / (2 * step) / elements
    }
    let wanted = ClassActivation.normalized(
      (last * Tensor(weights, shape: [1, weights.count, 1, 1])).sum(1, keepingAxes: true)
    ).to(.float32).resizedBilinear(height: 48, width: 64)[0][0]
    #expect((explanation.map - wanted).abs().max().scalar < 1e-3)
    #expect(explanation.map.max().scalar > 0.5)

    let other = explanations[0].classIndex
    #expect(explainer.explain(image, classes: [other], height: 8, width: 9).explanations.map(\.classIndex) == [other])
    #expect(explainer.explain(image, classes: [], height: 8, width: 9).explanations.isEmpty)
  }

  @Test(
    "the map of the last stage but one comes beside the features, which are the same",
    arguments: [SegmentationNetworkKind.deeplabv3plus, .pspnet, .deeplabv3plusLight, .fcnLight])
  func secondLast(kind: SegmentationNetworkKind) {
    for auxiliaryWeight in [0, 0.4] {
      let network = smallNetwork(kind) { $0.auxiliaryWeight = auxiliaryWeight }
      network.evaluate()
      let image = Golden.values("image", [1, 3, 32, 48])
      let (features, secondLast) = withoutGradients { network.featuresWithSecondLast(image) }
      let wanted = withoutGradients { network.features(image) }
      #expect(features.count == wanted.count && zip(features, wanted).allSatisfy { $0.isEqual(to: $1) })
      if auxiliaryWeight > 0 { #expect(secondLast.isEqual(to: wanted[wanted.count - 2])) }
      let stride = min(network.settings.backbone.lastStage / 2, network.settings.backbone.outputStride)
      let channels = network.lastChannels
      #expect(secondLast.shape == [1, channels.secondLast, 32 / stride, 48 / stride])
      #expect(features[features.count - 1].size(1) == channels.last)
    }
  }
}
