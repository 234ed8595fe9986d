import Foundation
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing

/// A real cluster of three primaries and three replicas, one after another: slots move, nodes die and come back.
@Suite(.serialized, .enabled(if: RedisServer.isInstalled), .timeLimit(.minutes(3)))
struct ClusterServerTests {
  private static let shared = Task { try await RedisCluster.start() }

  /// Keys for one slot of each primary.
  private static let keys = ["k{a}", "k{b}", "k{c}", "k{d}", "k{e}", "k{f}"]

  private func start() async throws -> (RedisCluster, TopologyHarness) {
    let cluster = try await Self.shared.value
    for node in cluster.nodes where node.processID == nil { try await node.restart() }
    try await cluster.waitUntilWell(replicas: 1)
    try await cluster.waitUntilAgreed()
    for node in try cluster.primaries() { try node.run("FLUSHALL") }
    return (cluster, try await TopologyHarness(.cluster, [cluster.addresses[0]]))
  }

  @Test func slotsAreThoseOfTheServer() async throws {
    let cluster = try await Self.shared.value
    let connection = try RedisWire(path: cluster.nodes[0].path)
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2_000 {
      let key = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
        [UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8.random(in: 0...255, using: &random)]
          .randomElement(using: &random) ?? 0
      }
      let theirs = try connection.call([Array("CLUSTER".utf8), Array("KEYSLOT".utf8), key])
      #expect(theirs == .integer(KeySlot.of(key[...])), "\(key)")
    }
  }

  @Test func groupsReachAllPrimaries() async throws {
    let (cluster, harness) = try await start()
    for key in Self.keys {
      let outcome = await harness.send(["APPEND", key, "12345"], ["STRLEN", key])
      #expect(outcome == .success([.integer(5), .integer(5)]))
    }
    let sizes = try cluster.primaries().map { Int(try $0.run("DBSIZE")) ?? 0 }
    #expect(sizes.allSatisfy { $0 > 0 } && sizes.reduce(0, +) == Self.keys.count)
    let health = try await harness.health
    #expect(health.connections == 3 && health.breaker == .closed && health.inFlight == 0)
    await harness.close()
  }

  /// The keys of a slot are moved to and fro while groups for them are under way; nothing fails, nothing is counted
  /// twice, no reply is another's.
  @Test func aSlotMovesUnderLoad() async throws {
    let (cluster, harness) = try await start()
    let writer = TokenWriter()
    let keys = (0..<24).map { "k\($0){a}" }
    let tasks = (0..<8).map { part in
      Task { await writer.run(harness, keys: Array(keys[part * 3..<part * 3 + 3])) }
    }
    let slot = try cluster.slot(of: keys[0])
    let nodes = try cluster.primaries()
    let first = try #require(nodes.firstIndex { node in (try? cluster.owner(of: slot)) === node })
    for step in 1...4 {
      let move = try cluster.beginMove(of: slot, to: nodes[(first + step) % 3])
      while try move.carry(keysMax: 2) > 0 { try await Task.sleep(for: .milliseconds(20)) }
      try await Task.sleep(for: .milliseconds(50))
      try await move.finish()
    }
    await writer.stop()
    for task in tasks { await task.value }
    let account = await writer.account
    #expect(account.strangers == [])
    #expect(account.unknown == 0 && account.refused == 0, "\(account.messages)")
    let owner = try cluster.owner(of: slot)
    for key in keys { #expect(TokenWriter.tokens(try owner.run("GET", key)) == account.acknowledged[key]) }
    #expect(account.count > 500)
    await harness.close()
  }

  /// The first fail-over of the cluster: others do not vote about the same primary again for twice the node timeout.
  @Test func aPlannedFailOverLosesNothing() async throws {
    let (cluster, harness) = try await start()
    let writer = TokenWriter()
    let slot = try cluster.slot(of: "k{a}")
    let replica = try #require(try cluster.replicas(of: cluster.owner(of: slot)).first)
    let tasks = (0..<4).map { part in Task { await writer.run(harness, keys: ["k\(part){a}"]) } }
    try await Task.sleep(for: .milliseconds(100))
    try await cluster.failOver(to: replica)
    try await Task.sleep(for: .milliseconds(200))
    await writer.stop()
    for task in tasks { await task.value }
    let account = await writer.account
    #expect(account.strangers == [])
    #expect(account.unknown == 0 && account.refused == 0, "\(account.messages)")
    for (key, tokens) in account.acknowledged {
      #expect(TokenWriter.tokens(try replica.run("GET", key)) == tokens)
    }
    await harness.close()
  }

  /// A primary is killed under load: its replica is in service within a second of its promotion, and what may have run
  /// was not sent again.
  @Test func aPrimaryIsKilledUnderLoad() async throws {
    let (cluster, harness) = try await start()
    let writer = TokenWriter()
    let slot = try cluster.slot(of: "k{a}")
    let primary = try cluster.owner(of: slot)
    let replica = try #require(try cluster.replicas(of: primary).first)
    let tasks = (0..<4).map { part in
      Task { await writer.run(harness, keys: ["k\(part){a}"], within: 20) }
    }
    try await Task.sleep(for: .milliseconds(200))
    primary.kill()
    try await cluster.waitUntilPrimary(replica)
    let promoted = ContinuousClock.now
    let before = await writer.account.count
    var after = before
    while after == before && ContinuousClock.now - promoted < .seconds(5) {
      try await Task.sleep(for: .milliseconds(2))
      after = await writer.account.count
    }
    #expect(ContinuousClock.now - promoted < .seconds(1))
    try await Task.sleep(for: .milliseconds(200))
    await writer.stop()
    for task in tasks { await task.value }
    try await expectNothingTwice(writer, cluster, (0..<4).map { "k\($0){a}" })
    await harness.close()
  }

  /// Every token stands at most once in its key, in order; and only those of the key.
  private func expectNothingTwice(_ writer: TokenWriter, _ cluster: RedisCluster, _ keys: [String])
    async throws
  {
    #expect(await writer.account.strangers == [])
    for key in keys {
      let owner = try cluster.owner(of: cluster.slot(of: key))
      let tokens = TokenWriter.tokens(try owner.run("GET", key))
      #expect(!tokens.isEmpty)
      #expect(zip(tokens, tokens.dropFirst()).allSatisfy { $0 < $1 }, "\(key)")
    }
  }

  @Test func aPrimaryStandsStillAndAReplicaTakesOver() async throws {
    let (cluster, harness) = try await start()
    let slot = try cluster.slot(of: "k{a}")
    let primary = try cluster.owner(of: slot)
    let replica = try #require(try cluster.replicas(of: primary).first)
    _ = await harness.send(["APPEND", "k{a}", "1"])
    primary.pause()
    try replica.run("CLUSTER", "FAILOVER", "TAKEOVER")
    let begun = ContinuousClock.now
    var outcome = await harness.send(["APPEND", "k{a}", "2"], within: 20)
    while (try? outcome.get()) == nil && ContinuousClock.now - begun < .seconds(10) {
      outcome = await harness.send(["APPEND", "k{a}", "2"], within: 20)
    }
    #expect(ContinuousClock.now - begun < .seconds(1))
    primary.resume()
    #expect(try cluster.owner(of: slot) === replica)
    await harness.close()
  }

  /// A slot whose primary and replica are gone takes the whole cluster down; it serves again when they are back.
  @Test func aClusterThatIsDownIsWaitedForOnlyWithinTheDeadline() async throws {
    let (cluster, harness) = try await start()
    let gone = try cluster.owner(of: cluster.slot(of: "k{a}"))
    let replicas = try cluster.replicas(of: gone)
    let key = try #require(
      try Self.keys.first { try cluster.owner(of: cluster.slot(of: $0)) !== gone })
    _ = await harness.send(["APPEND", key, "1"])
    for node in replicas + [gone] { node.kill() }
    let survivor = try #require(cluster.running.first)
    for _ in 0..<400 where try survivor.run("CLUSTER", "INFO").contains("cluster_state:ok") {
      try await Task.sleep(for: .milliseconds(50))
    }
    let begun = ContinuousClock.now
    guard case .failure(let failure) = await harness.send(["APPEND", key, "2"], within: 50) else {
      Issue.record("a cluster that is down took a command")
      return
    }
    #expect(failure.code == .unavailable && !failure.mayHaveRun, "\(failure)")
    #expect(ContinuousClock.now - begun < .milliseconds(150))
    for node in replicas + [gone] { try await node.restart() }
    try await cluster.waitUntilWell()
    let outcome = await harness.send(["APPEND", key, "2"], within: 1_000)
    #expect(outcome == .success([.integer(2)]))
    await harness.close()
  }
}
