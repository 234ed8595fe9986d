internal import NIOCore

/// The end of a connection: what was written goes out first, then the other side has a moment to read it and to close.
/// Closed at once, the kernel might throw away what it has not read yet. Used on the loop only.
final class Farewell {
  /// Whether nothing more is written.
  private(set) var isBegun = false
  /// When all was written and the other side was told.
  private var said: NIODeadline?

  /// Writes nothing more; the other side is told when all before is out.
  func begin(_ context: ChannelHandlerContext) {
    if isBegun { return }
    isBegun = true
    context.flush()
    let promise = context.eventLoop.makePromise(of: Void.self)
    let farewell = NIOLoopBound(self, eventLoop: context.eventLoop)
    promise.futureResult.whenComplete { _ in farewell.value.said = .now() }
    context.close(mode: .output, promise: promise)
  }

  /// Closes when the other side has had its time; `last` is when it was heard of, for one that does not take what is
  /// written.
  func sweep(_ context: ChannelHandlerContext, _ now: NIODeadline, _ loop: DecisionLoop, last: NIODeadline) {
    guard isBegun else { return }
    if let said {
      if loop.isSilent(since: said, now: now, milliseconds: 1_000) { context.close(promise: nil) }
    } else if now - last > .milliseconds(Int64(loop.limits.bodyMilliseconds)) {
      context.close(promise: nil)
    }
  }
}
