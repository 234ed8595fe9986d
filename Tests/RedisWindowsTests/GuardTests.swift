import Foundation
import RedisTestSupport
import RedisWindows
import Testing

/// What the guard rails find at real servers, and in what old or strange ones tell.
@Suite(.enabled(if: RedisServer.isInstalled)) struct GuardTests {
  private static let now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1_000) }

  private func report(
    _ server: RedisServer, waitsForReplica: Bool = false, clock: @escaping @Sendable () -> Int64 = now
  ) async throws -> RedisReport {
    let harness = try await TopologyHarness(.single, [server.address])
    let report = try await harness.report(waitsForReplica: waitsForReplica, clockMilliseconds: clock)
    await harness.close()
    return report
  }

  private func codes(_ report: RedisReport) -> [RedisReport.Code] { report.findings.map(\.code) }

  @Test func aServerThatIsFitHasNothingToComplainOf() async throws {
    let server = try await RedisServer.start(.init { $0.persistence = .appendOnly })
    let report = try await report(server)
    #expect(report.findings == [] && report.isReady)
    #expect(report.description == "redis is fit for windows: \(server.path)\n")
    // What the probe wrote expires.
    #expect(try server.run("PTTL", "test:probe:{abc}:log") != "-1")
  }

  @Test func settingsThatLoseRecordsAreNamed() async throws {
    let server = try await RedisServer.start(.init { $0.memoryPolicy = "volatile-lru" })
    let report = try await report(server, waitsForReplica: true, clock: { Self.now() + 5_000 })
    #expect(codes(report) == [.noReplica, .clock, .mayEvict, .persistence])
    #expect(!report.isReady)
    let text = report.description
    #expect(text.contains("behind this machine's"))
    #expect(
      text.contains(
        """
        warning: redis at `\(server.path)`: `maxmemory-policy` is `volatile-lru`: when memory is full, entity logs are \
        evicted and windows count too little
          hint: set `maxmemory-policy noeviction`; for a managed cache, in its parameter group

        """))
  }

  @Test func evictedKeysAndFullMemoryAreSeen() async throws {
    let server = try await RedisServer.start(
      .init {
        $0.memoryBytesMax = 3 << 20
        $0.memoryPolicy = "allkeys-lru"
      })
    let value = [UInt8](repeating: 1, count: 100_000)
    for index in 0..<60 { try server.run(["SET", "k\(index)"], input: value) }
    #expect(codes(try await report(server)).contains(.hasEvicted))
    try server.run("CONFIG", "SET", "maxmemory-policy", "noeviction")
    try server.run("CONFIG", "SET", "maxmemory", "1000000")
    let full = try await report(server)
    #expect(codes(full).contains(.probe) && codes(full).contains(.memory) && !full.isReady)
    #expect(full.description.contains("a probe with `SET` failed"))
    #expect(full.description.contains("has reached `maxmemory`"))
  }

  @Test func replicasAndRightsAreSeen() async throws {
    let primary = try await RedisServer.start(.init { $0.tcp = true })
    let replica = try await RedisServer.start(
      .init { $0.directives = ["replicaof 127.0.0.1 \(primary.port ?? 0)"] })
    #expect(Set(codes(try await report(replica))).isSuperset(of: [.replica, .probe]))
    let limited = try await RedisServer.start(
      .init { $0.users = ["user default on nopass ~* +@all -append"] })
    let report = try await report(limited)
    #expect(codes(report).first == .probe)
    #expect(report.description.contains("a probe with `APPEND` failed"))
  }

  @Test func aServerThatIsNotThereIsOneFinding() async throws {
    let server = try await RedisServer.start()
    server.kill()
    let report = try await report(server)
    #expect(Set(codes(report)) == [.unreachable, .probe] || codes(report) == [.unreachable])
    #expect(!report.isReady)
  }

  @Test func everyPrimaryOfAClusterIsProbed() async throws {
    let cluster = try await RedisCluster.start(primaries: 3, replicas: 0)
    let harness = try await TopologyHarness(.cluster, [cluster.addresses[0]])
    let report = try await harness.report(clockMilliseconds: Self.now)
    #expect(report.servers == cluster.addresses.map(\.description).sorted())
    #expect(codes(report) == [.persistence, .persistence, .persistence] && report.isReady)
    for node in cluster.nodes { #expect(try node.run("DBSIZE") == "2") }
    await harness.close()
    cluster.stop()
  }

  @Test func olderVersionsAreRefused() {
    for (text, isFound) in [("6.2.14", true), ("7.0.0", false), ("7.0", false), ("8.2.1", false), ("", true)]
    {
      let facts = ServerFacts("# Server\r\nredis_version:\(text)\r\nrole:master\r\n")
      let found = ServerChecks.findings(facts, server: "s", waitsForReplica: false)
      #expect(found.map(\.code) == (isFound ? [.version] : []), "\(text)")
    }
    #expect(ServerChecks.findings(ServerFacts("nothing"), server: "s", waitsForReplica: false) == [])
  }
}
