internal import NIOCore

/// Tells since when a request's headers are coming. It stands before the parser, which says nothing of half a header.
final class HeaderClock: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// When the first byte came that may belong to headers; nil when none has.
  private(set) var start: NIODeadline?

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if start == nil { start = .now() }
    context.fireChannelRead(data)
  }

  /// Nothing was read for a while, by our own choice: half a header has its whole time again.
  func goOn() { if start != nil { start = .now() } }

  /// A request's headers are all there.
  func stop() { start = nil }
}
