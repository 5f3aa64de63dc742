import CFuzzer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The program `fuzz-readers`: `fuzz-readers NAME` and libFuzzer's arguments, `fuzz-readers --list`, `fuzz-readers --seeds NAME`.
///
/// `tools/fuzz` builds and runs it.
@main
enum FuzzReaders {
  /// What libFuzzer's inputs go to; set once, before its loop begins.
  nonisolated(unsafe) private static var target: FuzzTarget?

  static func main() {
    let arguments = CommandLine.arguments
    let names = FuzzTarget.all.map(\.name)
    if arguments.dropFirst() == ["--list"] {
      print(names.joined(separator: "\n"))
      return
    }
    let isForSeeds = arguments.count == 3 && arguments[1] == "--seeds"
    guard arguments.count > 1, let chosen = FuzzTarget.all.first(where: { $0.name == arguments[isForSeeds ? 2 : 1] })
    else {
      let usage = "usage: fuzz-readers NAME [libFuzzer's arguments]; names: \(names.joined(separator: ", "))\n"
      _ = usage.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
      exit(64)
    }
    if isForSeeds {
      print(chosen.seeds.joined(separator: "\n"))
      return
    }
    target = chosen
    var count = CommandLine.argc - 1
    var rest: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
    exit(
      LLVMFuzzerRunDriver(&count, &rest) { bytes, count in
        FuzzReaders.target?.run(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
      })
  }
}
