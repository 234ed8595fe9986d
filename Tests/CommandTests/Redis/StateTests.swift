import Foundation
import RedisTestSupport
import Testing

/// `assay state` over a real Redis.
@Suite(.enabled(if: RedisServer.isInstalled)) struct StateTests {
  private static let state = "assay state \(RedisCases.wallet) --redis \"$REDIS\" --at 2026-01-05T15:00:00Z"

  private static func start() async throws -> RedisShell {
    let redis = try await RedisShell.start()
    let found = try redis.run(
      "assay replay \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\" --namespace wallet --quiet")
    #expect(found.exitCode == 0, "\(found)")
    return redis
  }

  /// The text without what time and chance put into it.
  private static func normalised(_ text: String) -> String {
    text.replacing(/hash:[0-9a-f]+/, with: "hash:…").replacing(
      /expires in [0-9]+ d/, with: "expires in <days>"
    )
    .replacing(/"expires_in_ms":[0-9]+/, with: "\"expires_in_ms\":0")
  }

  @Test func theLogAndTheWindowsAreShown() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let found = try redis.run("\(Self.state) --entity user.id=u1")
    #expect(found.exitCode == 0 && found.errors == "", "\(found)")
    #expect(Self.normalised(found.output) == Self.expected, "\(found.output)")
  }

  private static let expected = """
    user.id=u1, 11 records, 725 bytes, expires in <days>

      2026-01-05T09:00:00Z  reward.granted    r1
      2026-01-05T10:00:00Z  payout.requested  p1  reversed  payout.amount=500  payout.currency=EUR  (payout.amount >= 1000)=false  payout.receiver=hash:…
      2026-01-05T11:00:00Z  payout.requested  p2            payout.amount=1500  payout.currency=EUR  (payout.amount >= 1000)=true  payout.receiver=hash:…
      2026-01-05T12:00:00Z  payout.requested  p3            payout.amount=700  payout.currency=USD  (payout.amount >= 1000)=false  payout.receiver=hash:…
      2026-01-05T12:30:00Z  payout.reversed   v1            reverses p1  payout.receiver=hash:…
      2026-01-05T13:00:00Z  payout.requested  p4            payout.amount=900  payout.currency=EUR  (payout.amount >= 1000)=false  payout.receiver=hash:…
      2026-01-05T13:30:00Z  payout.requested  p5  blocked   payout.amount=100  payout.currency=EUR  (payout.amount >= 1000)=false  payout.receiver=hash:…
      2026-01-05T13:30:00Z  exclusion         p5            the event was blocked: it leaves windows that count accepted events
      2026-01-05T13:30:00Z  payout.requested  p5  repeated  payout.amount=100  payout.currency=EUR  (payout.amount >= 1000)=false  payout.receiver=hash:…
      2026-01-05T14:30:00Z  payout.requested  p6  blocked   payout.amount=300  payout.currency=EUR  (payout.amount >= 1000)=false  payout.receiver=hash:…
      2026-01-05T14:30:00Z  exclusion         p6            the event was blocked: it leaves windows that count accepted events

    features at 2026-01-05T15:00:00Z

      payouts_24h     5
      accepted_24h    3
      paid_out_7d     2800 EUR
      paid_out_7d     700 USD
      big_payouts_7d  1
      receivers_30d   2
      since_reward    6h

    """

  /// In the past the windows are those that were then.
  @Test func aMomentInThePastLeavesOutWhatCameLater() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let state = "assay state \(RedisCases.wallet) --redis \"$REDIS\" --entity user.id=u1"
    let found = try redis.run("\(state) --at 2026-01-05T12:15:00Z")
    #expect(found.output.contains("  payouts_24h     3\n"), "\(found.output)")
    #expect(found.output.contains("  paid_out_7d     2000 EUR\n  paid_out_7d     700 USD\n"))
    #expect(found.output.hasSuffix("\nnote: the last 7 records came after that and did not count then\n"))
    let now = try redis.run(state)
    #expect(now.output.contains("  payouts_24h     0\n"), "\(now.output)")
    #expect(
      now.output.hasSuffix(
        "\nnote: the newest event is of 2026-01-05T14:30:00Z, before all windows; `--at` shows them then\n"))
  }

  @Test func machinesReadTheSame() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let found = try redis.run("\(Self.state) --entity user.id=u1 --format json")
    let data = Data(found.output.utf8)
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let records = try #require(json["records"] as? [[String: Any]])
    #expect(
      records.map { $0["id"] as? String ?? "-" } == [
        "r1", "p1", "p2", "p3", "v1", "p4", "p5", "-", "p5", "p6", "-",
      ])
    let features = try #require(json["features"] as? [[String: Any]])
    #expect(features.count == 7)
    #expect(!found.output.contains("example.com"))
  }

  @Test func itChangesNothing() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let contents = try redis.contents()
    try redis.server.run("CONFIG", "RESETSTAT")
    for entity in ["user.id=u1", "user.id=u1,device.id=d1", "user.id=nobody", "account=7"] {
      _ = try redis.run("\(Self.state) --entity \(entity)")
    }
    #expect(try redis.contents() == contents)
    let commands = try redis.server.run("INFO", "commandstats").split(whereSeparator: \.isNewline)
      .compactMap { $0.firstMatch(of: /cmdstat_([a-z|]+):/).map { String($0.1) } }
    #expect(
      Set(commands).isSubset(of: ["client|setname", "getrange", "pttl", "info", "debug", "config|resetstat"]),
      "\(commands)")
  }

  /// The features of an entity are those that its next event would read, itself left out.
  @Test func theWindowsAreThoseThatADecisionReads() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let event = #"""
      {"id":"next","type":"reward.granted","time":"2026-01-05T15:00:00Z","user":{"id":"u1"},"device":{"id":"d1"},"account":7,"payout":{"amount_minor":1,"currency":"EUR","receiver":"ann@example.com"},"dry_run":true}
      """#
    let found = try redis.run(
      """
      echo '\(event)' | assay replay \(RedisCases.wallet) - --features --redis "$REDIS" --namespace wallet --quiet
      for entity in user.id=u1 user.id=u1,device.id=d1 payout.receiver=ann@example.com account=7; do
        \(Self.state) --entity "$entity" --format json
      done
      """)
    let lines = try found.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    try #require(lines.count == 5, "\(found)")
    let decided = try #require(lines[0]["features"] as? [String: Any])
    var compared = 0
    for state in lines.dropFirst() {
      for feature in try #require(state["features"] as? [[String: Any]]) {
        let name = try #require(feature["name"] as? String)
        if let currency = feature["currency"] as? String, currency != "EUR" { continue }
        #expect("\(feature["value"] ?? "")" == "\(decided[name] ?? "")", "\(name)")
        compared += 1
      }
    }
    #expect(compared == 9)
  }

  @Test func compositeAndSensitiveKeysAreFound() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let pair = try redis.run("\(Self.state) --entity device.id=d1 --entity user.id=u1")
    #expect(pair.output.hasPrefix("user.id=u1,device.id=d1, "), "\(pair)")
    let receiver = try redis.run("\(Self.state) --entity payout.receiver=ann@example.com")
    #expect(receiver.output.hasPrefix("payout.receiver=***, "), "\(receiver)")
    #expect(!receiver.output.contains("example.com"))
    // Under another key the same value is nobody's.
    let other = try redis.run(
      "echo secret > \"$WORK/key\"; \(Self.state) --entity payout.receiver=ann@example.com --hashing-key-file \"$WORK/key\""
    )
    #expect(other.exitCode == 1)
    #expect(
      other.errors.contains("error: `payout.receiver=***` has no log\nhint: is `--hashing-key-file` the key"))
  }

  @Test(arguments: [
    ("usr.id=u1", "error: `--entity`: there is no entity `usr.id`\nhint: did you mean `user.id`?\n"),
    (
      "user.id",
      "error: `--entity`: `user.id` names no entity\nhint: write the key's field and its value, such as `user.id=…`\n"
    ),
    (
      "device.id=d1",
      "error: `--entity`: no feature is kept by `device.id` alone\nhint: give `user.id` too; features are kept by `user.id`, `user.id,device.id`, `payout.receiver`, `account`\n"
    ),
    (
      "account=seven",
      "error: `account` must be an integer, found text\nhint: write the value as events have it\n"
    ),
    ("user.id=a,user.id=b", "error: `--entity`: `user.id` is given twice"),
  ]) func whatNamesNoEntityIsTold(_ entity: String, _ expected: String) async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run("\(Self.state) --entity \(entity)")
    #expect(found.errors.hasPrefix(expected), "\(found.errors)")
    #expect(found.exitCode == 3)
  }

  @Test func anEntityWithoutALogIsTold() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run("\(Self.state) --entity user.id=nobody")
    #expect(found.exitCode == 1)
    #expect(found.output == "")
    #expect(
      found.errors == """
        error: `user.id=nobody` has no log
        hint: is `--namespace` the one of those who write, and the value written as events have it?

        """)
  }

  @Test func aValueThatIsMissingIsTold() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run("\(Self.state) --entity user.id=")
    #expect(found.exitCode == 1)
    #expect(
      found.errors
        == "error: `user.id=` has no log\nhint: the value is empty: is something missing behind `user.id=`?\n"
    )
  }

  /// What is not ours is named so that it can be pasted where it is looked at.
  @Test func foreignBytesAreToldWithTheirKey() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let key = #""wallet:1:{user.id\x00\x05\x02\x00u2}""#
    #expect(try redis.type("SET \(key) nonsense") == "OK\n")
    let found = try redis.run("\(Self.state) --entity user.id=u2")
    #expect(found.exitCode == 3)
    #expect(
      found.errors == """
        error: the log of an entity holds bytes that are no records: \(key)
        hint: another program writes there, or another version; `assay forget` erases the log

        """, "\(found)")
    #expect(try redis.type("DEL \(key)") == "1\n")
    #expect(try redis.type("LPUSH \(key) x") == "1\n")
    let list = try redis.run("\(Self.state) --entity user.id=u2")
    #expect(list.exitCode == 3)
    #expect(
      list.errors == """
        error: redis at `$SOCKET` has a value of another type under a key: \(key)
        hint: another program writes there: choose another namespace; `TYPE` in `redis-cli` tells what the key holds

        """, "\(list)")
    #expect(try redis.type("TYPE \(key)") == "list\n")
  }
}
