import NIOCore
import RedisWindows
import TestSupport
import Testing

/// Deadlines and the breaker, with peers that take their time.
@Suite(.serialized) struct TransportDeadlineTests {
  private func failure(_ outcome: TransportHarness.Outcome) -> RedisFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }

  @Test func whatIsLateBeforeTheConnectionIsNeverSent() async throws {
    let peer = try await ScriptedPeer.start(greets: false) { client, command in
      if command[0] == "CLIENT" {
        client.after(200) { client.write("+OK\r\n") }
      } else {
        client.write("+\(command[1])\r\n")
      }
    }
    let transport = try await TransportHarness(peer.address)
    let groups = ["a", "b", "c", "d", "e"].map { [["ECHO", $0], ["ECHO", $0 + $0]] }
    let outcomes = await transport.sendAll(groups, within: 20, 3_000, 30, 3_000, 25)
    for index in [0, 2, 4] {
      #expect(failure(outcomes[index])?.code == .late && failure(outcomes[index])?.mayHaveRun == false)
      #expect(
        failure(outcomes[index])?.message == "redis at `\(peer.address)` made no connection in time")
    }
    #expect(try outcomes[1].get() == ["+b", "+bb"] && outcomes[3].get() == ["+d", "+dd"])
    #expect(peer.counts.commands.dropFirst().map { $0[1] } == ["b", "bb", "d", "dd"])
    #expect(try await transport.health.inFlight == 0)
    await transport.close()
    await peer.close()
  }

  @Test func anOpenBreakerFailsAtOnceButNotWithinTheCall() async throws {
    let transport = try await TransportHarness(.unixSocket("/tmp/no/such/socket"))
    #expect(failure(await transport.send(["PING"]))?.code == .unavailable)
    let loop = transport.loop
    let order = try await transport.onLoop { transport in
      let order = NIOLoopBoundBox([String](), eventLoop: loop)
      let deadline = NIOLoopClock(loop).now + 10_000_000_000
      transport.send(TransportHarness.buffer([["PING"]]), deadline: deadline) { _ in
        order.value.append("answer")
      }
      order.value.append("sent, in flight \(transport.health.inFlight), \(transport.health.breaker.rawValue)")
      return order
    }
    // One turn later the handler has been called.
    let after = try await transport.onLoop { _ in order.value }
    #expect(
      after == ["sent, in flight 1, open", "answer"] || after == ["sent, in flight 1, trying", "answer"])
    await transport.close()
  }

  @Test func theBreakerIsSeenToTry() async throws {
    let peer = try await ScriptedPeer.start(greets: false) { _, _ in }
    let transport = try await TransportHarness(peer.address) { $0.timeoutMilliseconds = 20 }
    #expect(failure(await transport.send(["PING"], within: 5_000))?.code == .unavailable)
    var seen: Set<TransportHealth.Breaker> = []
    let end = ContinuousClock.now + .seconds(3)
    while seen.count < 2 && ContinuousClock.now < end {
      let health = try await transport.health
      seen.insert(health.breaker)
      #expect(health.connections == 0 && health.connects == 0)
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(seen == [.open, .trying])
    // Attempts go on with pauses, not all at once.
    #expect(peer.counts.clients < 40)
    await transport.close()
    await peer.close()
  }

  @Test func noGroupEverGetsAnothersReplies() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    let peer = try await ScriptedPeer.start { client, command in
      // Replies take as long as some groups have; some connections end in the middle of a reply.
      let number = Int(command[1]) ?? 0
      let reply = "$\(command[1].utf8.count)\r\n\(command[1])\r\n"
      client.after(5) {
        switch number % 997 {
        case 500:
          client.write(String(reply.dropLast(3)))
          client.close()
        case 501, 700: client.close()
        default: client.write(reply)
        }
      }
    }
    let transport = try await TransportHarness(peer.address) { $0.timeoutMilliseconds = 50 }
    var random = SeededGenerator(seed: seed)
    var served = 0
    var number = Int.random(in: 0...1_000, using: &random)
    let end = ContinuousClock.now + .seconds(30)
    while served < 1_000 && ContinuousClock.now < end {
      var groups: [[[String]]] = []
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        groups.append(
          (0..<Int.random(in: 1...5, using: &random)).map { offset in ["ECHO", "\(number + offset)"] })
        number += 5
      }
      let outcomes = await transport.sendAll(groups, within: Int64.random(in: 1...20, using: &random))
      if outcomes.allSatisfy({ failure($0) != nil }) { try await Task.sleep(for: .milliseconds(1)) }
      for (group, outcome) in zip(groups, outcomes) {
        guard case .success(let lines) = outcome else { continue }
        served += 1
        #expect(lines == group.map { $0[1] }, "seed \(seed)")
      }
    }
    #expect(served >= 1_000, "seed \(seed)")
    await transport.close()
    await peer.close()
  }
}
