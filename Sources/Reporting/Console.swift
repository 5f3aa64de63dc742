import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Lines for a person, on standard error: lasting ones, and below them one live line that is redrawn in place.
///
/// A lasting line printed while a live line stands goes above it. Where the output is no terminal there are no live
/// lines and no control characters at all, so logs of batch systems stay readable. Calls from any thread.
public final class Console: Sendable {
  /// The console of the process.
  public static let standardError = Console(descriptor: STDERR_FILENO)

  /// Whether live lines can be drawn.
  public let isTerminal: Bool
  /// Whether colours are wanted: on a terminal, unless `NO_COLOR` is set to anything.
  public let usesColor: Bool

  private let columns: @Sendable () -> Int
  private let write: @Sendable (String) -> Void
  private let live = Mutex("")

  /// A console on an open file; whether it is a terminal is asked of the system.
  public convenience init(descriptor: Int32) {
    let dumb = Self.environment("TERM") == "dumb"
    let isTerminal = isatty(descriptor) != 0 && !dumb
    let wantsColor = (Self.environment("NO_COLOR") ?? "").isEmpty
    self.init(
      isTerminal: isTerminal, usesColor: isTerminal && wantsColor,
      columns: {
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
      },
      write: { text in
        var text = text
        text.withUTF8 { bytes in
          var rest = UnsafeRawBufferPointer(bytes)
          while !rest.isEmpty, let start = rest.baseAddress {
            let count = Glibc.write(descriptor, start, rest.count)
            if count > 0 {
              rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
              return  // Nobody is left to read it.
            }
          }
        }
      })
  }

  /// A console that hands what it would draw to `write`.
  public init(
    isTerminal: Bool, usesColor: Bool, columns: @escaping @Sendable () -> Int,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.usesColor = usesColor
    self.columns = columns
    self.write = write
  }

  /// Characters in a line; asked anew each time, since windows are resized.
  public var width: Int { columns() }

  /// Prints a line that stays.
  public func print(_ line: String) {
    live.withLock { live in
      write(live.isEmpty ? line + "\n" : "\r\u{1B}[K" + line + "\n" + live)
    }
  }

  /// Draws the live line anew; an empty text takes it away. Nothing happens where the output is no terminal.
  ///
  /// - Parameter text: at most ``width`` - 1 characters on the screen.
  public func redraw(_ text: String) {
    guard isTerminal else { return }
    live.withLock { live in
      if text.isEmpty, live.isEmpty { return }
      write("\r\u{1B}[K" + text)
      live = text
    }
  }

  /// Makes the live line a lasting one.
  public func keepLiveLine() {
    live.withLock { live in
      if !live.isEmpty { write("\n") }
      live = ""
    }
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
