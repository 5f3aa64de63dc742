import Documents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a run's numbers may depend on beside settings and data: engine, compiler, machine, threads, source revision.
public struct RunVersions: Sendable, Equatable {
  /// The tensor engine with its version, as it names itself.
  public var engine: String
  /// Threads the engine computes with.
  public var threads: Int
  /// Where the model lies, as given to `--device`.
  public var device: String
  /// The name of the GPU that it is; nil on a CPU.
  public var card: String?
  /// The commit of the repository around the working folder; `unknown` outside of one.
  public var revision: String
  /// The folder in which the program was started: relative paths of the settings are taken from it.
  public var directory: String
  /// The processor's name.
  public var processor: String
  /// Processors that are online.
  public var processorCount: Int
  /// Physical memory in MiB.
  public var memory: Int
  /// The machine's operating system and release.
  public var system: String

  /// Describes this machine; `folder` is where the search for a repository starts.
  public init(engine: String, threads: Int, device: String, card: String? = nil, folder: String = ".") {
    self.engine = engine
    self.threads = threads
    self.device = device
    self.card = card
    revision = Self.revision(above: folder) ?? "unknown"
    directory = Path.resolved(".") ?? "unknown"
    processor = Self.processorName() ?? "unknown"
    processorCount = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    memory = sysconf(Int32(_SC_PHYS_PAGES)) * (sysconf(Int32(_SC_PAGESIZE)) / 1024) / 1024
    var names = utsname()
    system = uname(&names) == 0 ? Self.text(names.sysname) + " " + Self.text(names.release) : "unknown"
  }

  /// The compiler that built this program.
  public static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #elseif compiler(>=6.2)
      "Swift 6.2"
    #elseif compiler(>=6.1)
      "Swift 6.1"
    #else
      "Swift 6.0"
    #endif
  }

  /// Whether the program was built with optimization.
  public static var configuration: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  var json: JSON {
    [
      "engine": .string(engine), "threads": .number("\(threads)"), "device": .string(device),
      "card": card.map { .string($0) } ?? .null,
      "compiler": .string(Self.compiler), "configuration": .string(Self.configuration),
      "revision": .string(revision), "directory": .string(directory), "processor": .string(processor),
      "processors": .number("\(processorCount)"),
      "memoryMiB": .number("\(memory)"), "system": .string(system),
    ]
  }

  /// The commit that the repository at or above `folder` stands at, read from its files.
  static func revision(above folder: String) -> String? {
    guard var place = Path.resolved(folder) else { return nil }
    while !Folder.exists(Path.join(place, ".git")) {
      let parent = Path.folder(of: place)
      guard parent != place, parent != "." else { return nil }
      place = parent
    }
    let repository = Path.join(place, ".git")
    guard let head = firstLine(of: Path.join(repository, "HEAD")) else { return nil }
    guard head.hasPrefix("ref: ") else { return head }
    let name = String(head.dropFirst(5))
    if let commit = firstLine(of: Path.join(repository, name)) { return commit }
    let packed = text(of: Path.join(repository, "packed-refs"))
    return packed?.split(separator: "\n").first { $0.hasSuffix(" " + name) }?.split(separator: " ").first.map(
      String.init)
  }

  private static func firstLine(of path: String) -> String? {
    text(of: path)?.split(separator: "\n").first.map(String.init)
  }

  private static func text(of path: String) -> String? {
    (try? MappedFile(path: path))?.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  private static func processorName() -> String? {
    guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
      return text[text.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return nil
  }

  private static func text<Letters>(_ letters: Letters) -> String {
    withUnsafeBytes(of: letters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
