import Foundation
import RedisTestSupport
import Testing

/// `assay test` over a real Redis.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RedisAuthorTests {
  @Test(arguments: [
    RedisCases.wallet, RedisCases.rewards, "Fixtures/commands/rules/small", "Fixtures/commands/rules/failing",
  ])
  func theReportIsThatOfMemory(_ rules: String) async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let memory = try redis.run("assay test \(rules)")
    let found = try redis.run("assay test \(rules) --redis \"$REDIS\"")
    #expect(found == memory)
    #expect(memory.output.contains("passed"))
    #expect(try redis.keyCount() == 0)
  }

  @Test func namespacesBeginAsIsSaid() async throws {
    let redis = try await RedisShell.start(
      RedisServer.Options { $0.users = ["user default on nopass ~tests-* +@all"] })
    defer { redis.server.stop() }
    let refused = try redis.run("assay test \(RedisCases.wallet) --redis \"$REDIS\"")
    #expect(refused.exitCode == 3)
    let found = try redis.run("assay test \(RedisCases.wallet) --redis \"$REDIS\" --namespace tests")
    #expect(found.exitCode == 0, "\(found)")
  }
}
