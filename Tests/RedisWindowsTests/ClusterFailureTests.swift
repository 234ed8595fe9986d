import RedisTestSupport
import RedisWindows
import TestSupport
import Testing

/// What a cluster's transport does about nodes that are gone, with scripted ones.
struct ClusterFailureTests {
  private let cluster = ScriptedCluster(seeds: ["a", "b"])

  private func lose(_ name: String) {
    cluster.answers[name] = { _ in ScriptedNode.gone }
    cluster.nodes[name]?.health.breaker = .open
  }

  private func begin() {
    _ = cluster.send("GET k{a}")
    _ = cluster.send("GET k{b}")
    cluster.clock.advance(milliseconds: 500)
  }

  @Test func aLostNodeFailsAtOnceOnceTheMapIsKnownToNameIt() {
    begin()
    lose("b")
    let first = cluster.send("APPEND k{a} 1")
    cluster.clock.advance(milliseconds: 2)
    #expect(first.failure?.code == .unavailable && first.failure?.mayHaveRun == false)
    let second = cluster.send("APPEND k{a} 2")
    cluster.clock.advance(milliseconds: 0.1)
    #expect(second.calls == 1)
    #expect(cluster.transport.health.breaker == .open)
    let other = cluster.send("APPEND k{b} 3")
    cluster.clock.advance(milliseconds: 2)
    #expect(other.replies == ["a: APPEND k{b} 3"])
  }

  @Test func thePromotedReplicaIsFoundAndTheMapIsNotAskedForTooOften() {
    begin()
    lose("b")
    let before = cluster.mapsRead
    for _ in 0..<1_000 {
      _ = cluster.send("APPEND k{a} 1")
      cluster.clock.advance(milliseconds: 1)
    }
    #expect((5...20).contains(cluster.mapsRead - before))
    cluster.owners[1].node = "c"
    cluster.clock.advance(milliseconds: 110)
    let outcome = cluster.send("APPEND k{a} 2")
    cluster.clock.advance(milliseconds: 2)
    #expect(outcome.replies == ["c: APPEND k{a} 2"])
    #expect(cluster.nodes["b"]?.isClosed == true)
    #expect(cluster.transport.health.breaker == .closed)
    let settled = cluster.mapsRead
    cluster.clock.advance(milliseconds: 5_000)
    #expect(cluster.mapsRead == settled)
  }

  @Test func whatMayHaveRunIsNotSentAgain() {
    begin()
    let lost = RedisFailure(code: .unavailable, message: "closed the connection", mayHaveRun: true)
    cluster.answers["b"] = { $0[0][0] == "APPEND" ? .failure(lost) : nil }
    let outcome = cluster.send("APPEND k{a} 1")
    cluster.clock.advance(milliseconds: 20)
    #expect(outcome.failure == lost)
    #expect(cluster.sent(to: "b").filter { $0[0].hasPrefix("APPEND") }.count == 1)
  }

  @Test func aPartThatRanIsToldWhenTheRestFails() {
    begin()
    cluster.answers["b"] = { words in
      .replies(words.map { $0[0] == "SET" ? .status("OK") : .error("ASK 15495 c:6379") })
    }
    cluster.answers["c"] = { _ in ScriptedNode.gone }
    let outcome = cluster.send("SET k{a} 1", "APPEND k{a} 2")
    cluster.clock.advance(milliseconds: 30)
    #expect(outcome.failure?.mayHaveRun == true)
    #expect(outcome.calls == 1)
  }

  @Test func withoutAnyNodeGroupsFailWithinTheirDeadlines() {
    for name in ["a", "b"] { cluster.answers[name] = { _ in .nothing } }
    let outcome = cluster.send("APPEND k{a} 1")
    cluster.clock.advance(milliseconds: 21)
    #expect(outcome.failure?.code == .unavailable)
    cluster.answers = [:]
    cluster.clock.advance(milliseconds: 500)
    let next = cluster.send("APPEND k{a} 1")
    cluster.clock.advance(milliseconds: 2)
    #expect(next.replies == ["b: APPEND k{a} 1"])
  }

  @Test func aServerThatIsNoClusterIsNamed() throws {
    for name in ["a", "b"] {
      cluster.answers[name] = { _ in .replies([.error("ERR This instance has cluster support disabled")]) }
    }
    let outcome = cluster.send("APPEND k{a} 1")
    cluster.clock.advance(milliseconds: 21)
    let failure = try #require(outcome.failure)
    #expect(failure.code == .refused)
    #expect(failure.hint == "leave the cluster out of the configuration")
  }

  @Test func closingFailsWhatWaits() {
    cluster.answers["a"] = { _ in .nothing }
    cluster.answers["b"] = { _ in .nothing }
    let waiting = cluster.send("APPEND k{a} 1")
    cluster.transport.close()
    #expect(waiting.failure?.code == .unavailable)
    let late = cluster.send("APPEND k{a} 2")
    #expect(late.calls == 0)
    cluster.clock.advance(milliseconds: 1_000)
    #expect(late.failure?.code == .unavailable && waiting.calls == 1)
    #expect(cluster.nodes.values.allSatisfy { $0.isClosed })
  }

  /// Whatever nodes answer: each group is answered once, nothing traps, no loop goes on for ever.
  @Test(arguments: 0..<40) func anyAnswerLeavesEachGroupWithOne(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let cluster = ScriptedCluster(seeds: ["a", "b"])
    for name in ["a", "b", "c"] {
      cluster.answers[name] = { words in
        switch Int.random(in: 0..<12, using: &random) {
        case 0: ScriptedNode.gone
        case 1: .nothing
        case 2, 3, 4: .replies(words.map { _ in Self.anyReply(&random, depth: 0) })
        case 5: .replies([])
        default: nil
        }
      }
    }
    var outcomes: [ScriptedCluster.Outcome] = []
    for index in 0..<300 {
      outcomes.append(cluster.send("APPEND k{\(index % 9)} 1", "GETRANGE k{\(index % 9)} 0 -1", within: 50))
      cluster.clock.advance(milliseconds: Double.random(in: 0..<10, using: &random))
    }
    cluster.clock.advance(milliseconds: 500)
    #expect(outcomes.allSatisfy { $0.calls == 1 }, "seed \(seed)")
    #expect(cluster.transport.health.inFlight == 0, "seed \(seed)")
    #expect(cluster.nodes.values.reduce(0) { $0 + $1.groups.count } < 6_000, "seed \(seed)")
  }

  private static func anyReply(_ random: inout SeededGenerator, depth: Int) -> RedisWire.Reply {
    let errors = [
      "MOVED 15495 c:6379", "MOVED 99999 c:6379", "MOVED", "MOVED 1 :6379", "ASK 1 ?:0", "ASK 3300 b:6379",
      "ASK 1 c:x",
      "TRYAGAIN", "CLUSTERDOWN", "LOADING", "READONLY", "", "ERR", "MOVED -1 c:70000",
    ]
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return .null
    case 1: return .integer(Int.random(in: -2...16_384, using: &random))
    case 2, 3: return .error(errors.randomElement(using: &random) ?? "")
    case 4: return .text("c")
    default:
      let count = depth > 3 ? 0 : Int.random(in: 0..<5, using: &random)
      return .array((0..<count).map { _ in anyReply(&random, depth: depth + 1) })
    }
  }
}
