import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The hidden files and folders that this process is filling before they get their names.
private let places = Mutex<Set<String>>([])

/// What tells the user that the process was stopped.
private let message = Mutex<(@Sendable () -> Void)?>(nil)

/// Whether the process is being stopped: then nothing else ends it.
private let isStopping = Atomic(false)

private func stopSignals() -> sigset_t {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGINT)
  sigaddset(&signals, SIGTERM)
  return signals
}

private func waitForStop() -> Never {
  var (signals, number) = (stopSignals(), Int32(0))
  while sigwait(&signals, &number) != 0 {}
  isStopping.store(true, ordering: .sequentiallyConsistent)
  message.withLock { $0 }?()
  // Other threads go on meanwhile, so a folder may be filled while it is emptied.
  for _ in 0..<3 { for path in places.withLock({ $0 }) { UnfinishedPlaces.removeTree(path) } }
  _exit(130)
}

/// What is half written, and goes where the process is stopped.
public enum UnfinishedPlaces {
  /// Remembers a hidden file or folder.
  public static func add(_ path: String) { places.withLock { _ = $0.insert(path) } }

  /// Forgets one that has its name now, or is gone.
  public static func remove(_ path: String) { places.withLock { _ = $0.remove(path) } }

  /// Lets SIGINT and SIGTERM end the process from now on with exit code 130, after all that is half written is removed. For
  /// programs with nothing to save; called before the first thread is started.
  ///
  /// - Parameter say: tells the user.
  public static func removeWhenStopped(_ say: @escaping @Sendable () -> Void) {
    message.withLock { $0 = say }
    var caught = stopSignals()
    pthread_sigmask(SIG_BLOCK, &caught, nil)
    // Files that are gone by now fail elsewhere, with another exit code.
    atexit { while isStopping.load(ordering: .sequentiallyConsistent) { pause() } }
    var thread = pthread_t()
    pthread_create(&thread, nil, { _ in waitForStop() }, nil)
  }

  /// Removes a file, or a folder with all that lies in it; links are not followed.
  static func removeTree(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in (try? Folder.names(in: path)) ?? [] { removeTree(Path.join(path, name)) }
    rmdir(path)
  }
}
