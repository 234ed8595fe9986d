import Foundation
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing

/// How long the cluster is treated roughly; 0 where nobody asked for it.
private let soakSeconds = ProcessInfo.processInfo.environment["ASSAY_CLUSTER_SOAK"].flatMap { Int($0) } ?? 0

/// A long, rough time for a real cluster: `make soak-cluster`, with `ASSAY_CLUSTER_SOAK` seconds.
@Suite(.enabled(if: RedisServer.isInstalled && soakSeconds > 0))
struct ClusterSoakTests {
  private enum Blow: CaseIterable { case move, kill, pause, promote }

  @Test func nothingIsAnsweredWronglyOrDoneTwice() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("cluster soak: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let cluster = try await RedisCluster.start()
    let harness = try await TopologyHarness(.cluster, [cluster.addresses[0]])
    let writer = TokenWriter()
    let keys = ["a", "b", "c", "d"].flatMap { tag in (0..<4).map { "k\($0){\(tag)}" } }
    let tasks = (0..<8).map { part in
      Task {
        await writer.run(
          harness, keys: Array(keys[part * 2..<part * 2 + 2]), within: 50, limit: .seconds(soakSeconds))
      }
    }
    let end = ContinuousClock.now + .seconds(soakSeconds)
    while ContinuousClock.now < end {
      let blow = Blow.allCases.randomElement(using: &random) ?? .move
      try await strike(blow, cluster, keys.randomElement(using: &random) ?? "k0{a}")
    }
    try await Task.sleep(for: .seconds(1))
    await writer.stop()
    for task in tasks { await task.value }
    let account = await writer.account
    #expect(account.strangers == [], "seed \(seed)")
    var lost = 0
    for key in keys {
      let tokens = TokenWriter.tokens(try cluster.owner(of: cluster.slot(of: key)).run("GET", key))
      #expect(zip(tokens, tokens.dropFirst()).allSatisfy { $0 < $1 }, "\(key), seed \(seed)")
      lost += Set(account.acknowledged[key] ?? []).subtracting(tokens).count
    }
    print(
      "cluster soak: \(account.count) acknowledged, of which \(lost) lost in fail-overs;",
      "\(account.unknown) unknown, \(account.refused) not executed")
    await harness.close()
    cluster.stop()
  }

  private func strike(_ blow: Blow, _ cluster: RedisCluster, _ key: String) async throws {
    let slot = try cluster.slot(of: key)
    let owner = try cluster.owner(of: slot)
    switch blow {
    case .move:
      if let target = try cluster.primaries().first(where: { $0 !== owner }) {
        try await cluster.move(slot, to: target)
      }
    case .kill:
      let replica = try cluster.replicas(of: owner).first
      owner.kill()
      if let replica { try await cluster.waitUntilPrimary(replica) }
      try await owner.restart()
    case .pause:
      owner.pause()
      try await Task.sleep(for: .milliseconds(300))
      owner.resume()
    case .promote:
      if let replica = try cluster.replicas(of: owner).first {
        try await cluster.failOver(to: replica)
      }
    }
    try await cluster.waitUntilWell(replicas: 1)
    try await cluster.waitUntilAgreed()
  }
}
