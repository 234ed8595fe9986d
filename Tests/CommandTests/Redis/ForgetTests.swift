import Foundation
import RedisTestSupport
import Testing

/// `assay forget` over a real Redis.
@Suite(.enabled(if: RedisServer.isInstalled)) struct ForgetTests {
  private static let forget = "assay forget \(RedisCases.wallet) --redis \"$REDIS\" --entity user.id=u1"

  private static func start() async throws -> RedisShell {
    let redis = try await RedisShell.start()
    try fill(redis)
    return redis
  }

  private static func fill(_ redis: RedisShell) throws {
    _ = try redis.run(
      "assay replay \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\" --namespace wallet --quiet")
  }

  @Test func aLogIsErasedAndSaysSo() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let found = try redis.run("\(Self.forget) --yes")
    #expect(found.exitCode == 0 && found.errors == "", "\(found)")
    #expect(
      found.output.replacing(/[0-9]+ bytes/, with: "<n> bytes")
        == "erased the log of `user.id=u1`: 11 records, <n> bytes, of 2026-01-05T09:00:00Z to 2026-01-05T14:30:00Z\n"
    )
    let state = try redis.run(
      "assay state \(RedisCases.wallet) --redis \"$REDIS\" --entity user.id=u1 --at 2026-01-05T15:00:00Z")
    #expect(state.output.contains("the log was erased on purpose"), "\(state)")
    #expect(state.output.contains("payouts_24h     0\n"), "\(state.output)")
    // What expires still does.
    #expect(state.output.contains("expires in"))
    let again = try redis.run("\(Self.forget) --yes")
    #expect(again.exitCode == 1)
    #expect(again.errors.hasPrefix("error: the log of `user.id=u1` was erased before, at 20"), "\(again)")
  }

  @Test func othersKeepTheirLogs() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let other =
      "assay state \(RedisCases.wallet) --redis \"$REDIS\" --at 2026-01-05T15:00:00Z --format json --entity "
    let before = try redis.run("\(other) user.id=u2; \(other) account=7").output
    let found = try redis.run("\(Self.forget) --yes --format json")
    #expect(found.output.hasPrefix(#"{"entity":{"user.id":"u1"},"records":11,"#), "\(found)")
    let after = try redis.run("\(other) user.id=u2; \(other) account=7").output
    func timeless(_ text: String) -> String { text.replacing(/"expires_in_ms":[0-9]+/, with: "") }
    #expect(timeless(before) == timeless(after) && before.contains("q1"))
  }

  @Test func withoutATerminalItMustBeSaidThatItIsMeant() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let contents = try redis.contents()
    let found = try redis.run(Self.forget)
    #expect(found.exitCode == 3)
    #expect(found.errors == "error: there is no terminal to ask whether to erase\nhint: say `--yes`\n")
    #expect(try redis.contents() == contents)
  }

  /// On a terminal, which `script` makes, it asks.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func itAsksOnATerminal() async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let contents = try redis.contents()
    let command = "script -qec '\(Self.forget)' /dev/null"
    let refused = try redis.run("echo n | \(command)")
    #expect(refused.output.contains("erase the log of `user.id=u1` (11 records, "), "\(refused)")
    #expect(refused.output.contains("nothing was erased"))
    #expect(try redis.contents() == contents)
    let confirmed = try redis.run("echo y | \(command)")
    #expect(confirmed.output.contains("erased the log of `user.id=u1`"), "\(confirmed)")
    #expect(try redis.contents() != contents)
  }

  @Test func aReplicaThatDoesNotAcknowledgeIsTold() async throws {
    let (redis, replica) = try await RedisShell.startWithReplica()
    defer {
      replica.stop()
      redis.server.stop()
    }
    try Self.fill(redis)
    replica.pause()
    let found = try redis.run(
      "assay forget \(RedisCases.wallet) --redis \"$REDIS?durability=wait\" --redis-timeout 1000 --entity user.id=u1 --yes"
    )
    #expect(found.exitCode == 3 && found.output == "")
    #expect(
      found.errors == """
        error: the log was erased, but no replica has acknowledged it
        hint: see that a replica follows the primary; after a fail-over run the command again

        """, "\(found)")
  }

  /// Another process that knew the log reads it anew, begins at zero, and takes nothing for lost.
  @Test func aProcessThatKnewTheLogBeginsAnew() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let replay = try LineProcess([
      "replay", RedisCases.wallet, "-", "--features", "--quiet", "--redis", redis.url, "--namespace",
      "wallet",
    ])
    defer { replay.end() }
    func payouts(_ id: String) -> String {
      let answer = replay.answer(
        to: #"{"id":"\#(id)","type":"payout.requested","time":"2026-01-05T10:00:00Z","user":{"id":"u1"}}"#)
      #expect(answer.contains(#""degraded":false"#), "\(answer)")
      return answer.firstMatch(of: /"payouts_24h":([^,}]*)/).map { String($0.1) } ?? String(answer)
    }
    #expect([payouts("a"), payouts("b"), payouts("c")] == ["1", "2", "3"])
    #expect(try redis.run("\(Self.forget) --yes").exitCode == 0)
    #expect([payouts("d"), payouts("e")] == ["1", "2"])
    let state = try redis.run(
      "assay state \(RedisCases.wallet) --redis \"$REDIS\" --entity user.id=u1 --format json")
    #expect(!state.output.contains(#""record":"gap""#), "\(state)")
  }

  /// A log that was erased and then cut still says so to whoever knew it before.
  @Test func aCutLeavesTheErasureToBeSeen() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let replay = try LineProcess([
      "replay", RedisCases.wallet, "-", "--quiet", "--redis", redis.url, "--namespace", "wallet",
    ])
    defer { replay.end() }
    func event(_ id: String, _ time: String) -> String {
      #"{"id":"\#(id)","type":"payout.requested","time":"\#(time)","user":{"id":"u1"}}"#
    }
    for id in ["a", "b", "c"] { _ = replay.answer(to: event(id, "2026-12-01T10:00:00Z")[...]) }
    #expect(try redis.run("\(Self.forget) --yes").exitCode == 0)
    // Events of half a year before, of which most are past every window.
    let others = (0..<400).map { number in
      let (month, day, hour) = (1 + number / 62, 1 + number % 62 / 3, number % 3 * 8)
      return event(
        "o\(number)", "2026-0\(month)-\(day < 10 ? "0" : "")\(day)T\(hour < 10 ? "0" : "")\(hour):00:00Z")
    }
    let found = try redis.run(
      """
      cat > "$WORK/events" <<'END'
      \(others.joined(separator: "\n"))
      END
      assay replay \(RedisCases.wallet) "$WORK/events" --quiet --redis "$REDIS" --namespace wallet | wc -l
      """)
    #expect(found.output == "400\n", "\(found)")
    #expect(replay.answer(to: event("d", "2026-12-01T11:00:00Z")[...]).contains(#""degraded":false"#))
    let state = try redis.run(
      "assay state \(RedisCases.wallet) --redis \"$REDIS\" --entity user.id=u1 --format json"
    ).output
    #expect(state.contains(#""record":"forgotten""#) && !state.contains(#""record":"gap""#), "\(state)")
    #expect(state.components(separatedBy: #""record":"event""#).count < 400)
  }
}
