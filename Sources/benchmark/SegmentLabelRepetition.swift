import ArgumentParser
import Documents
import Samples
import Segmentation
import Torch

/// JPEG files to label maps as ST and ST++ make pseudo-masks: five sizes, each also mirrored, one image at a time, the
/// next one read meanwhile.
struct SegmentLabelRepetition: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment-label", abstract: "JPEG files to label maps, looked at ten times.")

  @OptionGroup var machine: MachineOptions
  @OptionGroup var segmenter: SegmenterOptions
  @Option(help: "A folder of JPEG files.") var folder: String
  @Option(help: "Writes the label maps, a byte a pixel, to this file and ends.") var dump: String?

  func run() throws {
    let device = try machine.configure()
    let network = try segmenter.network(on: device)
    network.evaluate()
    let inference = SegmentationInference.released
    let layout = network.settings.backbone.batchLayout()
    let reader = try SegmentationReader(
      network, inference: inference, reader: inference.reader(workers: 1, scaledDecoding: false, layout: layout),
      device: device, computeType: machine.computeType(on: device))
    let pool = try ImagePool.unlabeled(folder)
    func repetition() -> [UInt8] {
      var pixels: [UInt8] = []
      reader.forEachImage(of: pool) { pixels += $0.labels.pixels }
      return pixels
    }
    guard let dump else { return try serveRepetitions(on: device, machine) { _ = repetition() } }
    try AtomicFile.write(repetition(), to: dump)
  }
}
