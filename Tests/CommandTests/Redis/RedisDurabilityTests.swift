import RedisTestSupport
import Testing

/// Rule sets that wait for a replica, and servers that have none.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RedisDurabilityTests {
  private static let rules =
    "cp -r \(RedisCases.wallet) \"$WORK/rules\"; echo 'durability: wait' >> \"$WORK/rules/ruleset.yaml\"\n"
  private static let commands = [
    "assay replay \"$WORK/rules\" \(RedisCases.events) --quiet", "assay test \"$WORK/rules\"",
    "assay backfill \"$WORK/rules\" \(RedisCases.events) --quiet",
  ]

  @Test(arguments: commands) func aReplicaThatIsMissingIsNamedWithTheWayOut(_ command: String) async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let found = try redis.run("\(Self.rules)\(command) --redis \"$REDIS\"")
    #expect(found.exitCode == 3 && found.output == "")
    #expect(
      found.errors == """
        error: `--redis`: redis at `$SOCKET`: `durability: wait` waits for a replica, and there is none
        hint: add a replica; or leave `durability` at `primary`, for one run by `?durability=primary` in the URL

        """, "\(found)")
    #expect(try redis.keyCount() == 0)
    // The URL is said for this run: it counts before the rule set.
    let without = try redis.run("\(Self.rules)\(command) --redis \"$REDIS?durability=primary\"")
    #expect(without.exitCode == 0, "\(without)")
  }

  /// A replica that follows and stands still: the cause is told, not only that time was up.
  @Test func aReplicaThatDoesNotAcknowledgeIsTheCauseThatIsTold() async throws {
    let (redis, replica) = try await RedisShell.startWithReplica()
    defer {
      replica.stop()
      redis.server.stop()
    }
    for command in Self.commands {
      let found = try redis.run("\(Self.rules)\(command) --redis \"$REDIS\"")
      #expect(found.exitCode == 0, "\(found)")
    }
    try redis.server.run("FLUSHALL")
    replica.pause()
    for command in Self.commands.prefix(2) {
      let found = try redis.run("\(Self.rules)\(command) --redis \"$REDIS\" --redis-timeout 2000")
      #expect(found.exitCode == 3)
      #expect(found.errors.contains("no replica has acknowledged the records"), "\(found)")
      #expect(found.errors.contains("hint: see that a replica follows the primary; `?durability=primary`"))
    }
  }
}
