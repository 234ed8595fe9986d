import Foundation
import RedisTestSupport
import RedisWindows
import Testing

/// The commands over a Redis Cluster.
@Suite(.enabled(if: RedisServer.isInstalled)) struct ClusterCommandTests {
  @Test func everyCommandWorksOverAClusterAsOverAServer() async throws {
    let cluster = try await RedisCluster.start(primaries: 3, replicas: 0)
    defer { for node in cluster.nodes { node.stop() } }
    let url = "redis+cluster://" + cluster.addresses.map(\.description).joined(separator: ",")
    func run(_ line: String) throws -> CommandCase.Outcome {
      try Shell.run(line, environment: ["REDIS": url])
    }

    let replay = try run(
      """
      zcat \(RedisCases.rewardEvents) > "$WORK/all"
      head -n 4100 "$WORK/all" > "$WORK/first"
      tail -n +4101 "$WORK/all" > "$WORK/second"
      assay replay \(RedisCases.rewards) "$WORK/all" --features --quiet > "$WORK/memory"
      assay replay \(RedisCases.rewards) "$WORK/all" --features --quiet --redis "$REDIS" > "$WORK/redis"
      cmp "$WORK/memory" "$WORK/redis" && echo replay
      head -n 4100 "$WORK/memory" > "$WORK/decisions"
      tail -n +4101 "$WORK/memory" > "$WORK/expected"
      assay backfill \(RedisCases.rewards) "$WORK/first" --redis "$REDIS" --quiet --decisions "$WORK/decisions"
      assay replay \(RedisCases.rewards) "$WORK/second" --features --quiet --redis "$REDIS" --namespace rewards \\
        > "$WORK/found"
      cmp "$WORK/expected" "$WORK/found" && echo backfill
      """)
    #expect(replay.output == "replay\nbackfill\n", "\(replay)")
    let entity = "\(RedisCases.rewards) --redis \"$REDIS\" --entity user.id=u1003"
    let state = try run("assay state \(entity) --at 2026-03-10T12:00:00Z")
    #expect(state.exitCode == 0 && state.output.contains("payouts_24h"), "\(state)")
    #expect(try run("assay forget \(entity) --yes").output.hasPrefix("erased the log of `user.id=u1003`: "))
    #expect(try run("assay state \(entity)").output.contains("the log was erased on purpose"))
    let test = try run("assay test \(RedisCases.wallet) --redis \"$REDIS\"")
    #expect(test.exitCode == 0 && test.output.hasPrefix("2 passed, 0 failed\n"), "\(test)")
    try RedisReplayTests.takeTurns(
      url, rules: RedisCases.rewards, file: RedisCases.rewardEvents, lines: 1_000)
  }
}
