import RedisTestSupport
import RedisWindows
import Testing

/// One real server behind a transport.
struct TransportTests {
  @Test func groupsAreAnsweredOverAUnixSocket() async throws {
    let server = try await RedisServer.start()
    let transport = try await TransportHarness(server.address)
    #expect(
      try await transport.send(["SET", "a", "1"], ["GET", "a"], ["GET", "b"]).get() == ["+OK", "1", "nil"])
    #expect(
      try await transport.send(["RPUSH", "l", "x", "y"], ["LRANGE", "l", "0", "-1"], ["GET", "l"]).get()
        .prefix(2)
        == [":2", "[x y]"])
    let health = try await transport.health
    #expect(
      health.breaker == .closed && health.connections == 1 && health.connects == 1 && health.inFlight == 0)
    #expect(try server.run("CLIENT", "LIST").contains("name=assay"))
    await transport.close()
  }

  @Test func groupsAreAnsweredOverTCP() async throws {
    let server = try await RedisServer.start(RedisServer.Options { $0.tcp = true })
    for host in ["127.0.0.1", "localhost"] {
      let transport = try await TransportHarness(.host(host, port: try #require(server.port)))
      #expect(try await transport.send(["ECHO", "hello"]).get() == ["hello"])
      await transport.close()
    }
  }
}
