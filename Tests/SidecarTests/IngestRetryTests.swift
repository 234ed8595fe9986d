import Foundation
import RedisTestSupport
import RedisWindows
import Sidecar
import TestSupport
import Testing

/// A vendor sends again what was not answered as it wants: the same event, wherever that arrives.
@Suite struct IngestRetryTests {
  private static let query = "user=u1&rewards=5&event=e1&timestamp="
  private static let configuration = """
    {"levelplay": {"unsigned": "accept",
       "parameters": {"USER_ID": "user", "REWARDS": "rewards", "EVENT_ID": "event"}},
     "paypal-batch": {"user_before": "-"}}
    """

  private func bench(_ redis: RedisConfiguration? = nil, answer: String? = nil) async throws -> SidecarBench {
    let text = answer.map {
      Self.configuration.replacing("{\"unsigned", with: "{\"answer\": \"\($0)\", \"unsigned")
    }
    let folder = try RuleSetFolder(["ingest.json": text ?? Self.configuration])
    let path = folder.url.appending(path: "ingest.json").path
    let bench = try await SidecarBench {
      $0.ingestPath = path
      ($0.redis, $0.hashingKey) = (redis, redis.map { _ in DecisionTests.key })
    }
    withExtendedLifetime(folder) {}
    return bench
  }

  private func post(_ path: String, _ body: String, to bench: SidecarBench) async throws -> HTTPAnswer {
    let request =
      "POST \(path) HTTP/1.1\r\nhost: sidecar\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    return try await apart {
      let connection = try bench.connect()
      connection.send(request)
      return try #require(connection.response())
    }
  }

  @Test func aRetryAfterAReloadIsTheSameEvent() async throws {
    let folder = try RuleSetFolder(["ingest.json": Self.configuration])
    let bench = try await SidecarBench { $0.ingestPath = folder.url.appending(path: "ingest.json").path }
    let first = try #require(try await bench.get("/v1/ingest/levelplay?\(Self.query)202605010959"))
    #expect(first.status == 200 && first.header("assay-repeated") == nil, "\(first.text)")
    #expect(try await post("/v1/ruleset/reload", "", to: bench).status == 200)
    try await Task.sleep(for: .milliseconds(5))
    let again = try #require(try await bench.get("/v1/ingest/levelplay?\(Self.query)202605011001"))
    #expect(again.status == 200 && again.header("assay-repeated") == "true", "\(again.text)")
    #expect(again.header("assay-outcome") == first.header("assay-outcome"))
    await bench.server.stop()
  }

  @Test(.enabled(if: RedisServer.isInstalled)) func aRetryAtAnotherSidecarIsTheSameEvent() async throws {
    let server = try await RedisServer.start()
    var redis = RedisConfiguration(namespace: "ingested")
    redis.addresses = [server.address]
    // Nothing is degraded, which is not remembered, however busy the machine is.
    redis.timeoutMilliseconds = 10_000
    let benches = try await [bench(redis, answer: "decision"), bench(redis, answer: "decision")]
    var texts: [String] = []
    for (index, bench) in [benches[0], benches[1], benches[0]].enumerated() {
      let answer = try #require(try await bench.get("/v1/ingest/levelplay?\(Self.query)20260501100\(index)"))
      #expect(answer.status == 200, "\(answer.text)")
      texts.append(answer.text)
      // The decision is written behind the answer.
      try await Task.sleep(for: .milliseconds(200))
    }
    #expect(texts[0].contains(#""repeated":false"#))
    #expect(texts[1] == texts[0].replacing(#""repeated":false"#, with: #""repeated":true"#))
    #expect(texts[2] == texts[1])
    for bench in benches { await bench.server.stop() }
    server.stop()
  }

  /// What is not decided has to be sent again; what is decided stays so.
  @Test(.enabled(if: RedisServer.isInstalled)) func anUndecidedItemMakesTheSenderComeAgain() async throws {
    let server = try await RedisServer.start()
    var redis = RedisConfiguration(namespace: "batches")
    redis.addresses = [server.address]
    // Nothing is degraded, which is not remembered, however busy the machine is.
    redis.timeoutMilliseconds = 10_000
    let bench = try await bench(redis)
    let items = (1...40).map {
      #"{"payout_item_id":"I\#($0)","transaction_status":"SUCCESS","payout_item":{"sender_item_id":"u\#($0 % 7)-\#($0)"}}"#
    }
    let batch = #"{"items":[\#(items.joined(separator: ","))]}"#
    let first = try await post("/v1/ingest/paypal-batch", batch, to: bench)
    #expect(first.status == 200 && first.text.split(separator: "\n").count == 40, "\(first.text)")
    #expect(!first.text.contains("overloaded"))
    // The decisions are written behind the answer.
    for _ in 0..<100 {
      let again = try await post("/v1/ingest/paypal-batch", batch, to: bench)
      if again.text.split(separator: "\n").allSatisfy({ $0.contains(#""repeated":true"#) }) { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    let wire = try RedisWire(path: server.path)
    guard case .array(let keys) = try wire.call("KEYS", "*paypal:I7:SUCCESS*"),
      case .bytes(let key)? = keys.first, case .bytes(let value) = try wire.call([Array("GET".utf8), key])
    else {
      Issue.record("no key of the event's id")
      return
    }
    // A decision that nobody can read.
    _ = try wire.call([Array("SET".utf8), key, Array(value.prefix(18)) + [0xFF, 0xFF]])
    let second = try await post("/v1/ingest/paypal-batch", batch, to: bench)
    let lines = second.text.split(separator: "\n")
    #expect(second.status == 503 && second.header("retry-after") == "1", "\(second.status)")
    #expect(
      lines[6].contains(#""code":"unreadable-decision""#) && lines[6].contains("item 7: "), "\(lines[6])")
    #expect(lines.filter { $0.contains(#""repeated":true"#) }.count == 39)
    _ = try wire.call([Array("SET".utf8), key, value])
    let third = try await post("/v1/ingest/paypal-batch", batch, to: bench)
    #expect(third.status == 200, "\(third.text)")
    await bench.server.stop()
    server.stop()
  }

  @Test func levelPlayHearsWhatItInsistsOn() async throws {
    let bench = try await bench()
    let answer = try #require(try await bench.get("/v1/ingest/levelplay?\(Self.query)202605010959"))
    #expect(answer.text == "e1:OK" && answer.header("content-type") == "text/plain; charset=utf-8")
    #expect(answer.header("assay-outcome") != nil && answer.header("assay-repeated") == nil)
    // Nothing is acknowledged that is not decided.
    let refused = try #require(try await bench.get("/v1/ingest/levelplay?user=u1&rewards=5"))
    #expect(refused.status == 400 && !refused.text.contains("OK"))
    await bench.server.stop()
  }
}
