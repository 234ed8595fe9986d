import Foundation
import Sidecar
import TestSupport
import Testing

/// Spans of decisions, and the collector that gets them.
@Suite struct TraceTests {
  private static let wallet = "Fixtures/commands/rules/wallet"

  private static func event(_ id: String) -> String {
    #"{"id":"\#(id)","type":"payout.requested","time":"2026-03-01T00:00:00Z","user":{"id":"the-user"},"#
      + #""payout":{"amount_minor":7,"currency":"EUR","receiver":"ann@example.com"}}"#
  }

  /// Sends so many events, and does not wait for their answers.
  private static func send(_ count: Int, to connection: Connection) {
    Thread.detachNewThread {
      for number in 0..<count { connection.send(event("e\(number)") + "\n") }
    }
  }

  private func bench(_ port: UInt16, _ change: (inout SidecarConfiguration.Traces) -> Void = { _ in })
    async throws
    -> SidecarBench
  {
    var traces = SidecarConfiguration.Traces(endpoint: try TraceEndpoint(url: "http://127.0.0.1:\(port)"))
    change(&traces)
    return try await SidecarBench(Self.wallet) { $0.traces = traces }
  }

  /// The value of a metric.
  private func value(_ name: String, _ bench: SidecarBench) async throws -> Int {
    let text = try #require(try await bench.get("/metrics")).text
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
    return try #require(line.flatMap { Int($0.dropFirst(name.count + 1)) }, "\(text)")
  }

  private func attributes(_ span: [String: Any]) -> [String: [String: Any]] {
    let list = span["attributes"] as? [[String: Any]] ?? []
    return Dictionary(list.map { ($0["key"] as? String ?? "", $0["value"] as? [String: Any] ?? [:]) }) { $1 }
  }

  @Test func aDecisionIsASpanBelowItsParent() async throws {
    let collector = try Collector()
    defer { collector.stop() }
    let bench = try await bench(collector.port)
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    try await apart {
      let connection = try bench.connect()
      connection.send(
        SidecarBench.request(
          Self.event("the-event"), headers: "traceparent: 00-\(trace)-00f067aa0ba902b7-01\r\n"))
      #expect(connection.response()?.status == 200)
      // Whoever sent this one does not record it.
      connection.send(
        SidecarBench.request(Self.event("other"), headers: "traceparent: 00-\(trace)-00f067aa0ba902b7-00\r\n")
      )
      #expect(connection.response()?.status == 200)
      connection.send(SidecarBench.request("{", headers: "traceparent: nonsense\r\n"))
      #expect(connection.response()?.status == 400)
    }
    // What is left goes out at the end.
    await bench.server.stop()
    let spans = try collector.spans()
    try #require(spans.count == 2, "\(spans)")
    let span = spans[0]
    #expect(span["traceId"] as? String == trace)
    #expect(span["parentSpanId"] as? String == "00f067aa0ba902b7")
    #expect((span["spanId"] as? String)?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
    #expect(span["name"] as? String == "decide" && span["kind"] as? Int == 2)
    let start = try #require(UInt64(span["startTimeUnixNano"] as? String ?? ""))
    let end = try #require(UInt64(span["endTimeUnixNano"] as? String ?? ""))
    #expect(start <= end && Date.now.timeIntervalSince1970 - Double(start) / 1e9 < 600)
    let found = attributes(span)
    #expect(found["assay.ruleset.name"]?["stringValue"] as? String == "wallet")
    #expect(found["assay.outcome"]?["stringValue"] as? String == "allow", "\(found)")
    #expect(found["assay.score"]?["intValue"] as? String == "0")
    #expect(found["assay.repeated"]?["boolValue"] as? Bool == false)
    #expect((spans[1]["status"] as? [String: Any])?["code"] as? Int == 2)
    #expect(attributes(spans[1])["assay.problem"]?["stringValue"] as? String == "not-json")
    #expect(spans[1]["parentSpanId"] == nil)
    let request = try #require(collector.requests.first)
    #expect(request.head.hasPrefix("POST /v1/traces HTTP/1.1"))
    #expect(request.head.lowercased().contains("content-type: application/json"))
    let text = collector.requests.map { String(decoding: $0.body, as: UTF8.self) }.joined()
    for secret in ["the-event", "the-user", "ann@example.com"] { #expect(!text.contains(secret)) }
  }

  @Test func everyWayInIsTracedOnce() async throws {
    let collector = try Collector()
    defer { collector.stop() }
    let bench = try await bench(collector.port)
    let count = 1_500
    try await apart {
      let connection = try bench.connect()
      Self.send(count, to: connection)
      for _ in 0..<count { try #require(connection.line() != nil) }
    }
    await bench.server.stop()
    let spans = try collector.spans()
    #expect(spans.count == count)
    #expect(Set(spans.compactMap { $0["traceId"] as? String }).count == count)
    #expect(collector.requests.count >= 3)
  }

  @Test func aShareIsRecorded() async throws {
    let collector = try Collector()
    defer { collector.stop() }
    let bench = try await bench(collector.port) { $0.sampleRatio = 0 }
    try await apart {
      let connection = try bench.connect()
      for number in 0..<50 { connection.send(Self.event("e\(number)") + "\n") }
      for _ in 0..<50 { #expect(connection.line() != nil) }
    }
    await bench.server.stop()
    #expect(try collector.spans().isEmpty)
  }

  /// A collector that is away, refuses or says nothing costs spans and nothing else.
  @Test(arguments: [nil, .refuses(503), .isSilent] as [Collector.Manner?])
  func aBadCollectorDelaysNobody(manner: Collector.Manner?) async throws {
    let collector = try Collector(manner ?? .takes)
    defer { collector.stop() }
    if manner == nil { collector.stop() }
    let bench = try await bench(collector.port) {
      $0.queueMax = 600
      $0.timeoutMilliseconds = 300
    }
    let count = 3_000
    let took = try await apart {
      let connection = try bench.connect()
      let start = ContinuousClock.now
      Self.send(count, to: connection)
      for number in 0..<count {
        try #require(connection.line()?.contains(#""event":"e\#(number)""#) == true)
      }
      return ContinuousClock.now - start
    }
    #expect(took < .seconds(10))
    try await eventually { try await value(#"assay_trace_spans_dropped_total{reason="failed"}"#, bench) > 0 }
    #expect(
      try await value(#"assay_trace_spans_dropped_total{reason="full"}"#, bench) >= count - 600 - 512 * 9)
    #expect(try await value("assay_trace_spans_exported_total", bench) == 0)
    let stopping = ContinuousClock.now
    await bench.server.stop()
    #expect(ContinuousClock.now - stopping < .seconds(6))
  }

  private func eventually(_ isSo: () async throws -> Bool) async throws {
    for _ in 0..<200 {
      if try await isSo() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("it did not come to that")
  }

  @Test(arguments: [
    "https://collector", "collector:4318", "http://", "http://:4318", "http://host:0", "http://host:x",
    "http://user@host/", "http://host/a b", "http://host:99999",
  ])
  func whatIsNoEndpointIsTold(url: String) {
    #expect(throws: SidecarError.self) { try TraceEndpoint(url: url) }
  }

  @Test func endpointsHaveTheUsualPortAndPath() throws {
    let usual = try TraceEndpoint(url: "http://collector:4318/v1/traces")
    #expect(try TraceEndpoint(url: "http://collector") == usual)
    #expect(try TraceEndpoint(url: "http://collector:4318/") == usual)
    #expect(try TraceEndpoint(url: "http://[::1]:4318/v1/traces") == TraceEndpoint(url: "http://[::1]"))
    #expect(try TraceEndpoint(url: "http://collector/other") != usual)
  }
}
