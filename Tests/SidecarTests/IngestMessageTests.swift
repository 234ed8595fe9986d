import Foundation
import Sidecar
import TestSupport
import Testing

/// `/v1/ingest/{source}`.
@Suite struct IngestMessageTests {
  private static let item =
    #"{"payout_item_id":"8A","transaction_status":"SUCCESS","payout_item":{"sender_item_id":"u1-17"}}"#

  /// A sidecar that takes unsigned callbacks of LevelPlay and answers of PayPal; the file may be written anew.
  private static func bench(_ folder: RuleSetFolder) async throws -> SidecarBench {
    let path = folder.url.appending(path: "ingest.json").path
    return try await SidecarBench { $0.ingestPath = path }
  }

  private static func folder(_ text: String) throws -> RuleSetFolder {
    try RuleSetFolder(["ingest.json": text])
  }

  private static let configuration = """
    {"levelplay": {"unsigned": "accept", "answer": "decision",
       "parameters": {"USER_ID": "user", "REWARDS": "rewards", "EVENT_ID": "event"}},
     "paypal-batch": {"user_before": "-"}, "play-integrity": {}}
    """

  private func post(_ path: String, _ body: String, to bench: SidecarBench) async throws -> HTTPAnswer {
    let request =
      "POST \(path) HTTP/1.1\r\nhost: sidecar\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    return try await apart {
      let connection = try bench.connect()
      connection.send(request)
      return try #require(connection.response())
    }
  }

  @Test func aMessageGetsTheDecisionOfItsEvent() async throws {
    let folder = try Self.folder(Self.configuration)
    let bench = try await Self.bench(folder)
    let query = "user=u1&rewards=5&event=e1"
    let posted = try await post("/v1/ingest/levelplay", query, to: bench)
    #expect(posted.status == 200 && posted.header("content-type") == "application/json", "\(posted.text)")
    #expect(posted.text.contains(#""event":"levelplay:e1""#) && posted.text.contains(#""repeated":false"#))
    // As the vendor sends it, and again: the retry keeps its arrival and is recognised.
    let got = try #require(try await bench.get("/v1/ingest/levelplay?\(query)"))
    #expect(got.status == 200 && got.text.contains(#""repeated":true"#), "\(got.text)")
    let other = try #require(try await bench.get("/v1/ingest/levelplay?\(query.replacing("5", with: "6"))"))
    #expect(other.status == 409, "\(other.text)")
    await bench.server.stop()
  }

  @Test func severalEventsGiveALineEach() async throws {
    let folder = try Self.folder(Self.configuration)
    let bench = try await Self.bench(folder)
    let batch = #"{"items":[\#(Self.item),\#(Self.item.replacing("8A", with: "9B"))]}"#
    let several = try await post("/v1/ingest/paypal-batch", batch, to: bench)
    #expect(several.status == 200 && several.header("content-type") == "application/x-ndjson")
    #expect(several.text.split(separator: "\n").count == 2, "\(several.text)")
    // Items that are bad by themselves do not keep the others from being decided, and say which they are.
    let unknown = Self.item.replacing("SUCCESS", with: "NEW")
    let nobodys = Self.item.replacing("8A", with: "8C").replacing("u1-17", with: "17")
    let good = Self.item.replacing("8A", with: "8D")
    let mixed = try await post(
      "/v1/ingest/paypal-batch", #"{"items":[\#(good),\#(unknown),7,\#(nobodys)]}"#, to: bench)
    let lines = mixed.text.split(separator: "\n")
    #expect(mixed.status == 207 && lines.count == 4, "\(mixed.status) \(mixed.text)")
    #expect(lines[0].contains(#""event":"paypal:8D:SUCCESS""#))
    #expect(lines[1].contains(#""field":"items[1].transaction_status""#), "\(lines[1])")
    #expect(lines[2].contains(#""field":"items[2]""#), "\(lines[2])")
    #expect(lines[3].contains("item 4: `user.id` is required"), "\(lines[3])")
    let all = try await post("/v1/ingest/paypal-batch", #"{"items":[\#(unknown),\#(unknown)]}"#, to: bench)
    #expect(all.status == 400 && all.text.split(separator: "\n").count == 2, "\(all.text)")
    let none = try await post("/v1/ingest/paypal-batch", #"{"batch_header":{}}"#, to: bench)
    #expect(none.status == 204 && none.text.isEmpty)
    // A message counts once, however many items it has.
    let counted = try #require(try await bench.get("/metrics")).text.split(separator: "\n")
      .filter { $0.hasPrefix("assay_ingested_messages_total{") }
    let label = #"assay_ingested_messages_total{source="paypal-batch",result="#
    #expect(
      Set(counted.map(String.init)) == [
        label + #""accepted"} 2"#, label + #""accepted-in-part"} 1"#, label + #""unknown-value"} 1"#,
      ])
    await bench.server.stop()
  }

  @Test func refusalsHaveTheirStatus() async throws {
    let folder = try Self.folder(Self.configuration)
    let bench = try await Self.bench(folder)
    for (path, body, status, code) in [
      ("levelplay", "user=u1", 400, "missing-parameter"), ("levelplay", "", 400, "malformed-query"),
      ("levelplay?user=u1", "user=u1", 400, "bad-request"), ("agcod", "{}", 503, "not-configured"),
      ("nobody", "", 404, "unknown-source"), ("paypal-batch", "[", 400, "not-json"),
      ("play-integrity", #"{"deviceIntegrity":{}}"#, 400, "no-event"),
      ("levelplay", "a=" + String(repeating: "x", count: 20_000), 413, "too-large"),
      // The rule set wants to know whose it is.
      ("paypal-batch", Self.item.replacing("u1-17", with: "17"), 422, "missing-field"),
    ] {
      let answer = try await post("/v1/ingest/\(path)", body, to: bench)
      #expect(answer.status == status, "\(path) \(answer.text)")
      #expect(answer.text.contains(#""code":"\#(code)""#), "\(answer.text)")
    }
    let deleted = try #require(try await bench.get("/v1/ingest/levelplay", method: "DELETE"))
    #expect(deleted.status == 405)
    let metrics = try #require(try await bench.get("/metrics")).text
    #expect(
      metrics.contains(#"assay_ingested_messages_total{source="levelplay",result="missing-parameter"} 1"#),
      "\(metrics.split(separator: "\n").filter { $0.contains("ingested") })")
    await bench.server.stop()
  }

  @Test func signaturesAreDemanded() async throws {
    let folder = try RuleSetFolder([
      "key": "the private key",
      "ingest.json": """
      {"levelplay": {"private_key": {"file": "key"},
        "parameters": {"USER_ID": "user", "REWARDS": "rewards", "EVENT_ID": "event"}}}
      """,
    ])
    let bench = try await Self.bench(folder)
    let query = "user=u1&rewards=5&event=e1&timestamp=202601010000"
    #expect(try await post("/v1/ingest/levelplay", query, to: bench).status == 401)
    let forged = query + "&signature=00000000000000000000000000000000"
    #expect(try await post("/v1/ingest/levelplay", forged, to: bench).status == 403)
    #expect(!bench.log.all.joined().contains("private key"))
    await bench.server.stop()
  }

  @Test func aReloadReadsTheSourcesToo() async throws {
    let folder = try Self.folder("{}")
    let bench = try await Self.bench(folder)
    let file = folder.url.appending(path: "ingest.json")
    #expect(try await post("/v1/ingest/levelplay", "user=u1&rewards=5&event=e1", to: bench).status == 503)
    try Data(Self.configuration.utf8).write(to: file)
    #expect(try await post("/v1/ruleset/reload", "", to: bench).status == 200)
    #expect(try await post("/v1/ingest/levelplay", "user=u1&rewards=5&event=e1", to: bench).status == 200)
    // What is broken changes nothing.
    try Data("{".utf8).write(to: file)
    let broken = try await post("/v1/ruleset/reload", "", to: bench)
    #expect(broken.status == 422 && broken.text.contains("--ingest-config"), "\(broken.text)")
    #expect(try await post("/v1/ingest/levelplay", "user=u1&rewards=5&event=e2", to: bench).status == 200)
    await bench.server.stop()
  }

  @Test func withoutSourcesNothingIsTaken() async throws {
    let bench = try await SidecarBench()
    #expect(try await post("/v1/ingest/levelplay", "user=u1", to: bench).status == 503)
    await bench.server.stop()
  }
}
