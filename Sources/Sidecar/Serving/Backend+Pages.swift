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
    meters.inFlight.record(inFlight)
    meters.inFlightLimit.record(inFlightLimit)
    var text = registry.text()
    var sum: RedisStatistics?
    for store in stores {
      guard let statistics = try? await store.statistics() else { continue }
      sum = sum?.adding(statistics) ?? statistics
    }
    if let sum { text += sum.prometheusText }
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

extension RedisStatistics {
  /// With what another store did.
  fileprivate func adding(_ other: RedisStatistics) -> RedisStatistics {
    var sum = self
    sum.visits += other.visits
    sum.commands += other.commands
    sum.rereads += other.rereads
    sum.knownReads += other.knownReads
    sum.backlogCount += other.backlogCount
    sum.lostEvents += other.lostEvents
    sum.lostLogs += other.lostLogs
    return sum
  }

  /// As Prometheus reads it.
  fileprivate var prometheusText: String {
    let series: [(name: String, type: String, value: Int)] = [
      ("assay_redis_visits_total", "counter", visits), ("assay_redis_commands_total", "counter", commands),
      ("assay_redis_rereads_total", "counter", rereads),
      ("assay_redis_known_reads_total", "counter", knownReads),
      ("assay_redis_backlog_events", "gauge", backlogCount),
      ("assay_redis_lost_events_total", "counter", lostEvents),
      ("assay_redis_lost_logs_total", "counter", lostLogs),
    ]
    return series.map { name, type, value in
      "# HELP \(name) \(DecisionMeters.descriptions[name] ?? "")\n# TYPE \(name) \(type)\n\(name) \(value)\n"
    }.joined()
  }
}
