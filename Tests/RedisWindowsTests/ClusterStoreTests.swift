import Assay
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// The store does in a cluster, and behind sentinels, what it does over one server.
@Suite(.enabled(if: RedisServer.isInstalled), .timeLimit(.minutes(3))) struct ClusterStoreTests {
  private func failures(
    _ topology: RedisConfiguration.Topology, _ addresses: [RedisAddress]
  ) -> [String] {
    let number = Guarded(0)
    return WindowStoreContract {
      let next = number.withLock { number in
        number += 1
        return number
      }
      var configuration = RedisConfiguration(namespace: "contract\(next)")
      configuration.topology = topology
      configuration.addresses = addresses
      configuration.timeoutMilliseconds = 5_000
      do {
        return try RedisWindows.connectAndWait(configuration)
      } catch {
        preconditionFailure("the store could not be made: \(error)")
      }
    }.check().map { "\($0)" }
  }

  @Test func aClusterKeepsTheContract() async throws {
    let cluster = try await RedisCluster.start(primaries: 3, replicas: 0)
    #expect(failures(.cluster, [cluster.addresses[0]]) == [])
    for node in cluster.nodes { #expect(try Int(node.run("DBSIZE")) ?? 0 > 0) }
    cluster.stop()
  }

  @Test func sentinelsKeepTheContract() async throws {
    let group = try await RedisSentinels.start()
    #expect(failures(.sentinel(primary: RedisSentinels.name), group.addresses) == [])
    group.stop()
  }

  @Test func theStoreReportsOnItsServers() async throws {
    let server = try await RedisServer.start(.init { $0.memoryPolicy = "allkeys-lfu" })
    var configuration = RedisConfiguration(namespace: "report")
    configuration.addresses = [server.address]
    let store = try RedisWindows.connectAndWait(configuration)
    let report = try await store.report()
    #expect(report.findings.map(\.code) == [.mayEvict, .persistence] && report.isReady)
    store.close()
  }
}
