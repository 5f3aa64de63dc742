/// A reader that is given random bytes: it must end in time, without a crash, with a value or a typed error.
struct FuzzTarget: Sendable {
  /// What it is called on the command line.
  let name: String
  /// Files of `annotations/tiny` to start from; `*` stands for any text within a name.
  let seeds: [String]
  /// Reads an input, and stops the program where a value that was read contradicts itself.
  let run: @Sendable (UnsafeRawBufferPointer) -> Void

  /// All targets, in the order of `--list`.
  static var all: [FuzzTarget] { documents + cursor + masks + maskFolders + labels + lists + images }

  /// Stops the program: libFuzzer keeps the input.
  static func require(_ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String) {
    precondition(condition(), message())
  }
}
