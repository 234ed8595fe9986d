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

  private func post(
    _ path: String, _ body: String, headers: String = "", to bench: SidecarBench
  ) async throws -> HTTPAnswer {
    let request =
      "POST \(path) HTTP/1.1\r\nhost: sidecar\r\nconnection: close\r\n\(headers)"
      + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
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
    let again = try #require(try await bench.get("/v1/ingest/levelplay?\(Self.query)202605011001"))
    #expect(again.status == 200 && again.header("assay-repeated") == "true", "\(again.text)")
    #expect(again.header("assay-outcome") == first.header("assay-outcome"))
    await bench.server.stop()
  }

  /// The time of an event is that of its first delivery, although it is decided after a reload of rules and sources:
  /// the later rules block what came before they were written.
  @Test func aReloadForgetsNoArrival() async throws {
    func schema(_ type: String) -> String {
      "event: {id: id, type: type, time: time}\ntypes: [\(type)]\nfields: {user.id: {type: string}}\n"
    }
    func rules(until moment: String) -> String {
      "rules:\n  - {id: earlier, title: earlier, family: behaviour, on: any, decide: block, "
        + "when: 'event.time <= timestamp(\"\(moment)\")'}\n"
    }
    let folder = try RuleSetFolder([
      "ruleset.yaml": "ruleset: arrivals\ndecision: {review: 10, block: 20}\n",
      "schema.yaml": schema("session.started"), "ingest.json": Self.configuration,
      "rules/rules.yaml": rules(until: "2000-01-01T00:00:00Z"),
    ])
    let bench = try await SidecarBench(folder.url.path) {
      $0.ingestPath = folder.url.appending(path: "ingest.json").path
    }
    func send(_ event: String) async throws -> HTTPAnswer {
      try #require(try await bench.get("/v1/ingest/levelplay?user=u1&rewards=5&event=\(event)"))
    }
    #expect(try await send("first").status == 422)
    let written = Date().addingTimeInterval(0.001)
    while Date() < written.addingTimeInterval(0.002) { await Task.yield() }
    let moment = written.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    try Data(schema("reward.granted").utf8).write(to: folder.url.appending(path: "schema.yaml"))
    try Data(rules(until: moment).utf8).write(to: folder.url.appending(path: "rules/rules.yaml"))
    let reload = try await post("/v1/ruleset/reload", "", to: bench)
    #expect(reload.status == 200, "\(reload.text)")
    #expect(try await send("first").header("assay-outcome") == "block")
    #expect(try await send("second").header("assay-outcome") == "allow")
    await bench.server.stop()
  }

  private func redis(_ server: RedisServer, _ namespace: String) -> RedisConfiguration {
    var redis = RedisConfiguration(namespace: namespace)
    redis.addresses = [server.address]
    // Nothing is degraded, which is not remembered, however busy the machine is.
    redis.timeoutMilliseconds = 10_000
    return redis
  }

  /// The digest of an event's content, which stands in front of its decision.
  private static let digestBytes = 18

  /// Where Redis has the decision about an event, and the decision; waits for it, since it is written behind the answer.
  private func decision(of event: String, in server: RedisServer) async throws -> (
    key: [UInt8], value: [UInt8]
  ) {
    let wire = try RedisWire(path: server.path)
    for _ in 0..<1_000 {
      if case .array(let keys) = try wire.call("KEYS", "*\(event)*"), case .bytes(let key)? = keys.first,
        case .bytes(let value) = try wire.call([Array("GET".utf8), key]), value.count > Self.digestBytes
      {
        return (key, value)
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    return try #require(nil as (key: [UInt8], value: [UInt8])?, "no decision about \(event)")
  }

  private func set(_ key: [UInt8], _ value: [UInt8], in server: RedisServer) throws {
    _ = try RedisWire(path: server.path).call([Array("SET".utf8), key, value])
  }

  @Test(.enabled(if: RedisServer.isInstalled)) func aRetryAtAnotherSidecarIsTheSameEvent() async throws {
    let server = try await RedisServer.start()
    let redis = redis(server, "ingested")
    let benches = try await [bench(redis, answer: "decision"), bench(redis, answer: "decision")]
    var texts: [String] = []
    for (index, bench) in [benches[0], benches[1], benches[0]].enumerated() {
      let answer = try #require(try await bench.get("/v1/ingest/levelplay?\(Self.query)20260501100\(index)"))
      #expect(answer.status == 200, "\(answer.text)")
      texts.append(answer.text)
      _ = try await decision(of: "levelplay:e1", in: server)
    }
    #expect(texts[0].contains(#""repeated":false"#))
    #expect(texts[1] == texts[0].replacing(#""repeated":false"#, with: #""repeated":true"#))
    #expect(texts[2] == texts[1])
    for bench in benches { await bench.server.stop() }
    server.stop()
  }

  private static func item(_ number: Int) -> String {
    #"{"payout_item_id":"I\#(number)","transaction_status":"SUCCESS","#
      + #""payout_item":{"sender_item_id":"u\#(number % 7)-\#(number)"}}"#
  }

  private static func batch(_ items: some Sequence<String>) -> String {
    #"{"items":[\#(items.joined(separator: ","))]}"#
  }

  /// The store has no answer in the sender's time: the whole batch is undecided for the sender, who sends it again.
  @Test(.enabled(if: RedisServer.isInstalled)) func anUndecidedBatchIsSentAgain() async throws {
    let server = try await RedisServer.start()
    let bench = try await bench(redis(server, "undecided"))
    let batch = Self.batch((1...40).map(Self.item))
    // The keys of a connection are there before Redis falls silent.
    #expect(try await post("/v1/ingest/paypal-batch", Self.item(99), to: bench).status == 200)
    server.pause()
    let late = try await post("/v1/ingest/paypal-batch", batch, headers: "deadline-ms: 50\r\n", to: bench)
    #expect(late.status == 504 && late.text.contains("deadline-exceeded"), "\(late.status) \(late.text)")
    server.resume()
    let again = try await post("/v1/ingest/paypal-batch", batch, to: bench)
    let lines = again.text.split(separator: "\n")
    #expect(again.status == 200 && lines.count == 40, "\(again.status) \(again.text)")
    #expect(lines.allSatisfy { $0.contains(#""outcome":"#) })
    await bench.server.stop()
    server.stop()
  }

  /// A decision that nobody can read stays so however often the batch comes: its line says it, and the others count.
  @Test(.enabled(if: RedisServer.isInstalled)) func anUnreadableDecisionIsNoReasonToComeAgain() async throws {
    let server = try await RedisServer.start()
    let bench = try await bench(redis(server, "batches"))
    let items = (1...40).map(Self.item)
    let first = try await post("/v1/ingest/paypal-batch", Self.batch(items), to: bench)
    #expect(first.status == 200 && first.text.split(separator: "\n").count == 40, "\(first.text)")
    #expect(!first.text.contains("overloaded"))
    var stored: [(key: [UInt8], value: [UInt8])] = []
    for number in 1...40 { stored.append(try await decision(of: "paypal:I\(number):SUCCESS", in: server)) }
    func spoil(_ index: Int) throws {
      try set(
        stored[index].key, Array(stored[index].value.prefix(Self.digestBytes)) + [0xFF, 0xFF], in: server)
    }
    try spoil(6)
    let second = try await post("/v1/ingest/paypal-batch", Self.batch(items), to: bench)
    let lines = second.text.split(separator: "\n")
    #expect(second.status == 207 && second.header("retry-after") == nil, "\(second.status)")
    #expect(
      lines[6].contains(#""code":"unreadable-decision""#) && lines[6].contains("item 7: "), "\(lines[6])")
    #expect(lines.filter { $0.contains(#""repeated":true"#) }.count == 39)
    // Where no item can be read that is the batch's status, and where the others have other faults it is not.
    try spoil(7)
    let all = try await post("/v1/ingest/paypal-batch", Self.batch(items[6...7]), to: bench)
    #expect(all.status == 500 && all.header("content-type") == "application/x-ndjson", "\(all.status)")
    let mixed = try await post("/v1/ingest/paypal-batch", Self.batch([items[6], "7"]), to: bench)
    #expect(mixed.status == 207, "\(mixed.status)")
    for index in 6...7 { try set(stored[index].key, stored[index].value, in: server) }
    let third = try await post("/v1/ingest/paypal-batch", Self.batch(items), to: bench)
    #expect(third.status == 200, "\(third.text)")
    await bench.server.stop()
    server.stop()
  }

  @Test(
    arguments: [
      ([], 200, false), ([nil, nil], 200, false), ([400, 400], 400, false), ([500, 500], 500, false),
      ([nil, 500], 207, false), ([400, 500], 207, false), ([422, nil], 207, false), ([400, 422], 207, false),
      ([503, nil], 503, true), ([504, nil], 503, true), ([504, 504], 503, true),
      ([503, 400, 500], 503, true),
    ] as [([Int?], Int, Bool)])
  func theStatusSaysWhatTheSenderHasToDo(_ items: [Int?], _ code: Int, _ isToBeSentAgain: Bool) {
    let status = BatchStatus(items: items)
    #expect(status.code == code && status.isToBeSentAgain == isToBeSentAgain, "\(items)")
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
