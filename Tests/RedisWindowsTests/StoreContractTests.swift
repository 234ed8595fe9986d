import Assay
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// Windows in a real Redis do what every window store must.
@Suite struct StoreContractTests {
  @Test(.enabled(if: RedisServer.isInstalled)) func redisKeepsTheContract() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let number = Guarded(0)
    let failures = WindowStoreContract {
      let next = number.withLock { number in
        number += 1
        return number
      }
      var configuration = RedisConfiguration(namespace: "contract\(next)")
      configuration.addresses = [server.address]
      configuration.timeoutMilliseconds = 5_000
      do {
        return try RedisWindows.connectAndWait(configuration)
      } catch {
        preconditionFailure("the store could not be made: \(error)")
      }
    }.check()
    #expect(failures == [])
  }
}
