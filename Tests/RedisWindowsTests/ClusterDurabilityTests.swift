import Assay
import RedisTestSupport
import RedisWindows
import RuleSets
import TestSupport
import Testing
import Windows

/// `durability: wait` over a real cluster, with nothing wrong and with its replicas standing still.
@Suite(.enabled(if: RedisServer.isInstalled), .timeLimit(.minutes(3))) struct ClusterDurabilityTests {
  @Test func whatIsAnsweredIsOnAReplicaAndWhatIsNotIsDegradedAndComesLater() async throws {
    let cluster = try await RedisCluster.start()
    defer { cluster.stop() }
    try await cluster.waitUntilAgreed()
    let engine = try await Self.engine(cluster)
    for number in 0..<24 {
      let decision = try await engine.decide(waitingFor: Self.event("e\(number)", number))
      #expect(decision.degraded == nil, "event \(number)")
      #expect(Self.count(decision) == Int64(number / 6 + 1))
      // The very moment that it is answered the replicas have all of its records.
      let lengths = try Self.lengths(cluster)
      #expect(lengths.count >= min(number + 1, 6))
      for (key, length) in lengths { #expect(length.primary == length.replica, "\(key), event \(number)") }
    }
    for primary in try cluster.primaries() {
      #expect(try primary.run("INFO", "commandstats").contains("cmdstat_wait:calls="))
    }
    let replicas = try cluster.primaries().flatMap { try cluster.replicas(of: $0) }
    for replica in replicas { replica.pause() }
    let degraded = try await engine.decide(waitingFor: Self.event("late", 0))
    for replica in replicas { replica.resume() }
    #expect(degraded.degraded != nil && Self.count(degraded) == nil)
    try await cluster.waitUntilWell(replicas: 1)
    await engine.store.drain()
    let statistics = try await engine.store.statistics()
    #expect(statistics.backlogCount == 0 && statistics.lostEvents == 0 && statistics.appendedLate == 1)
    let after = try await engine.decide(waitingFor: Self.event("after", 0))
    #expect(after.degraded == nil && Self.count(after) == 6)
    for length in try Self.lengths(cluster).values { #expect(length.primary == length.replica) }
    engine.store.close()
  }

  /// How long each log is on its primary and on its replica.
  private static func lengths(_ cluster: RedisCluster) throws -> [String: (primary: Int64, replica: Int64)] {
    var lengths: [String: (primary: Int64, replica: Int64)] = [:]
    for primary in try cluster.primaries() {
      guard let replica = try cluster.replicas(of: primary).first else { continue }
      let wires = (try RedisWire(path: primary.path), try RedisWire(path: replica.path))
      _ = try wires.1.call("READONLY")
      guard case .array(let keys) = try wires.0.call("KEYS", "durable:1:{*") else { continue }
      for case .bytes(let key) in keys {
        let words = [Array("STRLEN".utf8), key]
        guard case .integer(let here) = try wires.0.call(words),
          case .integer(let there) = try wires.1.call(words)
        else { continue }
        lengths[String(decoding: key, as: UTF8.self)] = (Int64(here), Int64(there))
      }
    }
    return lengths
  }

  private static func engine(_ cluster: RedisCluster) async throws -> Engine<RedisWindows> {
    var configuration = RedisConfiguration(namespace: "durable")
    configuration.topology = .cluster
    configuration.addresses = [cluster.addresses[0]]
    configuration.timeoutMilliseconds = 1_000
    configuration.durability = .wait
    return Engine(
      rules: try rules(), store: try await RedisWindows.connect(configuration),
      options: EngineOptions(clock: .replay, allFeatures: true))
  }

  private static func count(_ decision: Decision) -> Int64? {
    guard case .int(let count)? = decision.features.first(where: { $0.name == "payouts" })?.value else {
      return nil
    }
    return count
  }

  private static func event(_ id: String, _ number: Int) -> [UInt8] {
    Array(
      """
      {"id": "\(id)", "type": "payout", "ts": 1767600000000, "user": "u\(number % 6)", "device": "d\(number % 4)"}
      """.utf8)
  }

  private static func rules() throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: durable\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: {field: ts, as: unix_ms}}
      types: [payout]
      fields:
        user: {type: string, required: true}
        device: {type: string, required: true}
      """,
      "features.yaml": """
      features:
        payouts: {count: payout, by: user, over: 7d}
        devices: {count: payout, by: device, over: 7d}
      """,
      "rules/all.yaml": """
      rules:
        - {id: many, title: Many, family: velocity, on: payout, score: 1, when: 'payouts > 300 && devices > 300'}
      """,
    ])
  }
}
