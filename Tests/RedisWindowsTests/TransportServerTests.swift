import NIOCore
import RedisTestSupport
import RedisWindows
import Testing

/// What a real server does to a transport: errors of its own, and its end and return.
@Suite(.serialized) struct TransportServerTests {
  private func failure(_ outcome: TransportHarness.Outcome) -> RedisFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }

  /// Asks until an answer begins with `word`; other answers are those of before.
  private func ask(_ transport: TransportHarness, _ command: [String], until word: String) async throws
    -> String
  {
    let start = ContinuousClock.now
    while true {
      let line = try await transport.send(command).get()[0]
      if line.hasPrefix(word) || ContinuousClock.now - start > .seconds(5) { return line }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  @Test func errorsOfOneCommandAreThatCommandsOwn() async throws {
    let server = try await RedisServer.start()
    let transport = try await TransportHarness(server.address)
    #expect(try await transport.send(["SET", "a", "1"]).get() == ["+OK"])
    let lines = try await transport.send(["GET", "a"], ["LPUSH", "a", "x"], ["NONSENSE"], ["GET", "a"]).get()
    #expect(lines[0] == "1" && lines[3] == "1")
    #expect(lines[1].hasPrefix("-WRONGTYPE") && lines[2].hasPrefix("-ERR unknown command"))
    try server.run("CONFIG", "SET", "maxmemory", "1")
    #expect(try await transport.send(["SET", "b", "1"]).get()[0].hasPrefix("-OOM"))
    try server.run("CONFIG", "SET", "maxmemory", "0")
    try server.run("REPLICAOF", "127.0.0.1", "1")
    #expect(try await transport.send(["SET", "b", "1"]).get()[0].hasPrefix("-READONLY"))
    try server.run("CONFIG", "SET", "replica-serve-stale-data", "no")
    #expect(try await transport.send(["GET", "a"]).get()[0].hasPrefix("-MASTERDOWN"))
    try server.run("REPLICAOF", "NO", "ONE")
    #expect(try await transport.send(["GET", "a"]).get() == ["1"])
    #expect(try await transport.health.connects == 1)
    await transport.close()
  }

  @Test func aBusyServerAnswersThatItIs() async throws {
    let server = try await RedisServer.start(
      RedisServer.Options { $0.directives = ["busy-reply-threshold 10"] })
    let transport = try await TransportHarness(server.address)
    #expect(try await transport.send(["PING"]).get() == ["+PONG"])
    let other = try await TransportHarness(server.address)
    async let script = other.send(["EVAL", "while true do end", "0"], within: 10_000)
    #expect(try await ask(transport, ["GET", "a"], until: "-BUSY").hasPrefix("-BUSY"))
    #expect(try await transport.send(["SCRIPT", "KILL"]).get() == ["+OK"])
    // The script ends at its next step, a moment after the answer.
    #expect(try await ask(transport, ["GET", "a"], until: "nil") == "nil")
    #expect(try await transport.health.connects == 1)
    #expect(try await script.get()[0].contains("killed"))
    await other.close()
    await transport.close()
  }

  @Test func aLoadingServerAnswersThatItIs() async throws {
    let server = try await RedisServer.start(
      RedisServer.Options {
        $0.directives = ["key-load-delay 100", "loading-process-events-interval-bytes 1024"]
      })
    let transport = try await TransportHarness(server.address)
    #expect(try await transport.send(["DEBUG", "POPULATE", "10000"]).get() == ["+OK"])
    let other = try await TransportHarness(server.address)
    async let reload = other.send(["DEBUG", "RELOAD"], within: 10_000)
    #expect(try await ask(transport, ["GET", "a"], until: "-LOADING").hasPrefix("-LOADING"))
    #expect(try await reload.get() == ["+OK"])
    await other.close()
    #expect(try await ask(transport, ["GET", "a"], until: "nil") == "nil")
    #expect(try await transport.health.connects == 1)
    await transport.close()
  }

  @Test func aServerThatReturnsIsInServiceWithinASecond() async throws {
    let server = try await RedisServer.start(RedisServer.Options { $0.tcp = true })
    for address in [server.address, .host("127.0.0.1", port: try #require(server.port))] {
      let transport = try await TransportHarness(address) { $0.timeoutMilliseconds = 20 }
      #expect(try await transport.sendUntilServed(["PING"]) == ["+PONG"])
      server.kill()
      var health = try await transport.health
      while health.breaker == .closed {
        try await Task.sleep(for: .milliseconds(2))
        health = try await transport.health
      }
      let gone = failure(await transport.send(["PING"]))
      #expect(gone?.code == .unavailable && gone?.mayHaveRun == false)
      #expect(health.connections == 0 && health.lastFailure?.contains("\(address)") == true)
      // Long enough for the longest pauses between attempts.
      try await Task.sleep(for: .milliseconds(800))
      try await server.restart()
      let start = ContinuousClock.now
      #expect(try await transport.sendUntilServed(["PING"]) == ["+PONG"])
      #expect(ContinuousClock.now - start < .seconds(1))
      #expect(try await transport.health.breaker == .closed)
      await transport.close()
    }
  }

  @Test func aPausedServerIsLeftAndServedAgain() async throws {
    let server = try await RedisServer.start()
    let transport = try await TransportHarness(server.address) { $0.timeoutMilliseconds = 20 }
    #expect(try await transport.sendUntilServed(["SET", "n", "0"]) == ["+OK"])
    server.pause()
    let late = failure(await transport.send(["INCR", "n"], within: 20))
    #expect(late?.code == .late && late?.mayHaveRun == true)
    let start = ContinuousClock.now
    while try await transport.health.breaker == .closed { try await Task.sleep(for: .milliseconds(5)) }
    #expect(ContinuousClock.now - start < .seconds(1))
    #expect(failure(await transport.send(["INCR", "n"]))?.code == .unavailable)
    try await Task.sleep(for: .milliseconds(500))
    server.resume()
    let resumed = ContinuousClock.now
    // What was written before may have run, and did; nothing was sent twice.
    #expect(try await transport.sendUntilServed(["GET", "n"]) == ["1"])
    #expect(ContinuousClock.now - resumed < .seconds(1))
    await transport.close()
  }

  /// A write that finds the connection closed fails its groups there and then: what is sent on hearing of it waits for
  /// the next connection, and its replies are nobody else's.
  @Test func whatIsSentWhileAWriteFailsIsAnswered() async throws {
    let server = try await RedisServer.start()
    let transport = try await TransportHarness(server.address)
    #expect(try await transport.sendUntilServed(["ECHO", "first"]) == ["first"])
    let answer = try await transport.onLoop { [loop = transport.loop] node in
      // The loop stands still meanwhile, so that it writes before it reads of the end.
      try server.run("CLIENT", "KILL", "TYPE", "normal")
      let deadline = NIOLoopClock(loop).now + 5_000_000_000
      let promise = loop.makePromise(of: [String].self)
      node.send(TransportHarness.buffer([["ECHO", "lost"]]), deadline: deadline) { lost in
        if case .success(let replies) = lost {
          return promise.succeed(TransportHarness.lines(replies, count: 1))
        }
        node.send(TransportHarness.buffer([["ECHO", "again"]]), deadline: deadline) { again in
          switch again {
          case .success(let replies): promise.succeed(TransportHarness.lines(replies, count: 1))
          case .failure(let failure): promise.fail(failure)
          }
        }
      }
      return promise.futureResult
    }
    #expect(try await transport.sendUntilServed(["ECHO", "last"]) == ["last"])
    #expect(try await answer.get() == ["again"])
    await transport.close()
  }

  @Test func whatNobodyListensOnIsSaidSo() async throws {
    for (address, what) in [
      (RedisAddress.unixSocket("/tmp/no/such/socket"), "has no such socket"),
      (.host("127.0.0.1", port: 1), "refuses connections"),
      (.host("no-such-host.invalid", port: 1), "has a name that cannot be resolved"),
      (.unixSocket("/tmp/" + String(repeating: "a", count: 200)), "cannot be reached"),
    ] {
      let transport = try await TransportHarness(address)
      let gone = failure(await transport.send(["PING"], within: 20_000))
      #expect(gone?.code == .unavailable && gone?.mayHaveRun == false)
      #expect(gone?.message == "redis at `\(address)` \(what)", "\(gone?.message ?? "")")
      await transport.close()
    }
  }

  @Test(arguments: [
    ("READONLY You can't write against a read only replica.", RedisFailure.Code.unavailable, "READONLY"),
    ("LOADING Redis is loading the dataset in memory", .unavailable, "LOADING"),
    ("OOM command not allowed when used memory > 'maxmemory'.", .unavailable, "OOM"),
    ("WRONGTYPE Operation against a key holding the wrong kind of value", .refused, "WRONGTYPE"),
    ("ERR unknown command `SECRET`, with args beginning with: `u42`", .refused, "ERR"),
    ("u42 is no word of an error", .refused, "ERR"), ("", .refused, "ERR"),
  ]) func errorRepliesAreTypedWithoutTheirText(_ line: String, _ code: RedisFailure.Code, _ word: String) {
    let error = ErrorReply(line)
    let failure = error.failure(at: .unixSocket("/s"))
    #expect(error.word == word && failure.code == code && !failure.mayHaveRun)
    #expect(failure.message.hasPrefix("redis at `/s` ") && !failure.message.contains("u42"))
  }
}
