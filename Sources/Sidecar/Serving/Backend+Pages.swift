internal import Assay
internal import CoreMetrics
internal import NIOHTTP1
internal import RedisWindows

extension Backend: PageSource {
  func readiness() async -> Response {
    var findings: [String] = []
    if isDraining {
      return Response(Problem(503, "draining", "the server stops", hint: "send events to another"))
    }
    for store in stores {
      do {
        let report = try await store.report()
        guard report.isReady else {
          return Response(Problem(503, "not-ready", Self.line(report.description)))
        }
        if !report.findings.isEmpty { findings.append(report.description) }
      } catch {
        return Response(Problem(503, "not-ready", "redis was not looked at: \(error)"))
      }
    }
    return Response(.ok, type: "text/plain; charset=utf-8", body: Array("ready\n\(findings.joined())".utf8))
  }

  func metrics() async -> Response {
    var inFlight = 0
    var inFlightLimit = 0
    for loop in loops {
      let counts = await run(on: loop) { ($0.inFlight, $0.inFlightLimit) } ?? (0, 0)
      inFlight += counts.0
      inFlightLimit += counts.1
    }
    meters.connections.record(await clientCount())
    meters.inFlight.record(inFlight)
    meters.inFlightLimit.record(inFlightLimit)
    var text = registry.text()
    var statistics: [RedisStatistics] = []
    for store in stores { if let found = try? await store.statistics() { statistics.append(found) } }
    if stores.isEmpty {
      let windows = memory.statistics
      text += StoreMetrics.memory.map { $0.text([windows]) }.joined()
    } else {
      text += StoreMetrics.redis.map { $0.text(statistics) }.joined()
    }
    let process = ProcessMetrics()
    text += ProcessMetrics.all.map { $0.text([process]) }.joined()
    return Response(.ok, type: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
  }

  func reload() async -> Response {
    switch await reloadRules() {
    case .live(let name, let version):
      var json: [UInt8] = []
      json.append(json: "{\"name\":")
      json.append(jsonString: name)
      json.append(json: ",\"version\":")
      json.append(jsonString: version)
      json.append(UInt8(ascii: "}"))
      return Response(json: json)
    case .refused(let findings):
      return Response(
        Problem(
          422, "rules-broken", findings, hint: "the rules of before decide on; mend these and reload again"))
    }
  }

  /// Many lines as one.
  private static func line(_ text: String) -> String {
    text.split(separator: "\n").joined(separator: "; ")
  }
}
