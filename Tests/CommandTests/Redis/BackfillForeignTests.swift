import RedisTestSupport
import Testing

/// `assay backfill` where some of its keys hold what is not ours.
@Suite(.enabled(if: RedisServer.isInstalled)) struct BackfillForeignTests {
  private static let user = #""wallet:1:{user.id\x00\x05\x02\x00u2}""#
  private static let pair = #""wallet:1:{user.id+device.id\x00\x05\x02\x00u1\x05\x02\x00d1}""#
  private static let id = #""wallet:1:#p2""#
  private static let backfill =
    "assay backfill \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\" --summary json"

  private static func state(_ entity: String) -> String {
    "assay state \(RedisCases.wallet) --redis \"$REDIS\" --at 2026-01-05T15:00:00Z --entity \(entity)"
  }

  /// The windows alone: records may stand in a log once more, which count once.
  private static func features(_ text: String) -> Substring {
    text.firstRange(of: "features at").map { text[$0.lowerBound...] } ?? ""
  }

  @Test func nothingIsAppendedThereAndTheRestIsTakenIn() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    #expect(try redis.type("SET \(Self.user) nonsense") == "OK\n")
    #expect(try redis.type("LPUSH \(Self.pair) x") == "1\n")
    #expect(try redis.type("SET \(Self.id) nonsense") == "OK\n")
    let found = try redis.run(Self.backfill)
    #expect(found.exitCode == 3)
    let wrong = [
      "the log of an entity holds bytes that are no records: \(Self.user)",
      "redis at `$SOCKET` has a value of another type under a key: \(Self.pair)",
      "the key of an event's id holds what is no claim of ours: \(Self.id)",
    ]
    for message in wrong {
      #expect(found.errors.contains("error: `--redis`: \(message)\nhint: "), "\(found)")
    }
    #expect(found.errors.contains("where nobody needs the key, remove it and run the command again\n"))
    #expect(!found.errors.contains(#""left_out":0,"#))
    #expect(try redis.type("GET \(Self.user)") == "nonsense\n")
    #expect(try redis.type("LRANGE \(Self.pair) 0 -1") == "x\n")
    let receiver = try redis.run(Self.state("user.id=u1"))
    #expect(receiver.exitCode == 0 && receiver.output.contains("payouts_24h     4\n"), "\(receiver)")

    // Once the keys are gone a second run makes up for it.
    #expect(try redis.type("DEL \(Self.user) \(Self.pair) \(Self.id)") == "3\n")
    let again = try redis.run(Self.backfill)
    #expect(again.exitCode == 0 && again.errors.contains(#""left_out":0,"#), "\(again)")
    let other = try await RedisShell.start()
    defer { other.server.stop() }
    #expect(try other.run(Self.backfill).exitCode == 0)
    for entity in ["user.id=u1", "user.id=u2", "user.id=u1,device.id=d1", "account=7"] {
      let (mended, whole) = (try redis.run(Self.state(entity)), try other.run(Self.state(entity)))
      #expect(
        !whole.output.isEmpty && Self.features(mended.output) == Self.features(whole.output), "\(entity)")
    }
  }
}
