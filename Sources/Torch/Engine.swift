import CTorch
import FoundationEssentials
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// The engine as a whole: its version, threads, memory, and what happens when it fails.
public enum Engine {
  /// libtorch's version, of the headers this was built with.
  public static var version: String { String(cString: ct_version()) }

  /// CUDA devices that can be used; 0 in a CPU build and without a driver or card.
  public static var cudaDeviceCount: Int { Int(ct_cuda_device_count()) }

  /// The threads that operations on the CPU run on. Setting it covers libtorch's pool and OpenBLAS's.
  public static var threadCount: Int {
    get { Int(ct_thread_count()) }
    set { check(ct_set_thread_count(Int32(newValue)), "set the thread count to \(newValue)") }
  }

  /// The processors that this process may use.
  public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The threads that loops of the shim's own kernels run on: ``threadCount``, or 1 where libtorch's OpenMP runtime cannot be called.
  public static var loopThreadCount: Int { Int(ct_loop_thread_count()) }

  /// Settings of a training program, made once at its start: thread count and allocators that keep large blocks.
  ///
  /// libtorch gives each large tensor back to the system and faults it in anew at the next step, which costs 10–40 % of a
  /// training step. Large tensors lie in a range of addresses of their own, where they leave no gaps that only small ones
  /// would fit into.
  public static func configure(threadCount: Int) {
    ct_keep_freed_memory()
    ct_use_arena()
    self.threadCount = threadCount
  }

  /// Whether NVIDIA GPUs time the algorithms of each convolution where its sizes are first seen, and keep to the fastest: pays where
  /// sizes repeat, costs where they keep changing. Which is fastest differs from run to run, and so do roundings.
  public static func searchConvolutions(_ searches: Bool) { ct_search_convolutions(searches) }

  /// Whether NVIDIA GPUs may round the factors of float32 convolutions to the 10 bits of TF32, which their tensor cores multiply. They may
  /// at first, as in PyTorch; matrix products never do.
  public static func roundConvolutions(_ rounds: Bool) { ct_round_convolutions(rounds) }

  /// Lowers the calling thread's priority: for threads that prepare data beside a running step.
  public static func lowerThreadPriority() { ct_lower_thread_priority() }

  /// Peak resident memory of this process in bytes.
  public static var peakMemory: Int { Int(ct_peak_memory()) }

  /// Bytes of private memory that this process has mapped, touched or not: what a limit of the process (`ulimit -d`)
  /// counts. Large tensors' memory stays mapped, so this hardly ever falls.
  public static var mappedMemory: Int { Int(ct_mapped_memory()) }

  /// Lowers the memory that this process may have, so that more fails as an allocation, and lets the kernel end it before
  /// any other: for a process that finds out how much a step takes.
  public static func limitMemory(to bytes: Int) { ct_limit_memory(Int64(bytes)) }

  /// What a program says about memory that there was not: which of its settings take less, and how to go on.
  ///
  /// - Parameter advice: Asked when it has happened, so that it can look at what was saved; the end of a sentence.
  public static func adviseOnMemory(_ advice: @escaping @Sendable () -> String) {
    memoryAdvice.withLock { $0 = advice }
  }

  private static let memoryAdvice = Mutex<@Sendable () -> String>({ "fewer or smaller images at a time take less" })

  /// Tensor handles alive in the process at this moment.
  public static var liveTensorCount: Int { Int(ct_tensor_live_count()) }

  /// Ends the program with one line if the shim reports a failure.
  ///
  /// Operations do not throw: a wrong shape is a mistake of the caller's code, and running out of memory cannot be mended
  /// in the middle of a step. Checkpoints are written by rename, so the last one stays whole.
  static func check(_ message: UnsafeMutablePointer<CChar>?, _ operation: @autoclosure () -> String) {
    guard let message else { return }
    fail(operation(), String(cString: message))
  }

  static func fail(_ operation: String, _ message: String) -> Never {
    let reason: String
    if let failure = MemoryFailure(message) {
      reason = "\(failure) (\(operation)); " + memoryAdvice.withLock { $0 }()
    } else {
      reason = "\(operation): " + message.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
    let line = "error: \(reason)\n"
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    // At once: threads that prepare data still run, and would find no memory, too, while `exit` tidies up.
    fflush(nil)
    _exit(1)
  }
}
