import Assay
import RedisTestSupport
import RedisWindows
import Testing
import Workbench

/// Windows in a namespace of one run, over a real Redis.
@Suite(.enabled(if: RedisServer.isInstalled)) struct TemporaryNamespaceTests {
  /// More keys than a connection lets wait at once.
  @Test func everyKeyIsRemovedHoweverManyThereAre() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    var configuration = RedisConfiguration(namespace: "small")
    configuration.addresses = [server.address]
    configuration.timeoutMilliseconds = 10_000
    configuration.isTemporary = true
    configuration.pendingBytesMax = 64 << 10
    let store = try RedisWindows.connectAndWait(configuration)
    defer { store.close() }
    let rules = try SampleRules.load()
    let engine = Engine(rules: rules, store: store, options: EngineOptions(clock: .replay))
    for number in 0..<2_000 {
      let line =
        #"{"id":"e\#(number)","type":"payout.requested","time":"2026-01-05T10:00:00Z","user":{"id":"u\#(number)"}}"#
      _ = try await engine.decide(waitingFor: Array(line.utf8))
    }
    await store.drain()
    #expect(try server.run("DBSIZE") == "4000")
    #expect(await store.removeWritten() == 0)
    #expect(try server.run("DBSIZE") == "0")
  }

  @Test func keysThatCouldNotBeRemovedAreCounted() async throws {
    let server = try await RedisServer.start(
      RedisServer.Options { $0.users = ["user default on nopass ~* +@all -unlink"] })
    defer { server.stop() }
    var configuration = RedisConfiguration(namespace: "small")
    configuration.addresses = [server.address]
    configuration.timeoutMilliseconds = 10_000
    configuration.isTemporary = true
    let store = try RedisWindows.connectAndWait(configuration)
    defer { store.close() }
    let engine = Engine(
      rules: try SampleRules.load(), store: store, options: EngineOptions(clock: .replay))
    let line = #"{"id":"e","type":"payout.requested","time":"2026-01-05T10:00:00Z","user":{"id":"u"}}"#
    _ = try await engine.decide(waitingFor: Array(line.utf8))
    #expect(await store.removeWritten() == 2)
  }
}
