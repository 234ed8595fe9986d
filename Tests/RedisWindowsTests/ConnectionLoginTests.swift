import RedisTestSupport
import RedisWindows
import Testing

/// What a connection says before all else, to real servers.
@Suite(.serialized) struct ConnectionLoginTests {
  private func failure(_ outcome: TransportHarness.Outcome) -> RedisFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }

  @Test func thePasswordOfTheDefaultUserIsSent() async throws {
    let server = try await RedisServer.start(RedisServer.Options { $0.password = "p-w" })
    let right = try await TransportHarness(server.address) { $0.login.password = RedisSecret("p-w") }
    #expect(try await right.send(["PING"]).get() == ["+PONG"])
    await right.close()
    let wrong = try await TransportHarness(server.address) { $0.login.password = RedisSecret("hunter2") }
    let refused = failure(await wrong.send(["PING"]))
    #expect(refused?.code == .refused && refused?.mayHaveRun == false)
    #expect(refused?.message == "redis at `\(server.address)` does not accept the user and password")
    #expect(refused?.hint == "see `ACL LIST` of the server for its users")
    await wrong.close()
    let none = try await TransportHarness(server.address)
    let unnamed = failure(await none.send(["PING"]))
    #expect(unnamed?.code == .refused && unnamed?.hint?.contains("ASSAY_REDIS_PASSWORD") == true)
    #expect(unnamed?.message == "redis at `\(server.address)` asks for a password")
    await none.close()
  }

  @Test func aPasswordForAServerWithoutOneIsRefused() async throws {
    let server = try await RedisServer.start()
    let transport = try await TransportHarness(server.address) { $0.login.password = RedisSecret("p") }
    #expect(
      failure(await transport.send(["PING"]))?.message
        == "redis at `\(server.address)` knows no password for the default user")
    await transport.close()
  }

  @Test func usersOfTheAccessControlListAreKnown() async throws {
    let users = ["user app on >secret ~* +get +set +ping", "user named on >secret ~* +@all"]
    let server = try await RedisServer.start(RedisServer.Options { $0.users = users })
    for user in ["app", "named"] {
      let transport = try await TransportHarness(server.address) {
        $0.login = RedisConfiguration.Login(user: user, password: RedisSecret("secret"))
      }
      // `app` may not even name itself; that is no reason not to serve.
      #expect(try await transport.send(["SET", "a", "1"]).get() == ["+OK"])
      let denied = try await transport.send(["FLUSHALL"], ["GET", "a"]).get()
      #expect(user == "named" || denied[0].hasPrefix("-NOPERM") && denied[1] == "1")
      await transport.close()
    }
    let other = try await TransportHarness(server.address) {
      $0.login = RedisConfiguration.Login(user: "nobody", password: RedisSecret("secret"))
    }
    #expect(failure(await other.send(["PING"]))?.code == .refused)
    await other.close()
  }

  @Test func theDatabaseIsSelected() async throws {
    let server = try await RedisServer.start()
    let second = try await TransportHarness(server.address) { $0.database = 2 }
    #expect(try await second.send(["SET", "a", "two"]).get() == ["+OK"])
    let first = try await TransportHarness(server.address)
    #expect(
      try await first.send(["GET", "a"], ["SELECT", "2"], ["GET", "a"]).get() == ["nil", "+OK", "two"])
    let beyond = try await TransportHarness(server.address) { $0.database = 999 }
    let refused = failure(await beyond.send(["PING"]))
    #expect(refused?.code == .refused)
    #expect(refused?.message == "redis at `\(server.address)` does not have that database")
    for transport in [first, second, beyond] { await transport.close() }
  }

  @Test func whoIsLockedOutComesInOnceThePasswordIsChanged() async throws {
    let server = try await RedisServer.start()
    let transport = try await TransportHarness(server.address) { $0.login.password = RedisSecret("new") }
    #expect(failure(await transport.send(["PING"]))?.code == .refused)
    try server.run("CONFIG", "SET", "requirepass", "new")
    #expect(try await transport.sendUntilServed(["PING"]) == ["+PONG"])
    await transport.close()
  }

  @Test func aServerWithoutRoomForClientsIsUnavailable() async throws {
    let server = try await RedisServer.start(RedisServer.Options { $0.directives = ["maxclients 1"] })
    let first = try await TransportHarness(server.address)
    #expect(try await first.sendUntilServed(["PING"]) == ["+PONG"])
    let second = try await TransportHarness(server.address)
    let full = failure(await second.send(["PING"]))
    #expect(full?.code == .unavailable && full?.mayHaveRun == false)
    #expect(full?.message == "redis at `\(server.address)` has no connection left", "\(full?.message ?? "")")
    await first.close()
    #expect(try await second.sendUntilServed(["PING"]) == ["+PONG"])
    await second.close()
  }
}
