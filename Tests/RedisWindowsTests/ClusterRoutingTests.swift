import RedisTestSupport
import RedisWindows
import Testing

/// How groups find their nodes, with scripted ones. `k{a}` has slot 15495, `k{b}` slot 3300.
struct ClusterRoutingTests {
  private let cluster = ScriptedCluster()

  @Test func slotsAreThoseOfTheSpecification() {
    let known = [
      ("123456789", 12_739), ("foo", 12_182), ("k{a}", 15_495), ("k{b}", 3_300),
      ("{user1000}.following", 3_443),
      ("{user1000}.followers", 3_443), ("user1000", 3_443), ("foo{}{bar}", 8_363), ("foo{{bar}}zap", 4_015),
      ("foo{bar}{zap}", 5_061), ("bar", 5_061), ("", 0), ("{", 4_092), ("{}", 15_257),
    ]
    for (key, slot) in known { #expect(KeySlot.of(Array(key.utf8)[...]) == slot, "\(key)") }
  }

  @Test func groupsGoToTheirNodesAtTheSameTime() {
    let (first, second) = (cluster.send("APPEND k{a} 1", "GETRANGE k{a} 0 -1"), cluster.send("APPEND k{b} 2"))
    #expect(first.calls == 0)
    // One for the map, one for the groups: both nodes have theirs before one of them answers.
    cluster.clock.advance(milliseconds: 1.5)
    #expect(cluster.sent(to: "b") == [["APPEND k{a} 1", "GETRANGE k{a} 0 -1"]])
    #expect(cluster.sent(to: "a") == [["APPEND k{b} 2"]])
    cluster.clock.advance(milliseconds: 1)
    #expect(first.replies == ["b: APPEND k{a} 1", "b: GETRANGE k{a} 0 -1"])
    #expect(second.replies == ["a: APPEND k{b} 2"])
    #expect(cluster.mapsRead == 1)
    #expect(cluster.transport.health.inFlight == 0)
  }

  @Test func aMovedSlotIsFollowedAndRemembered() {
    cluster.answers["b"] = { $0[0][0] == "APPEND" ? .replies([.error("MOVED 15495 c:6379")]) : nil }
    let outcome = cluster.send("APPEND k{a} 1")
    cluster.clock.advance(milliseconds: 5)
    #expect(outcome.replies == ["c: APPEND k{a} 1"])
    let next = cluster.send("APPEND k{a} 2")
    cluster.clock.advance(milliseconds: 2)
    #expect(next.replies == ["c: APPEND k{a} 2"])
    #expect(cluster.sent(to: "b").count == 1)
    // The rest of the map is read again, once it may be.
    cluster.clock.advance(milliseconds: 200)
    #expect(cluster.mapsRead == 2)
  }

  @Test func askIsFollowedForThisGroupOnly() {
    cluster.answers["b"] = { words in
      words[0][0] == "APPEND" ? .replies(words.map { _ in .error("ASK 15495 c:6379") }) : nil
    }
    let outcome = cluster.send("APPEND k{a} 1", "GETRANGE k{a} 0 -1")
    cluster.clock.advance(milliseconds: 5)
    #expect(cluster.sent(to: "c") == [["ASKING", "APPEND k{a} 1", "ASKING", "GETRANGE k{a} 0 -1"]])
    #expect(outcome.replies == ["c: APPEND k{a} 1", "c: GETRANGE k{a} 0 -1"])
    _ = cluster.send("APPEND k{a} 2")
    #expect(cluster.sent(to: "b").count == 2)
  }

  @Test func onlyWhatWasRefusedIsSentOn() {
    cluster.answers["b"] = { words in
      words[0][0] == "SET"
        ? .replies([.status("OK"), .error("ASK 15495 c:6379"), .text("old"), .integer(1)]) : nil
    }
    cluster.answers["c"] = { words in
      .replies(words.map { $0[0] == "ASKING" ? .status("OK") : .text("new \($0[0])") })
    }
    let outcome = cluster.send("SET k{a} 1", "APPEND k{a} 2", "GETRANGE k{a} 0 -1", "PEXPIRE k{a} 1000")
    cluster.clock.advance(milliseconds: 5)
    // What only reads is read again, so that it tells of the append before it; what was done is not done twice.
    #expect(cluster.sent(to: "c") == [["ASKING", "APPEND k{a} 2", "ASKING", "GETRANGE k{a} 0 -1"]])
    #expect(outcome.replies == ["OK", "new APPEND", "new GETRANGE", ":1"])
    #expect(outcome.calls == 1)
  }

  @Test func theFewestReplicasThatAcknowledgedCount() {
    for (old, new, expected) in [(0, 1, ":0"), (1, 0, ":0"), (1, 1, ":1")] {
      let cluster = ScriptedCluster()
      cluster.answers["b"] = { words in
        words[0][0] == "SET" ? .replies([.status("OK"), .error("MOVED 15495 a:6379"), .integer(old)]) : nil
      }
      cluster.answers["a"] = { words in
        words[0][0] == "APPEND" ? .replies([.integer(7), .integer(new)]) : nil
      }
      let outcome = cluster.send("SET k{a} 1", "APPEND k{a} 2", "WAIT 1 20")
      cluster.clock.advance(milliseconds: 5)
      #expect(cluster.sent(to: "a") == [["APPEND k{a} 2", "WAIT 1 20"]])
      #expect(outcome.replies == ["OK", ":7", expected])
    }
  }

  @Test func tryAgainAndClusterDownWaitWithinTheDeadline() {
    var refusals = [
      "TRYAGAIN Multiple keys request during rehashing of slot", "CLUSTERDOWN The cluster is down",
    ]
    cluster.answers["b"] = { words in
      guard words[0][0] == "APPEND", let refusal = refusals.popLast() else { return nil }
      return .replies([.error(refusal)])
    }
    let outcome = cluster.send("APPEND k{a} 1")
    cluster.clock.advance(milliseconds: 20)
    #expect(outcome.replies == ["b: APPEND k{a} 1"])
  }

  @Test func aClusterThatStaysDownFailsAtTheDeadline() throws {
    cluster.answers["b"] = {
      $0[0][0] == "APPEND" ? .replies([.error("CLUSTERDOWN The cluster is down")]) : nil
    }
    let outcome = cluster.send("APPEND k{a} 1")
    cluster.clock.advance(milliseconds: 19)
    #expect(outcome.calls == 0)
    cluster.clock.advance(milliseconds: 2)
    let failure = try #require(outcome.failure)
    #expect(failure.code == .unavailable && !failure.mayHaveRun)
    #expect(failure.message == "the redis cluster is down or moving slot 15495; last refused by `b:6379`")
    #expect(cluster.sent(to: "b").count <= 6)
  }

  @Test func nodesThatNameEachOtherAreNotAskedForEver() {
    cluster.answers["a"] = { $0[0][0] == "APPEND" ? .replies([.error("MOVED 15495 b:6379")]) : nil }
    cluster.answers["b"] = { $0[0][0] == "APPEND" ? .replies([.error("MOVED 15495 a:6379")]) : nil }
    let outcome = cluster.send("APPEND k{a} 1", within: 10_000)
    cluster.clock.advance(milliseconds: 10_000)
    #expect(outcome.failure?.code == .unavailable)
    #expect(cluster.sent(to: "a").count + cluster.sent(to: "b").count <= 32)
    #expect(cluster.mapsRead < 40)
  }
}
