package import NIOCore

/// The time and the timers of a real event loop.
package final class NIOLoopClock: LoopClock {
  private let loop: any EventLoop

  /// The clock of `loop`; used on that loop only.
  package init(_ loop: any EventLoop) { self.loop = loop }

  /// Nanoseconds since some moment before the process began.
  package var now: Int64 { Int64(clamping: loop.now.uptimeNanoseconds) }

  /// Calls `body` on the loop once, after `delay` nanoseconds.
  package func schedule(after delay: Int64, _ body: @escaping () -> Void) {
    _ = loop.assumeIsolated().scheduleTask(in: .nanoseconds(max(0, delay)), body)
  }
}
