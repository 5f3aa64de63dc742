#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An operating system thread that runs one closure, for blocking work that would starve Swift's cooperative pool.
///
/// It runs at lower priority than the thread that starts it: workers that compete with the engine's own threads make
/// those wait for each other, which costs far more than the time the workers take.
final class WorkerThread {
  private let handle: pthread_t

  /// Starts the thread; nil where the system refuses another one.
  init?(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        // On Linux, "process 0" is the calling thread.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      box.release()
      return nil
    }
    handle = thread
  }

  /// Waits until the closure has returned; to be called once.
  func join() {
    _ = pthread_join(handle, nil)
  }
}

private final class ThreadBody {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// A lock with a condition to wait for.
final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs the closure while no other thread is inside.
  func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Lets others in until one calls `wakeAll`; only inside `locked`.
  func wait() { pthread_cond_wait(condition, mutex) }

  /// Wakes all that wait; only inside `locked`.
  func wakeAll() { pthread_cond_broadcast(condition) }
}
