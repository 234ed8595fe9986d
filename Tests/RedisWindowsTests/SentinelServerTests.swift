import RedisTestSupport
import RedisWindows
import Testing

/// Real sentinels over a real primary and replica.
@Suite(.serialized, .enabled(if: RedisServer.isInstalled), .timeLimit(.minutes(2)))
struct SentinelServerTests {
  /// Writes until it succeeds on another server than `old`, and tells how long that took from when a sentinel first named
  /// the other one.
  private func recovery(
    _ group: RedisSentinels, _ harness: TopologyHarness, from old: RedisServer
  ) async throws -> Duration {
    let other = try #require(group.servers.first { $0 !== old })
    let end = ContinuousClock.now + .seconds(20)
    var promoted: ContinuousClock.Instant?
    while ContinuousClock.now < end {
      let value = "\(ContinuousClock.now)"
      let outcome = await harness.send(["SET", "k", value], within: 20)
      if (try? outcome.get()) != nil, try other.run("GET", "k") == value, other === (try? group.primary()) {
        return promoted.map { ContinuousClock.now - $0 } ?? .zero
      }
      if promoted == nil, other === (try? group.primary()) { promoted = .now }
    }
    throw ServerError("no primary served again")
  }

  @Test func thePromotedPrimaryIsFollowed() async throws {
    let group = try await RedisSentinels.start()
    let harness = try await TopologyHarness(.sentinel(primary: RedisSentinels.name), group.addresses)
    #expect(await harness.send(["SET", "k", "v"]) == .success([.status("OK")]))
    let first = try #require(try group.primary())
    first.kill()
    #expect(try await recovery(group, harness, from: first) < .seconds(1))
    // The old one comes back as a replica; then the primary is one that stands still.
    try await first.restart()
    try await group.waitUntilWell()
    let second = try #require(try group.primary())
    let other = try #require(group.servers.first { $0 !== second })
    second.pause()
    #expect(try await recovery(group, harness, from: second) < .seconds(1))
    second.resume()
    // It believes for a moment that it is still the primary; nothing may go back to it.
    for index in 0..<20 {
      _ = await harness.send(["SET", "after", "\(index)"], within: 100)
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(try other.run("GET", "after") == "19")
    #expect(try await harness.health.breaker == .closed)
    await harness.close()
    group.stop()
  }

  @Test func aPlannedFailOverIsFollowed() async throws {
    let group = try await RedisSentinels.start()
    let harness = try await TopologyHarness(.sentinel(primary: RedisSentinels.name), group.addresses)
    #expect(await harness.send(["SET", "k", "v"]) == .success([.status("OK")]))
    let first = try #require(try group.primary())
    try group.failOver()
    #expect(try await recovery(group, harness, from: first) < .seconds(1))
    await harness.close()
    group.stop()
  }

  @Test func aNameThatNoSentinelKnowsIsNamed() async throws {
    let group = try await RedisSentinels.start()
    let harness = try await TopologyHarness(.sentinel(primary: "other"), group.addresses)
    guard case .failure(let failure) = await harness.send(["SET", "k", "v"], within: 500) else {
      Issue.record("there is no such primary")
      return
    }
    #expect(failure.code == .refused)
    #expect(failure.message.hasSuffix("knows no primary named `other`"))
    await harness.close()
    group.stop()
  }
}
