import Documents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that is written over with each input, for readers that take a path: in the folder that FUZZ_FOLDER names, which
/// should lie in memory.
final class InputFile: @unchecked Sendable {
  /// The folders from the outermost in, with nothing else in them.
  private let folders: [String]
  /// The innermost of them.
  var folder: String { folders[folders.count - 1] }
  /// The file.
  let path: String
  /// Opened with the first input; the program has one thread.
  private var descriptor: Int32 = -1

  /// A file of this name, in folders within the one for inputs, each in the one before it.
  init(_ name: String, in inner: String...) {
    let outermost = getenv("FUZZ_FOLDER").map { String(cString: $0) } ?? "/dev/shm/fuzz-readers"
    var folders = [outermost]
    for next in inner { folders.append(Path.join(folders[folders.count - 1], next)) }
    self.folders = folders
    path = Path.join(folders[folders.count - 1], name)
  }

  deinit { close(descriptor) }

  /// Makes the file hold these bytes and no others.
  func hold(_ bytes: UnsafeRawBufferPointer) {
    if descriptor < 0 {
      for folder in folders { mkdir(folder, 0o700) }
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    }
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count else {
      fatalError("\(path) cannot be written; FUZZ_FOLDER names the folder")
    }
  }
}
