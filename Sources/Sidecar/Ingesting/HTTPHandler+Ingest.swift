internal import Events
internal import Ingest
internal import NIOCore
internal import NIOHTTP1

/// Messages as vendors send them, which become events and are decided.
extension HTTPHandler {
  /// What the paths of sources begin with.
  static let ingestPrefix = "/v1/ingest/"

  /// Sees whose message is coming; the vendors' own way is a query behind the path.
  func routeIngest(_ exchange: Exchange) throws(Problem) {
    let name = String(exchange.path.dropFirst(Self.ingestPrefix.count))
    guard let source = IngestSource(rawValue: name) else {
      let names = IngestSource.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      throw Problem(404, "unknown-source", "there is no such source", hint: "the sources are \(names)")
    }
    guard [.GET, .POST].contains(exchange.head.method) else { throw Problem(methodOther: "GET, POST") }
    guard loop.ingestion != nil else {
      throw Problem(
        503, "not-configured", "no source is configured", hint: "start `assay serve` with `--ingest-config`")
    }
    exchange.deadline = try exchange.requestedDeadline()
    exchange.source = source
    exchange.body = .event(ByteBuffer())
  }

  /// Turns a message into events and decides these.
  func ingest(_ body: ByteBuffer, _ source: IngestSource, _ exchange: Exchange) {
    guard let ingestion = loop.ingestion else { return }
    let query = exchange.head.uri.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
    guard query.isEmpty || body.readableBytes == 0 else {
      let problem = Problem(
        400, "bad-request", "the request has a query and a body", hint: "send the message in one of them")
      return respond(Response(problem), to: exchange)
    }
    do throws(IngestRefusal) {
      let message = query.isEmpty ? Array(body.readableBytesView) : Array(query)
      let events = try ingestion.events(from: message, source: source)
      loop.countMessage(from: source, "accepted")
      decide(events, exchange)
    } catch {
      loop.countMessage(from: source, error.code.rawValue)
      respond(Response(Problem(error)), to: exchange)
    }
  }

  /// One event gives its decision, several a line each, none nothing.
  private func decide(_ events: [IngestedEvent], _ exchange: Exchange) {
    if events.isEmpty {
      return respond(Response(.noContent, type: "application/json", body: []), to: exchange)
    }
    if let event = events.first, events.count == 1 {
      return decide(Array(event.json.utf8).span, id: nil, exchange)
    }
    let batch = BatchAnswers(count: events.count)
    let handler = NIOLoopBound((self, exchange, batch), eventLoop: loop.eventLoop)
    for (index, event) in events.enumerated() {
      let json = Array(event.json.utf8)
      let answer = loop.decide(json.span, parent: exchange.trace) { answer in
        let (handler, exchange, batch) = handler.value
        if let lines = batch.take(answer, at: index) { handler.respond(Response(lines: lines), to: exchange) }
      }
      if let answer, let lines = batch.take(answer, at: index) {
        respond(Response(lines: lines), to: exchange)
      }
    }
    armDeadline(exchange)
  }
}

/// The answers for the events of one message, in their order. Used on the loop only.
private final class BatchAnswers {
  private var answers: [Answer?]
  private var missing: Int

  init(count: Int) { (answers, missing) = (Array(repeating: nil, count: count), count) }

  /// Takes one answer; gives all of them as lines once the last is there.
  func take(_ answer: Answer, at index: Int) -> [UInt8]? {
    answers[index] = answer
    missing -= 1
    guard missing == 0 else { return nil }
    var lines: [UInt8] = []
    for case let answer? in answers {
      answer.write(to: &lines)
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }
}

extension Response {
  /// Decisions and problems, one a line.
  fileprivate init(lines: [UInt8]) { self.init(.ok, type: "application/x-ndjson", body: lines) }
}

extension Problem {
  /// A vendor's message that became no event.
  init(_ refusal: IngestRefusal) {
    let status =
      switch (refusal.kind, refusal.code) {
      case (_, .tooLarge): 413
      case (_, .unsigned): 401
      case (.unproven, _): 403
      case (.unconfigured, _): 503
      case (.malformed, _): 400
      }
    self.init(status, refusal.code.rawValue, refusal.message, field: refusal.parameter, hint: refusal.hint)
  }
}
