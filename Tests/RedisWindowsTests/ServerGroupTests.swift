import RedisTestSupport
import RedisWindows
import Testing

/// Clusters and sentinels of the tests' own do what those of production do.
@Suite(.enabled(if: RedisServer.isInstalled)) struct ServerGroupTests {
  @Test func aClusterMovesASlotAndFailsOver() async throws {
    let cluster = try await RedisCluster.start()
    let slot = try cluster.slot(of: "k{a}")
    let source = try cluster.owner(of: slot)
    for index in 0..<25 { try source.run("SET", "k{a}\(index)", "v") }
    let target = try #require(try cluster.primaries().first { $0 !== source })
    try await cluster.move(slot, to: target)
    #expect(try cluster.owner(of: slot) === target)
    #expect(try target.run("GET", "k{a}24") == "v")
    let replica = try #require(try cluster.replicas(of: target).first)
    // Replication does not wait for anybody.
    for _ in 0..<500 where try replica.run("DBSIZE") != target.run("DBSIZE") {
      try await Task.sleep(for: .milliseconds(10))
    }
    target.kill()
    try await cluster.waitUntilPrimary(replica)
    #expect(try cluster.owner(of: slot) === replica)
    #expect(try replica.run("GET", "k{a}24") == "v")
    try await target.restart()
    try await cluster.waitUntilWell(replicas: 1)
    try await cluster.failOver(to: target)
  }

  @Test func sentinelsPromoteTheReplica() async throws {
    let group = try await RedisSentinels.start()
    let primary = try #require(try group.primary())
    primary.kill()
    var promoted: RedisServer?
    for _ in 0..<200 where promoted == nil {
      try await Task.sleep(for: .milliseconds(50))
      promoted = try group.primary()
    }
    #expect(promoted != nil && promoted !== primary)
  }
}
