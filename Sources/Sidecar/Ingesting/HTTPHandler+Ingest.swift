internal import Assay
internal import Ingest
internal import NIOCore
internal import NIOHTTP1
internal import RuleSets

/// Messages as vendors send them, which become events and are decided.
extension HTTPHandler {
  /// What the paths of sources begin with.
  static let ingestPrefix = "/v1/ingest/"

  /// Sees whose message is coming; the vendors' own way is a query behind the path.
  func routeIngest(_ exchange: Exchange) throws(Problem) {
    let name = String(exchange.path.dropFirst(Self.ingestPrefix.count))
    guard let source = IngestSource(rawValue: name) else {
      throw Problem(
        404, "unknown-source", "there is no such source",
        hint: IngestSource.hint(for: String(name.prefix(64))))
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
      let items = try ingestion.items(from: message, source: source)
      guard items.count == 1, let item = items.first else { return decide(items, source, exchange) }
      let event = try item.get()
      loop.countMessage(from: source, "accepted")
      exchange.acknowledgement = ingestion.acknowledgement(of: event, from: source)
      decide(Array(event.json.utf8).span, id: nil, exchange)
    } catch {
      loop.countMessage(from: source, error.code.rawValue)
      respond(Response(Problem(error)), to: exchange)
    }
  }

  /// Several items give a line each, none nothing.
  private func decide(
    _ items: [Result<IngestedEvent, IngestRefusal>], _ source: IngestSource, _ exchange: Exchange
  ) {
    loop.countMessage(from: source, Self.result(of: items))
    if items.isEmpty {
      return respond(Response(.noContent, type: "application/json", body: []), to: exchange)
    }
    let batch = BatchDecisions(items, loop, exchange) { [weak self] response in
      self?.respond(response, to: exchange)
    }
    batch.advance()
    armDeadline(exchange)
  }

  /// What became of a message, which counts once, however many items it has: the code of the first refusal where no
  /// item became an event.
  private static func result(of items: [Result<IngestedEvent, IngestRefusal>]) -> String {
    let refusals = items.compactMap { item in
      if case .failure(let refusal) = item { refusal.code.rawValue } else { nil }
    }
    guard let first = refusals.first else { return "accepted" }
    return refusals.count == items.count ? first : "accepted-in-part"
  }
}

extension Exchange {
  /// What goes out for an answer: as the vendor wants to hear it, where the message came from one that insists.
  func response(to answer: Answer) -> Response {
    guard let acknowledgement, case .decision(let decision) = answer else { return Response(answer) }
    var response = Response(.ok, type: "text/plain; charset=utf-8", body: Array(acknowledgement.utf8))
    response.headers.add(name: "assay-outcome", value: decision.outcome.rawValue)
    if decision.repeated { response.headers.add(name: "assay-repeated", value: "true") }
    return response
  }
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
