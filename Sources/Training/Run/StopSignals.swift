import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many interrupt or termination signals have come; written by the signal handler.
private let signalCount = Atomic<Int>(0)

/// The wish of a user or a scheduler that the program stops: the first signal is a request, the second ends at once.
public enum StopSignals {
  /// The exit code of a run that was stopped and has saved.
  public static let exitCode: Int32 = 130

  /// Catches SIGINT and SIGTERM from now on, also where the program's parent had blocked them.
  public static func install() {
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { _ in
        // Only what is safe inside a handler: an atomic number and _exit.
        if signalCount.add(1, ordering: .relaxed).newValue > 1 { _exit(StopSignals.exitCode) }
      }
    }
    // A program inherits the signal mask of the thread that started it, and a pool's threads block all.
    var caught = sigset_t()
    sigemptyset(&caught)
    sigaddset(&caught, SIGINT)
    sigaddset(&caught, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &caught, nil)
  }

  /// Whether the program was asked to stop: finish the step, save, and exit with ``exitCode``.
  public static var isStopRequested: Bool { signalCount.load(ordering: .relaxed) > 0 }

  /// Forgets a request, for tests.
  static func reset() { signalCount.store(0, ordering: .relaxed) }
}
