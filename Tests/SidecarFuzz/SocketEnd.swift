internal import NIOCore

/// Stands where the socket would: takes what is written when it may, and knows whether somebody wants to read.
final class SocketEnd: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  /// The connection asked for bytes and got none since.
  var wantsRead = false
  /// Nothing more is written.
  private(set) var isEnded = false
  /// What went out.
  private(set) var sent: [UInt8] = []
  /// A promise that was broken, in words.
  private(set) var complaint: String?
  private var unsent: [(bytes: ByteBuffer, done: EventLoopPromise<Void>?)] = []
  private var flushed = 0
  /// The other side takes nothing.
  private var isBlocked = false

  func read(context: ChannelHandlerContext) { wantsRead = true }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if isEnded { complaint = "bytes are written after the end" }
    unsent.append((unwrapOutboundIn(data), promise))
  }

  func flush(context: ChannelHandlerContext) {
    flushed = unsent.count
    if !isBlocked { send() }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .output else {
      let lost = unsent
      (unsent, flushed) = ([], 0)
      for write in lost { write.done?.fail(ChannelError.ioOnClosedChannel) }
      return context.close(mode: mode, promise: promise)
    }
    if !unsent.isEmpty { complaint = "the end comes before what was written" }
    isEnded = true
    promise?.succeed(())
  }

  /// The other side takes nothing more, or goes on taking.
  func block(_ isBlocked: Bool) {
    self.isBlocked = isBlocked
    if !isBlocked { send() }
  }

  private func send() {
    // A promise that is kept may lead to more.
    while flushed > 0 {
      let write = unsent.removeFirst()
      flushed -= 1
      sent += write.bytes.readableBytesView
      write.done?.succeed(())
    }
  }
}
