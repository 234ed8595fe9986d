import RedisWindows
import Testing

/// What a transport does when the peer does not do what Redis does.
struct TransportPeerTests {
  private func failure(_ outcome: TransportHarness.Outcome) -> RedisFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }

  @Test func whatOneTurnSendsGoesOutInOneWrite() async throws {
    let peer = try await ScriptedPeer.start { client, command in client.write("$1\r\n\(command[1])\r\n") }
    let transport = try await TransportHarness(peer.address)
    #expect(try await transport.send(["ECHO", "a"]).get() == ["a"])
    let before = peer.counts.reads
    let groups = (0..<200).map { [["ECHO", "\($0 % 10)"]] }
    let outcomes = await transport.sendAll(groups)
    #expect(try outcomes.map { try $0.get() } == (0..<200).map { ["\($0 % 10)"] })
    #expect(peer.counts.reads - before == 1)
    await transport.close()
    await peer.close()
  }

  @Test func whatWaitsForAConnectionGoesOutInOneWrite() async throws {
    let peer = try await ScriptedPeer.start { client, command in client.write("+\(command[1])\r\n") }
    let transport = try await TransportHarness(peer.address)
    let outcomes = await transport.sendAll((0..<50).map { [["ECHO", "\($0)"], ["ECHO", "x"]] })
    #expect(try outcomes.map { try $0.get() } == (0..<50).map { ["+\($0)", "+x"] })
    #expect(peer.counts.reads == 2)
    await transport.close()
    await peer.close()
  }

  @Test func lateRepliesAreSwallowedAndNeverAnswerAnotherGroup() async throws {
    let peer = try await ScriptedPeer.start { client, command in
      client.after(command[1] == "slow" ? 300 : 0) { client.write("+\(command[1])\r\n") }
    }
    let transport = try await TransportHarness(peer.address) { $0.timeoutMilliseconds = 500 }
    #expect(try await transport.send(["ECHO", "first"]).get() == ["+first"])
    let late = failure(await transport.send(["ECHO", "slow"], within: 20))
    #expect(late?.code == .late && late?.mayHaveRun == true)
    #expect(late?.message == "redis at `\(peer.address)` did not answer in time")
    try await Task.sleep(for: .milliseconds(400))
    #expect(try await transport.send(["ECHO", "fast"]).get() == ["+fast"])
    #expect(peer.counts.clients == 1)
    await transport.close()
    await peer.close()
  }

  @Test func aPeerThatStopsAnsweringIsLeft() async throws {
    let peer = try await ScriptedPeer.start { client, command in
      if client.number > 0 || command[1] == "first" { client.write("+\(command[1])\r\n") }
    }
    let transport = try await TransportHarness(peer.address)
    #expect(try await transport.send(["ECHO", "first"]).get() == ["+first"])
    let clock = ContinuousClock()
    let start = clock.now
    let outcomes = await transport.sendAll([[["ECHO", "a"]], [["ECHO", "b"]]], within: 20)
    #expect(outcomes.allSatisfy { failure($0)?.code == .late && failure($0)?.mayHaveRun == true })
    // Another group of a long deadline fails with the connection.
    let stopped = failure(await transport.send(["ECHO", "c"], within: 5_000))
    #expect(stopped?.code == .unavailable && stopped?.mayHaveRun == true)
    #expect(stopped?.message == "redis at `\(peer.address)` has stopped answering")
    #expect(clock.now - start < .milliseconds(1_000))
    #expect(try await transport.sendUntilServed(["ECHO", "d"]) == ["+d"])
    #expect(try await transport.health.connects == 2)
    await transport.close()
    await peer.close()
  }

  @Test func aPeerThatDoesNotEvenGreetIsUnavailable() async throws {
    let peer = try await ScriptedPeer.start(greets: false) { _, _ in }
    let transport = try await TransportHarness(peer.address)
    let waiting = failure(await transport.send(["ECHO", "a"], within: 20))
    #expect(waiting?.code == .late && waiting?.mayHaveRun == false)
    let given = failure(await transport.send(["ECHO", "b"], within: 5_000))
    #expect(given?.code == .unavailable && given?.mayHaveRun == false)
    #expect(given?.message == "redis at `\(peer.address)` made no connection within 100 ms")
    // The breaker is open: no waiting any more.
    let clock = ContinuousClock()
    let start = clock.now
    #expect(failure(await transport.send(["ECHO", "c"], within: 5_000))?.code == .unavailable)
    #expect(clock.now - start < .milliseconds(100))
    #expect(try await transport.health.breaker != .closed)
    await transport.close()
    await peer.close()
  }

  @Test(arguments: [
    ("HTTP/1.1 400 Bad Request\r\n", "no reply of the protocol"),
    ("*100000000\r\n", "more than 65536 elements"),
    ("$9223372036854775807\r\n", "more than 4194304 bytes"),
    ("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", "nested too deep"),
  ]) func garbageEndsTheConnection(_ garbage: String, _ words: String) async throws {
    let peer = try await ScriptedPeer.start { client, command in
      client.write(client.number == 0 ? garbage : "+\(command[1])\r\n")
    }
    let transport = try await TransportHarness(peer.address)
    let outcomes = await transport.sendAll([[["ECHO", "a"], ["ECHO", "b"]], [["ECHO", "c"]]])
    let last = failure(outcomes[1])
    #expect(last?.code == .garbled && last?.mayHaveRun == true)
    #expect(last?.message.contains(words) == true, "\(last?.message ?? "")")
    #expect(try await transport.sendUntilServed(["ECHO", "d"]) == ["+d"])
    await transport.close()
    await peer.close()
  }

  @Test func whatNobodyAskedForEndsTheConnection() async throws {
    let peer = try await ScriptedPeer.start { client, command in
      client.write("+\(command[1])\r\n" + (client.number == 0 ? "+more\r\n" : ""))
    }
    let transport = try await TransportHarness(peer.address)
    #expect(try await transport.send(["ECHO", "a"]).get() == ["+a"])
    while try await transport.health.connects < 2 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(
      try await transport.health.lastFailure == "redis at `\(peer.address)` answered more than it was asked")
    #expect(try await transport.send(["ECHO", "b"]).get() == ["+b"])
    await transport.close()
    await peer.close()
  }

  @Test func aReplyCutByTheEndOfTheConnectionIsNoReply() async throws {
    let peer = try await ScriptedPeer.start { client, command in
      client.write(client.number == 0 ? "$5\r\nhel" : "$5\r\nhello\r\n")
      if client.number == 0 { client.close() }
    }
    let transport = try await TransportHarness(peer.address)
    let cut = failure(await transport.send(["ECHO", "hello"]))
    #expect(cut?.code == .unavailable && cut?.mayHaveRun == true)
    #expect(cut?.message == "redis at `\(peer.address)` closed the connection")
    #expect(try await transport.sendUntilServed(["ECHO", "hello"]) == ["hello"])
    await transport.close()
    await peer.close()
  }

  @Test func repliesCutAnywhereArriveWhole() async throws {
    let reply = "*2\r\n$5\r\nhe\r\no\r\n-ERR x\r\n"
    let peer = try await ScriptedPeer.start { client, command in
      let cut = reply.utf8.index(reply.utf8.startIndex, offsetBy: Int(command[1]) ?? 0)
      client.write(String(reply.utf8[..<cut]) ?? "")
      client.after(1) { client.write(String(reply.utf8[cut...]) ?? "") }
    }
    let transport = try await TransportHarness(peer.address)
    for cut in 0...reply.utf8.count {
      #expect(try await transport.send(["CUT", "\(cut)"]).get() == ["[he\r\no -ERR x]"])
    }
    await transport.close()
    await peer.close()
  }

  @Test func whatWaitsIsBounded() async throws {
    let peer = try await ScriptedPeer.start { client, command in
      client.after(20) { client.write("+\(command[1].count)\r\n") }
    }
    let transport = try await TransportHarness(peer.address) { $0.pendingBytesMax = 3_000 }
    let word = String(repeating: "a", count: 1_000)
    let outcomes = await transport.sendAll((0..<3).map { _ in [["ECHO", word]] })
    #expect(outcomes.filter { (try? $0.get()) == ["+1000"] }.count == 2)
    let refused = failure(outcomes[2])
    #expect(refused?.code == .unavailable && refused?.mayHaveRun == false)
    #expect(refused?.message == "more than 3000 bytes of commands wait for redis at `\(peer.address)`")
    #expect(try await transport.send(["ECHO", word]).get() == ["+1000"])
    await transport.close()
    await peer.close()
  }

  @Test func closingFailsWhatWaits() async throws {
    let peer = try await ScriptedPeer.start { _, _ in }
    let transport = try await TransportHarness(peer.address)
    async let outcome = transport.send(["ECHO", "a"])
    while peer.counts.commands.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    await transport.close()
    let closed = failure(await outcome)
    #expect(closed?.code == .unavailable && closed?.mayHaveRun == true)
    let after = failure(await transport.send(["ECHO", "b"]))
    #expect(after?.message == "the connection to redis was given up here" && after?.mayHaveRun == false)
    await peer.close()
  }
}
