internal import Events
internal import NIOCore
internal import NIOHTTP1

/// A connection that speaks HTTP/1.1. Takes pipelined requests as they come and answers them in order.
final class HTTPHandler: ChannelDuplexHandler, Client {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = Never
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  let loop: DecisionLoop
  let pages: Pages
  let headerClock: HeaderClock
  var context: ChannelHandlerContext?
  var exchanges: CircularBuffer<Exchange> = []
  /// Requests that are all there and wait until the store is less busy, as those before them do.
  var held: CircularBuffer<Exchange> = []
  var isDecidingHeld = false
  /// Called when the store is less busy.
  var isInLine = false
  /// The request whose body is coming.
  var incoming: Exchange?
  var owesRead = false
  var mustFlush = false
  /// No further request is taken.
  var isEnding = false
  var lastActivity = NIODeadline.now()
  let farewell = Farewell()

  init(_ loop: DecisionLoop, _ pages: Pages, _ headerClock: HeaderClock) {
    (self.loop, self.pages, self.headerClock) = (loop, pages, headerClock)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    loop.add(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    loop.remove(self)
    self.context = nil
    exchanges.removeAll()
    held.removeAll()
    incoming = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isEnding { return }
    switch unwrapInboundIn(data) {
    case .head(let head): begin(Exchange(head))
    case .body(let bytes): receive(bytes)
    case .end: end()
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    lastActivity = .now()
    if mustFlush { flush(context) }
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { catchUp() }
    context.fireChannelWritabilityChanged()
  }

  func read(context: ChannelHandlerContext) {
    if mayRead(context) { context.read() } else { owesRead = true }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.close(promise: nil) }
    // What comes behind the end is not looked at: answers that wait for the store are still owed.
    if isEnding { return }
    refuse(Problem(unreadable: error))
    flush(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
    isEnding = true
    if let incoming {
      self.incoming = nil
      // Half a request is dropped; what came before it is answered, and so is one that was answered early.
      if !incoming.isFinished {
        incoming.body = .unwanted
        exchanges.removeLast()
      }
    }
    exchanges.last?.isLast = true
    if exchanges.isEmpty { sayFarewell(context) } else { sendReady() }
  }

  func sweep(_ now: NIODeadline) {
    guard let context else { return }
    let silence = now - lastActivity
    if farewell.isBegun {
      farewell.sweep(context, now, loop, last: lastActivity)
    } else if incoming != nil {
      guard silence > .milliseconds(Int64(loop.limits.bodyMilliseconds)), !isEnding,
        !owesRead || !context.channel.isWritable
      else { return }
      refuse(Problem(408, "request-timeout", "the request's body did not come", hint: "send it at once"))
      flush(context)
    } else if let begun = headerClock.start, !isEnding, !owesRead {
      guard now - begun > .milliseconds(Int64(loop.limits.headerMilliseconds)) else { return }
      refuse(Problem(408, "request-timeout", "the request's headers did not come", hint: "send them at once"))
      flush(context)
    } else if exchanges.isEmpty && loop.isSilent(since: lastActivity, now: now) {
      sayFarewell(context)
    }
  }

  /// Sends nothing after what was written, and closes.
  func sayFarewell(_ context: ChannelHandlerContext) {
    // What stands before the parser carries bytes as they are.
    guard let carrier = try? context.pipeline.syncOperations.context(handler: headerClock) else {
      return context.close(promise: nil)
    }
    farewell.begin(context, carrier: carrier)
  }
}
