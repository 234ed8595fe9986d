import RedisTestSupport
import RedisWindows
import Testing

/// TLS to servers that others name: none of these has a port in the clear, and all of them ask for a certificate.
@Suite(
  .serialized, .enabled(if: RedisServer.isInstalled && RedisServer.canMakeCertificates),
  .timeLimit(.minutes(3)))
struct EncryptedTopologyTests {
  private static let keys = ["k{a}", "k{b}", "k{c}", "k{d}", "k{e}", "k{f}"]

  private func harness(_ url: String) async throws -> TopologyHarness {
    try await TopologyHarness(RedisConfiguration(url: url, namespace: "test") { _ in nil })
  }

  private func failure(_ outcome: TopologyHarness.Outcome) -> RedisFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }

  private func expectAllServed(_ harness: TopologyHarness, length: Int) async {
    for key in Self.keys {
      let outcome = await harness.send(["APPEND", key, "12345"], ["STRLEN", key])
      #expect(outcome == .success([.integer(length), .integer(length)]), "\(key)")
    }
  }

  /// One node is named; the others are found, and are encrypted too. A slot that moves is followed there.
  @Test func allNodesOfAClusterAreReached() async throws {
    let certificates = try ServerCertificates.make()
    let cluster = try await RedisCluster.start(replicas: 0, certificates: certificates)
    #expect(cluster.nodes.allSatisfy { $0.port == nil && $0.tlsPort != nil })
    let place = try #require(cluster.addresses.first)
    let encrypted = try await harness("rediss+cluster://\(place)?\(certificates.query)")
    await expectAllServed(encrypted, length: 5)
    let sizes = try cluster.primaries().map { Int(try $0.run("DBSIZE")) ?? 0 }
    #expect(sizes.allSatisfy { $0 > 0 } && sizes.reduce(0, +) == Self.keys.count)
    #expect(try await encrypted.health.connections == 3)

    let slot = try cluster.slot(of: Self.keys[0])
    let owner = try cluster.owner(of: slot)
    let target = try #require(try cluster.primaries().first { $0 !== owner })
    try await cluster.move(slot, to: target)
    await expectAllServed(encrypted, length: 10)
    #expect(try target.run("STRLEN", Self.keys[0]) == "10")
    await encrypted.close()

    // Nodes that name themselves by host are checked by that name, and by the one that is said.
    for node in cluster.nodes {
      try node.run("CONFIG", "SET", "cluster-announce-hostname", "localhost")
      try node.run("CONFIG", "SET", "cluster-preferred-endpoint-type", "hostname")
    }
    // They tell each other in a while.
    for _ in 0..<200
    where try cluster.nodes.contains(where: { try $0.run("CLUSTER", "SLOTS").contains("?") }) {
      try await Task.sleep(for: .milliseconds(50))
    }
    let named = try await harness("rediss+cluster://\(place)?\(certificates.query)&server_name=localhost")
    await expectAllServed(named, length: 15)
    await named.close()
    cluster.stop()
  }

  @Test func aClusterThatDoesNotKnowTheClientIsTold() async throws {
    let certificates = try ServerCertificates.make()
    let cluster = try await RedisCluster.start(replicas: 0, certificates: certificates)
    let place = try #require(cluster.addresses.first)
    let unknown = try await harness("rediss+cluster://\(place)?ca_file=\(certificates.authority)")
    let refused = failure(await unknown.send(["APPEND", "k", "1"]))
    #expect(
      refused?.hint?.contains("certificate") == true || refused?.hint?.contains("TLS") == true,
      "\(refused as Any)")
    await unknown.close()
    let untrusting = try await harness("rediss+cluster://\(place)")
    let untrusted = failure(await untrusting.send(["APPEND", "k", "1"]))
    #expect(untrusted?.message == "redis at `\(place)` has a certificate that is not trusted")
    #expect(untrusted?.hint == "name the authority's certificate with `ca_file`")
    await untrusting.close()
    cluster.stop()
  }

  /// Sentinels and the primary that they name, before and after a fail-over.
  @Test func sentinelsAndTheirPrimaryAreReached() async throws {
    let certificates = try ServerCertificates.make()
    let group = try await RedisSentinels.start(certificates: certificates)
    #expect((group.servers + group.sentinels).allSatisfy { $0.port == nil && $0.tlsPort != nil })
    let places = group.addresses.map(\.description).joined(separator: ",")
    let url = "rediss+sentinel://\(places)/\(RedisSentinels.name)?\(certificates.query)"
    let encrypted = try await harness(url)
    #expect(await encrypted.send(["SET", "k", "before"]) == .success([.status("OK")]))
    let first = try #require(try group.primary())
    let other = try #require(group.servers.first { $0 !== first })
    #expect(try first.run("GET", "k") == "before")
    try group.failOver()
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end, try other.run("GET", "k") != "after" || group.primary() !== other {
      _ = await encrypted.send(["SET", "k", "after"], within: 500)
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(try other.run("GET", "k") == "after" && group.primary() === other)
    #expect(try await encrypted.health.breaker == .closed)
    await encrypted.close()
    group.stop()
  }

  /// What a sentinel wants is told as a sentinel's, with its own options.
  @Test func aSentinelThatAsksForAPasswordIsTold() async throws {
    let server = try await RedisServer.start(
      RedisServer.Options {
        $0.tcp = true
        $0.password = "secret"
      })
    let place = "127.0.0.1:\(server.port ?? 0)"
    let without = try await harness("redis+sentinel://\(place)/assay")
    let asked = failure(await without.send(["SET", "k", "v"]))
    #expect(asked?.message == "the sentinel at `\(place)` asks for a password")
    #expect(
      asked?.hint
        == "name a file with `sentinel_password_file`, or set the environment's `ASSAY_REDIS_SENTINEL_PASSWORD`"
    )
    await without.close()
    var configuration = try RedisConfiguration(
      url: "redis+sentinel://\(place)/assay", namespace: "test"
    ) { _ in nil }
    configuration.sentinelLogin.password = RedisSecret("wrong")
    let wrong = try await TopologyHarness(configuration)
    let refused = failure(await wrong.send(["SET", "k", "v"]))
    #expect(refused?.message == "the sentinel at `\(place)` does not accept the user and password")
    #expect(refused?.hint?.contains("`sentinel_user`") == true)
    await wrong.close()
    server.stop()
  }
}
