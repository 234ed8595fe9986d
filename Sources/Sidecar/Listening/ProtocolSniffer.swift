internal import NIOCore
internal import NIOHTTP1

/// Waits for a connection's first byte: a brace begins bare events, anything else is HTTP.
final class ProtocolSniffer: ChannelInboundHandler, RemovableChannelHandler, Client {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let loop: DecisionLoop
  private let pages: Pages
  private var context: ChannelHandlerContext?
  private let start = NIODeadline.now()

  init(_ loop: DecisionLoop, _ pages: Pages) { (self.loop, self.pages) = (loop, pages) }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    loop.add(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    loop.remove(self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let first = unwrapInboundIn(data).readableBytesView.first else { return }
    let pipeline = context.pipeline.syncOperations
    do {
      if first == UInt8(ascii: "{") {
        try pipeline.addHandler(LineHandler(loop))
      } else {
        try addHTTP(to: pipeline)
      }
    } catch {
      return context.close(promise: nil)
    }
    context.fireChannelRead(data)
    context.fireChannelReadComplete()
    pipeline.removeHandler(context: context, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func sweep(_ now: NIODeadline) {
    // Also when the server is to stop: who has just come in is about to say something.
    let patience = loop.isDraining ? min(loop.limits.headerMilliseconds, 500) : loop.limits.headerMilliseconds
    let isSilent = now - start > .milliseconds(Int64(patience))
    if isSilent { context?.close(promise: nil) }
  }

  private func addHTTP(to pipeline: ChannelPipeline.SynchronousOperations) throws {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderListSize = loop.limits.headerBytesMax
    limits.maxHeaderFieldSize = loop.limits.headerBytesMax
    let clock = HeaderClock()
    try pipeline.addHandlers([
      clock, HTTPResponseEncoder(),
      ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
      HTTPHandler(loop, pages, clock),
    ])
  }
}
