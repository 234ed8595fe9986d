internal import Events
internal import NIOCore
internal import NIOHTTP1

/// What comes in.
extension HTTPHandler {
  /// A request begins.
  func begin(_ exchange: Exchange) {
    headerClock.stop()
    exchanges.append(exchange)
    incoming = exchange
    if loop.sendsAway { exchange.isLast = true }
    do throws(Problem) {
      try exchange.head.expectOneHost()
      try route(exchange)
    } catch {
      respond(Response(error), to: exchange)
    }
    if case .event = exchange.body { giveLeave(exchange) }
  }

  /// Tells a client that waits for leave to send the body that it may: before anything of the answer.
  private func giveLeave(_ exchange: Exchange) {
    guard exchange === exchanges.first, exchange.expectsContinue, let context else { return }
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    mustFlush = true
  }

  /// Sees what the request is, and answers what needs no body.
  private func route(_ exchange: Exchange) throws(Problem) {
    if exchange.path.hasPrefix(Self.ingestPrefix) { return try routeIngest(exchange) }
    guard exchange.path == "/v1/decisions" else {
      return try pages.answer(exchange, loop) { [self] in respond($0, to: exchange) }
    }
    guard exchange.head.method == .POST else { throw Problem(methodOther: "POST") }
    exchange.deadline = try exchange.requestedDeadline()
    switch exchange.head.mediaType {
    case nil, "application/json":
      let length = exchange.head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
      guard length <= EventLimits.bytesMax else { throw .bodyTooLarge }
      exchange.body = .event(ByteBuffer())
    case "application/x-ndjson", "application/ndjson", "application/jsonl":
      beginStream(exchange)
    default:
      throw Problem(
        415, "media-type", "events are `application/json`, or `application/x-ndjson` for many",
        hint: "say so in `content-type`")
    }
  }

  /// A part of the body came.
  func receive(_ bytes: ByteBuffer) {
    guard let exchange = incoming else { return }
    var bytes = bytes
    switch exchange.body {
    case .unwanted: break
    case .event(var event):
      exchange.body = .unwanted
      guard event.readableBytes + bytes.readableBytes <= EventLimits.bytesMax else {
        return refuse(.bodyTooLarge)
      }
      if event.readableBytes == 0 { event = bytes } else { event.writeBuffer(&bytes) }
      exchange.body = .event(event)
    case .stream(let stream):
      stream.receive(&bytes)
      advance(exchange, stream)
    }
  }

  /// The request is all there.
  func end() {
    guard let exchange = incoming else { return }
    headerClock.stop()
    incoming = nil
    switch exchange.body {
    case .unwanted: if exchange.isFinished { sendReady() }
    case .event:
      held.append(exchange)
      decideHeld()
      exchange.hasWaited = held.last === exchange
    case .stream(let stream):
      stream.end()
      advance(exchange, stream)
    }
  }

  /// Decides what waits for room. What has just come, behind nothing else, is decided or refused.
  func decideHeld() {
    // An answer that is there at once comes back here: the loop below goes on with the next, not a call within it.
    if isDecidingHeld { return }
    isDecidingHeld = true
    defer { isDecidingHeld = false }
    while let exchange = held.first, isNext(exchange),
      loop.hasRoom || exchange === exchanges.first && !exchange.hasWaited
    {
      held.removeFirst()
      if case .event(let event) = exchange.body { decide(event, exchange) }
    }
    // Its turn has come, and others were quicker: it is not refused after it has waited.
    guard let first = held.first, first === exchanges.first, !isInLine else { return }
    isInLine = true
    loop.whenThereIsRoom { [weak self] in
      self?.isInLine = false
      self?.decideHeld()
    }
  }

  /// Whether all that came before a request on this connection is decided or under way: a request behind a stream is not
  /// decided before the stream's last line.
  private func isNext(_ exchange: Exchange) -> Bool {
    for earlier in exchanges {
      if earlier === exchange { return true }
      if case .stream(let stream) = earlier.body, !stream.isDecided { return false }
    }
    return true
  }

  private func decide(_ event: ByteBuffer, _ exchange: Exchange) {
    exchange.body = .unwanted
    if let source = exchange.source { return ingest(event, source, exchange) }
    let id = exchange.head.headers.first(name: "idempotency-key")
    decide(event.readableBytesUInt8Span, id: id, exchange)
  }

  /// Decides one event, of which everything is there.
  func decide(_ json: Span<UInt8>, id: String?, _ exchange: Exchange) {
    let handler = NIOLoopBound((self, exchange), eventLoop: loop.eventLoop)
    let answer = loop.decide(json, id: id, parent: exchange.trace) { answer in
      let (handler, exchange) = handler.value
      handler.respond(exchange.response(to: answer), to: exchange)
    }
    if let answer { return respond(exchange.response(to: answer), to: exchange) }
    armDeadline(exchange)
  }

  /// Answers when the request's own deadline passes first.
  func armDeadline(_ exchange: Exchange) {
    guard let deadline = exchange.deadline, !exchange.isFinished else { return }
    let handler = NIOLoopBound((self, exchange), eventLoop: loop.eventLoop)
    exchange.alarm = loop.eventLoop.scheduleTask(deadline: deadline) {
      let (handler, exchange) = handler.value
      handler.respond(Response(.deadlineExceeded), to: exchange)
    }
  }
}

extension HTTPHandler {
  private func beginStream(_ exchange: Exchange) {
    let stream = EventStream(loop, parent: exchange.trace) { [weak self, weak exchange] in
      guard let self, let exchange, case .stream(let stream) = exchange.body else { return }
      advance(exchange, stream)
    }
    exchange.body = .stream(stream)
    giveLeave(exchange)
    var headers = HTTPHeaders([("content-type", "application/x-ndjson")])
    addCommon(&headers, exchange)
    exchange.parts.append(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    sendReady()
  }

  /// Goes on with a stream of events.
  private func advance(_ exchange: Exchange, _ stream: EventStream) {
    guard !exchange.isFinished, let context else { return }
    lastActivity = .now()
    var output = context.channel.allocator.buffer(capacity: 4_096)
    if context.channel.isWritable { stream.advance(to: &output) }
    if output.readableBytes > 0 { exchange.parts.append(.body(.byteBuffer(output))) }
    if stream.isComplete {
      exchange.parts.append(.end(nil))
      exchange.isFinished = true
    }
    sendReady()
    readAgain(context)
  }

  /// Goes on after the client has read.
  func catchUp() {
    guard let context else { return }
    for exchange in exchanges {
      if case .stream(let stream) = exchange.body { advance(exchange, stream) }
    }
    readAgain(context)
  }
}

extension Exchange {
  /// The client waits for leave to send the body.
  fileprivate var expectsContinue: Bool {
    head.headers.first(name: "expect")?.lowercased() == "100-continue"
  }
}

extension HTTPRequestHead {
  /// RFC 9112, 3.2: a request of HTTP/1.1 names its host once.
  fileprivate func expectOneHost() throws(Problem) {
    let count = headers[canonicalForm: "host"].count
    guard count == 1 || count == 0 && version != .http1_1 else {
      throw Problem(400, "bad-request", "the request names \(count) hosts", hint: "say `Host` once")
    }
  }

  /// The type of the body, its parameters left out, in lower case; nil where none is said.
  fileprivate var mediaType: String? {
    guard let value = headers.first(name: "content-type") else { return nil }
    let type = value.prefix { $0 != ";" }
    return type.filter { $0 != " " && $0 != "\t" }.lowercased()
  }
}
