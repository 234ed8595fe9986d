internal import NIOCore
internal import NIOHTTP1

/// What goes out.
extension HTTPHandler {
  /// Answers a request; the first answer counts.
  func respond(_ response: Response, to exchange: Exchange) {
    guard !exchange.isFinished, context != nil else { return }
    exchange.alarm?.cancel()
    var headers = response.headers
    headers.add(name: "content-length", value: "\(response.body.count)")
    addCommon(&headers, exchange)
    exchange.parts.append(
      .head(HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)))
    if exchange.head.method != .HEAD && !response.body.isEmpty {
      exchange.parts.append(.body(.byteBuffer(ByteBuffer(bytes: response.body))))
    }
    exchange.parts.append(.end(nil))
    exchange.isFinished = true
    sendReady()
  }

  /// Adds what every response has.
  func addCommon(_ headers: inout HTTPHeaders, _ exchange: Exchange) {
    let microseconds = (NIODeadline.now() - exchange.start).nanoseconds / 1_000
    headers.add(
      name: "server-timing", value: "assay;dur=\(microseconds / 1_000).\(padded(microseconds % 1_000))")
    if let trace = exchange.head.headers.first(name: "traceparent"), TraceParent.isValid(trace) {
      headers.add(name: "traceparent", value: trace)
    }
    if exchange.isLast { headers.add(name: "connection", value: "close") }
  }

  private func padded(_ number: Int64) -> String { String("00\(number)".suffix(3)) }

  /// Answers what cannot be read any further, after all that came before, and ends the connection.
  func refuse(_ problem: Problem) {
    isEnding = true
    let exchange: Exchange
    if let incoming {
      self.incoming = nil
      incoming.isLast = true
      // It was answered before it had come: that answer stands, in its turn.
      if incoming.isFinished { return sendReady() }
      if incoming.isBegun { return cutOff(incoming) }
      incoming.parts.removeAll()
      exchange = incoming
    } else {
      exchange = Exchange(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
      exchanges.append(exchange)
    }
    exchange.isLast = true
    respond(Response(problem), to: exchange)
  }

  /// Ends the connection in the middle of an answer that is on its way: the only thing left to say.
  private func cutOff(_ exchange: Exchange) {
    // What the store still answers has no place any more.
    exchange.body = .unwanted
    exchanges.removeAll()
    if let context { sayFarewell(context) }
  }

  /// Sends what is ready, in order.
  func sendReady() {
    guard let context, !farewell.isBegun else { return }
    while let exchange = exchanges.first {
      for part in exchange.parts { context.write(wrapOutboundOut(part), promise: nil) }
      mustFlush = mustFlush || !exchange.parts.isEmpty
      exchange.isBegun = exchange.isBegun || !exchange.parts.isEmpty
      exchange.parts.removeAll()
      // The body of a request that is answered early has to come before the next request does.
      guard exchange.isFinished, exchange !== incoming else { break }
      exchanges.removeFirst()
      if exchange.isLast {
        isEnding = true
        mustFlush = false
        return sayFarewell(context)
      }
    }
    decideHeld()
    flushLater()
    readAgain(context)
  }

  /// Reads on if somebody asked to and there is room again.
  func readAgain(_ context: ChannelHandlerContext) {
    guard owesRead, mayRead(context) else { return }
    owesRead = false
    headerClock.goOn()
    context.read()
  }

  /// Whether there is room for more.
  func mayRead(_ context: ChannelHandlerContext) -> Bool {
    if isEnding || exchanges.count >= loop.limits.pipelinedMax || !context.channel.isWritable { return false }
    // The answers of a stream behind another request pile up until that one is answered, which wakes the connection.
    if case .stream(let stream) = incoming?.body { return incoming === exchanges.first && !stream.isFull }
    // Only who waits for an answer already is made to wait on: that answer will wake the connection.
    guard let first = exchanges.first, first !== incoming else { return true }
    return loop.hasRoom
  }

  /// What is ready in one turn of the loop goes out together.
  private func flushLater() {
    guard mustFlush else { return }
    let handler = NIOLoopBound(self, eventLoop: loop.eventLoop)
    loop.eventLoop.execute {
      let handler = handler.value
      if handler.mustFlush, let context = handler.context { handler.flush(context) }
    }
  }

  /// Sends what was written.
  func flush(_ context: ChannelHandlerContext) {
    mustFlush = false
    context.flush()
  }
}
