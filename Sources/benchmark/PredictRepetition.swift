import ArgumentParser
import Detection
import Samples
import Torch

/// JPEG files to boxes: decode, resize, normalise, Faster R-CNN R50-FPN, one image at a time, the next one read meanwhile.
struct PredictRepetition: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "predict", abstract: "JPEG files to boxes.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "A folder of JPEG files.") var folder: String
  @Option(help: "A state dict of fasterrcnn_resnet50_fpn.") var weights: String
  @Option(help: "Shorter side of the images.") var side = 800
  @Flag(help: "Prints the number of boxes and the sum of scores, and ends.") var check = false

  func run() throws {
    let device = try machine.configure()
    var saved = try SavedDetector(model: "fasterrcnn_resnet50_fpn", weights: weights)
    (saved.input.shortSide, saved.input.longSide) = (side, 1333)
    saved.detector.move(to: device)
    let pool = try ImagePool.unlabeled(folder)
    let reader = DetectionReader(
      saved.detector, reader: saved.reader(batchSize: 1, workers: 1), device: device,
      computeType: try machine.computeType(on: device))
    var (boxes, scores) = (0, 0.0)
    func repetition() {
      (boxes, scores) = (0, 0)
      reader.forEachImage(of: pool) { _, _, found in
        boxes += found.count
        scores += found.reduce(0) { $0 + $1.score }
      }
    }
    guard check else { return try serveRepetitions(on: device, machine, repetition) }
    repetition()
    print(boxes, scores)
  }
}
