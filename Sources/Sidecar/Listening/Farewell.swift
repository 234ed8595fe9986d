internal import NIOCore

/// The end of a connection: what was written goes out first, then the other side has a moment to read it and to close.
/// Closed at once, the kernel might throw away what it has not read yet. Used on the loop only.
final class Farewell {
  /// Whether nothing more is written.
  private(set) var isBegun = false
  /// When all was written and the other side was told.
  private var said: NIODeadline?

  /// Writes nothing more; the other side is told when all before is out. `carrier` writes bytes as they are.
  func begin(_ context: ChannelHandlerContext, carrier: ChannelHandlerContext) {
    if isBegun { return }
    isBegun = true
    context.flush()
    // Where the other side has ended already, closing throws away what is not out yet: an empty write goes first, and
    // is done when all before it is.
    let written = context.eventLoop.makePromise(of: Void.self)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    written.futureResult.whenComplete { _ in
      let (farewell, context) = bound.value
      farewell.said = .now()
      context.close(mode: .output, promise: nil)
    }
    carrier.writeAndFlush(NIOAny(ByteBuffer()), promise: written)
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
