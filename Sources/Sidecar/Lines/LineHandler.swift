internal import NIOCore

/// A connection that sends bare events, one a line, and gets an answer a line.
final class LineHandler: ChannelDuplexHandler, Client {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = Never
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let loop: DecisionLoop
  private var stream: EventStream?
  private var context: ChannelHandlerContext?
  private var output = ByteBuffer()
  /// Somebody asked to read while there was too much to do.
  private var owesRead = false
  private var lastActivity = NIODeadline.now()
  private let farewell = Farewell()

  init(_ loop: DecisionLoop) { self.loop = loop }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    output = context.channel.allocator.buffer(capacity: 4_096)
    stream = EventStream(loop) { [weak self] in self?.advance() }
    loop.add(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    loop.remove(self)
    self.context = nil
    stream = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    stream?.receive(&bytes)
    stream?.advance(to: &output)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    lastActivity = .now()
    flush(context)
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
    stream?.end()
    advance()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { advance() }
    context.fireChannelWritabilityChanged()
  }

  func read(context: ChannelHandlerContext) {
    if mayRead(context) { context.read() } else { owesRead = true }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func sweep(_ now: NIODeadline) {
    guard let context, let stream else { return }
    if stream.owesNothing && loop.isSilent(since: lastActivity, now: now) {
      farewell.begin(context, carrier: context)
    }
    farewell.sweep(context, now, loop, last: lastActivity)
  }

  private func mayRead(_ context: ChannelHandlerContext) -> Bool {
    stream?.isFull != true && stream?.isEnded != true && context.channel.isWritable
  }

  /// Goes on with what has come and sends what is answered.
  private func advance() {
    guard let context, let stream else { return }
    lastActivity = .now()
    if context.channel.isWritable { stream.advance(to: &output) }
    flush(context)
    if owesRead && mayRead(context) {
      owesRead = false
      context.read()
    }
  }

  private func flush(_ context: ChannelHandlerContext) {
    if output.readableBytes > 0 {
      let bytes = output
      output = context.channel.allocator.buffer(capacity: min(bytes.readableBytes, 65_536))
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
    if stream?.isComplete == true { farewell.begin(context, carrier: context) }
  }
}
