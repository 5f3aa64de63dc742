import Annotations
import ArgumentParser
import Evaluation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `evaluate repeatedly`: judges what is read once as often as asked, for `tools/benchmark evaluate`.
///
/// Prints `ready`, answers each line with the seconds of an evaluation from the parsed files, and the end of input with
/// the process's peak memory in bytes.
struct EvaluateRepeatedly: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "repeatedly", shouldDisplay: false)

  @Argument var kind: Kind
  @OptionGroup var files: JudgedFiles

  enum Kind: String, ExpressibleByArgument, CaseIterable { case boxes, masks }

  func run() throws {
    try reportingErrors {
      let labels = try AnnotationSource.inspect(files.truth).set
      let predictions = try COCOResults.read(files.predictions)
      func judge() throws -> Double {
        switch kind {
        case .boxes:
          try BoxEvaluation(
            labels: labels, predictions: predictions, file: files.predictions, parity: .strict
          ).metrics().AP
        case .masks:
          try MaskEvaluation(
            labels: labels, source: files.truth, predictions: predictions, file: files.predictions, parity: .strict
          ).metrics().AP
        }
      }
      answer("ready")
      while readLine() != nil {
        let clock = ContinuousClock()
        let time = try clock.measure { _ = try judge() }
        answer("\(Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)")
      }
      answer("\(peakMemory())")
    }
  }

  private func answer(_ text: String) {
    print(text)
    fflush(nil)
  }

  /// The most memory that the process has had, in bytes.
  private func peakMemory() -> Int {
    var usage = rusage()
    // RUSAGE_SELF is 0, but its type differs between C libraries.
    getrusage(0, &usage)
    return usage.ru_maxrss * 1024
  }
}
