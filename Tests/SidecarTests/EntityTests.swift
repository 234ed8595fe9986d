import Foundation
import Sidecar
import Testing

/// `GET /v1/entities/…` over windows in memory.
@Suite struct EntityTests {
  private static let wallet = "Fixtures/commands/rules/wallet"

  /// Five events of the last minutes: two payouts in one currency, one in another, one of them by another device.
  private static func events() -> [String] {
    let start = Date.now.addingTimeInterval(-600)
    let payouts: [(id: String, device: String, amount: Int, currency: String)] = [
      ("p1", "d1", 500, "EUR"), ("p2", "d1", 1_500, "EUR"), ("p3", "d/2", 700, "USD"),
    ]
    let reward = event("r1", "reward.granted", start, #""device":{"id":"d1"}"#)
    return [reward]
      + payouts.enumerated().map { index, payout in
        event(
          payout.id, "payout.requested", start.addingTimeInterval(Double(index + 1) * 60),
          #""device":{"id":"\#(payout.device)"},"account":7,"payout":{"amount_minor":\#(payout.amount),"#
            + #""currency":"\#(payout.currency)","receiver":"ann@example.com"}"#)
      }
  }

  private static func event(_ id: String, _ type: String, _ time: Date, _ rest: String) -> String {
    #"{"id":"\#(id)","type":"\#(type)","time":"\#(time.ISO8601Format())","user":{"id":"u1"},\#(rest)}"#
  }

  private static func bench() async throws -> SidecarBench {
    let bench = try await SidecarBench(wallet)
    try await apart {
      let connection = try bench.connect()
      for event in events() {
        connection.send(event + "\n")
        #expect(connection.line()?.hasPrefix(#"{"event":""#) == true)
      }
    }
    return bench
  }

  private static func page(_ bench: SidecarBench, _ path: String) async throws -> EntityPage {
    let answer = try #require(try await bench.get("/v1/entities/" + path))
    #expect(answer.status == 200, "\(answer)")
    return try EntityPage(answer.body)
  }

  @Test func everyFeatureIsTold() async throws {
    let bench = try await Self.bench()
    let page = try await Self.page(bench, "user.id/u1")
    #expect(page.entity == ["user.id": "u1"])
    #expect(page.recordCount == 4)
    #expect(page.values["payouts_24h"] == ["3"])
    #expect(page.values["paid_out_7d"] == ["2000 EUR", "700 USD"])
    #expect(page.values["big_payouts_7d"] == ["1"])
    #expect(page.values["receivers_30d"] == ["1"])
    #expect(page.values.count == 6)
    #expect(page.windows["payouts_24h"] == 86_400_000)
    #expect(page.windows["receivers_30d"] == 30 * 86_400_000)
    #expect(page.retention >= 30 * 86_400_000)
    await bench.server.stop()
  }

  /// Looking changes nothing, and an event afterwards reads what was told.
  @Test func lookingLeavesNothing() async throws {
    let bench = try await Self.bench()
    let first = try await Self.page(bench, "user.id/u1")
    for _ in 0..<20 { _ = try await Self.page(bench, "user.id/u1") }
    let last = try await Self.page(bench, "user.id/u1")
    #expect(
      first.values.filter { $0.key != "since_reward" } == last.values.filter { $0.key != "since_reward" })
    #expect(first.recordCount == last.recordCount)
    await bench.server.stop()
  }

  @Test func keysOfSeveralFieldsAreFound() async throws {
    let bench = try await Self.bench()
    #expect(try await Self.page(bench, "user.id,device.id/u1,d1").values["payouts_per_pair_24h"] == ["2"])
    #expect(try await Self.page(bench, "device.id,user.id/d1,u1").values["payouts_per_pair_24h"] == ["2"])
    #expect(
      try await Self.page(bench, "user.id%2Cdevice.id/u1,d%2F2").values["payouts_per_pair_24h"] == ["1"])
    #expect(try await Self.page(bench, "account/7").values["payouts_per_account_24h"] == ["3"])
    await bench.server.stop()
  }

  @Test func sensitiveKeysAreFoundAndMasked() async throws {
    let bench = try await Self.bench()
    let page = try await Self.page(bench, "payout.receiver/ann%40example.com")
    #expect(page.entity == ["payout.receiver": "***"])
    #expect(page.values["users_per_receiver_30d"] == ["1"])
    #expect(!page.text.contains("ann"))
    #expect(!bench.log.all.contains { $0.contains("ann") })
    await bench.server.stop()
  }

  @Test func whoeverWasNeverSeenHasEmptyWindows() async throws {
    let bench = try await Self.bench()
    let page = try await Self.page(bench, "user.id/nobody,really")
    #expect(page.entity == ["user.id": "nobody,really"])
    #expect(page.recordCount == 0)
    #expect(page.values["payouts_24h"] == ["0"])
    await bench.server.stop()
  }

  @Test(arguments: [
    ("user.idd/u1", 404, "did you mean `user.id`?"), ("device.id/d1", 404, "give `user.id` too"),
    ("user.id,device.id/u1", 422, "behind commas"), ("account/seven", 422, "account"),
    ("user.id,user.id/u1,u2", 404, "given twice"), ("user.id/", 404, "no such page"),
    ("user.id", 404, "no such page"), ("user.id/a/b", 404, "no such page"),
    ("user.id/%zz", 400, "hexadecimal"),
    ("user.id/%2", 400, "hexadecimal"), ("user.id/%ff", 400, "UTF-8"), ("%ff/u1", 400, "UTF-8"),
  ])
  func whatNamesNoEntityIsTold(path: String, status: Int, message: String) async throws {
    let bench = try await SidecarBench(Self.wallet)
    let answer = try #require(try await bench.get("/v1/entities/" + path))
    #expect(answer.status == status, "\(answer)")
    #expect(answer.header("content-type") == "application/problem+json")
    #expect(answer.text.contains(message), "\(answer.text)")
    await bench.server.stop()
  }

  @Test func thePageIsOnlyRead() async throws {
    let bench = try await SidecarBench(Self.wallet)
    let answer = try #require(try await bench.get("/v1/entities/user.id/u1", method: "DELETE"))
    #expect(answer.status == 405 && answer.header("allow") == "GET, HEAD", "\(answer)")
    let head = try await apart {
      let connection = try bench.connect()
      connection.send("HEAD /v1/entities/user.id/u1 HTTP/1.1\r\nhost: s\r\nconnection: close\r\n\r\n")
      return String(decoding: connection.readAll(), as: UTF8.self)
    }
    #expect(head.hasPrefix("HTTP/1.1 200") && head.hasSuffix("\r\n\r\n"), "\(head)")
    await bench.server.stop()
  }
}

/// What a page of an entity says.
struct EntityPage {
  let text: String
  let entity: [String: String]
  let recordCount: Int
  let retention: Int
  /// By feature; several where there is one for each currency.
  private(set) var values: [String: [String]] = [:]
  private(set) var windows: [String: Int] = [:]

  init(_ body: [UInt8]) throws {
    text = String(decoding: body, as: UTF8.self)
    let page = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    entity = try #require(page["entity"] as? [String: String])
    recordCount = try #require(page["record_count"] as? Int)
    retention = try #require(page["retention_ms"] as? Int)
    for feature in try #require(page["features"] as? [[String: Any]]) {
      let name = try #require(feature["name"] as? String)
      let currency = (feature["currency"] as? String).map { " " + $0 } ?? ""
      values[name, default: []].append("\(try #require(feature["value"]))\(currency)")
      windows[name] = (feature["window"] as? [String: Any])?["over_ms"] as? Int
    }
  }
}
