internal import CAssayInterface
internal import Dispatch
internal import NIOCore
internal import NIOPosix
internal import Windows

/// An event loop on a thread of its own, which is gone when `end` returns.
///
/// Not a `MultiThreadedEventLoopGroup`: that ends the process where no thread can be had, and its shutdown goes over
/// Dispatch, which would leave threads and descriptors of its own in the host for good.
final class LoopThread: Sendable {
  /// The loop that runs there.
  let loop: any EventLoop
  private let thread: UInt

  /// Where SwiftNIO would tell that a loop has ended. Never activated, so that no thread ever works on it; the end of
  /// the thread tells the same.
  private static let silence = DispatchQueue(label: "assay.silence", attributes: .initiallyInactive)

  /// Starts the thread.
  init() throws(Problem) {
    let start = Start()
    let context = unsafe Unmanaged.passRetained(start)
    var thread: UInt = 0
    let failure = unsafe cassay_start_thread(
      { context in
        guard let context = unsafe context else { return }
        let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { start.give($0) }
      }, context.toOpaque(), &thread)
    guard failure == 0 else {
      unsafe context.release()
      throw Problem(
        ASSAY_SYSTEM, "no-thread", "the thread of the engine did not start: error \(failure) of the system",
        hint: "is there a limit on threads, memory or open files?")
    }
    guard let loop = start.wait() else {
      throw Problem(ASSAY_SYSTEM, "no-thread", "the engine has no thread")
    }
    (self.loop, self.thread) = (loop, thread)
  }

  /// Ends the loop and waits for its thread; called once, by another thread.
  func end() {
    loop.shutdownGracefully(queue: Self.silence) { _ in }
    cassay_join_thread(thread)
  }

  /// How the loop comes from its thread to the one that started it.
  private final class Start: Sendable {
    private let loop = Guarded<(any EventLoop)?>(nil)
    private let done = DispatchSemaphore(value: 0)

    func give(_ loop: any EventLoop) {
      self.loop.withLock { $0 = loop }
      done.signal()
    }

    func wait() -> (any EventLoop)? {
      done.wait()
      return loop.withLock { $0 }
    }
  }
}
