import RedisTestSupport
import Testing

/// What is wrong with a Redis that others share is told at the start, once.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RedisWarningTests {
  private static let warning = """
    warning: redis at `$SOCKET`: `maxmemory-policy` is `allkeys-lru`: when memory is full, entity logs are evicted and \
    windows count too little
      hint: set `maxmemory-policy noeviction`; for a managed cache, in its parameter group

    """

  private static func start() async throws -> RedisShell {
    try await RedisShell.start(
      RedisServer.Options {
        $0.memoryBytesMax = 256 << 20
        $0.memoryPolicy = "allkeys-lru"
      })
  }

  @Test(arguments: [
    "assay backfill \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\"",
    "assay replay \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\" --namespace shared",
    "assay test \(RedisCases.wallet) --redis \"$REDIS\" --namespace shared",
  ])
  func itIsToldOnceBeforeTheRest(_ command: String) async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let found = try redis.run(command)
    #expect(found.exitCode == 0)
    #expect(found.errors.hasPrefix(Self.warning), "\(found.errors)")
    #expect(found.errors.split(separator: "\n").count { $0.hasPrefix("warning: redis") } == 1)
  }

  @Test(arguments: [
    "assay backfill \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\" --quiet",
    "assay replay \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\" --namespace shared --quiet",
    "assay replay \(RedisCases.wallet) \(RedisCases.events) --redis \"$REDIS\"",
    "assay test \(RedisCases.wallet) --redis \"$REDIS\"",
  ])
  func whoeverIsQuietOrAloneHearsNothing(_ command: String) async throws {
    let redis = try await Self.start()
    defer { redis.server.stop() }
    let found = try redis.run(command)
    #expect(found.exitCode == 0 && !found.errors.contains("warning: redis"), "\(found.errors)")
  }
}
