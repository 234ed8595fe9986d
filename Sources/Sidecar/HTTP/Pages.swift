internal import Assay
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import RuleSets

/// Everything that is answered besides decisions.
struct Pages: Sendable {
  /// What the pages tell of and act upon.
  let server: any PageSource

  /// Answers a request without a body, now or later on its loop.
  func answer(
    _ exchange: Exchange, _ loop: DecisionLoop, respond: @escaping (Response) -> Void
  ) throws(Problem) {
    switch exchange.path {
    case "/livez":
      try expect([.GET, .HEAD], exchange)
      respond(Response(.ok, type: "text/plain; charset=utf-8", body: Array("live\n".utf8)))
    case "/readyz":
      try expect([.GET, .HEAD], exchange)
      later(loop, respond) { await server.readiness() }
    case "/version":
      try expect([.GET, .HEAD], exchange)
      respond(Response(json: Array("{\"name\":\"assay\",\"version\":\"\(SidecarVersion.text)\"}".utf8)))
    case "/metrics":
      try expect([.GET, .HEAD], exchange)
      later(loop, respond) { await server.metrics() }
    case "/v1/ruleset":
      try expect([.GET, .HEAD], exchange)
      respond(Response(json: loop.engine.rules.summaryJSON))
    case "/v1/ruleset/reload":
      try expect([.POST], exchange)
      later(loop, respond) { await server.reload() }
    case "/openapi.json":
      try expect([.GET, .HEAD], exchange)
      let rules = loop.engine.rules
      elsewhere(loop, respond) { tell in tell(Response(json: OpenAPI(rules).json)) }
    default:
      if let path = try EntityPath(exchange.path) {
        try expect([.GET, .HEAD], exchange)
        let reader = loop.reader
        return elsewhere(loop, respond) { tell in reader.tell(path) { tell(Response($0)) } }
      }
      throw Problem(
        404, "not-found", "there is no such page", hint: "events go to `POST /v1/decisions`")
    }
  }

  /// What takes longer than a decision may wait is made on a thread that serves nobody.
  private func elsewhere(
    _ loop: DecisionLoop, _ respond: @escaping (Response) -> Void,
    _ make: @escaping @Sendable (@escaping @Sendable (Response) -> Void) -> Void
  ) {
    let respond = NIOLoopBound(respond, eventLoop: loop.eventLoop)
    let eventLoop = loop.eventLoop
    NIOThreadPool.singleton.submit { _ in
      make { response in eventLoop.execute { respond.value(response) } }
    }
  }

  private func expect(_ methods: [HTTPMethod], _ exchange: Exchange) throws(Problem) {
    guard methods.contains(exchange.head.method) else {
      throw Problem(methodOther: methods.map(\.rawValue).joined(separator: ", "))
    }
  }

  /// These pages are rare: a task for each does no harm.
  private func later(
    _ loop: DecisionLoop, _ respond: @escaping (Response) -> Void,
    _ make: @escaping @Sendable () async -> Response
  ) {
    let respond = NIOLoopBound(respond, eventLoop: loop.eventLoop)
    let eventLoop = loop.eventLoop
    Task {
      let response = await make()
      eventLoop.execute { respond.value(response) }
    }
  }
}

/// What the pages show, and the one thing that they do.
protocol PageSource: Sendable {
  /// Whether decisions can be made.
  func readiness() async -> Response
  /// The metrics as text.
  func metrics() async -> Response
  /// Reads the rules again.
  func reload() async -> Response
}

/// The version that the pages tell.
package enum SidecarVersion {
  package static let text = "0.1.0"
}

extension RuleSet {
  /// What decides now: name, version, and what there is of everything.
  fileprivate var summaryJSON: [UInt8] {
    var output: [UInt8] = []
    output.append(json: "{\"name\":")
    output.append(jsonString: name)
    output.append(json: ",\"version\":")
    output.append(jsonString: version)
    output.append(json: ",\"rules\":[")
    for (index, rule) in rules.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(json: "{\"id\":")
      output.append(jsonString: rule.id)
      output.append(json: ",\"status\":")
      output.append(jsonString: rule.status.rawValue)
      output.append(UInt8(ascii: "}"))
    }
    output.append(json: "]}")
    return output
  }
}
