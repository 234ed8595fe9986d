import Foundation
import RedisTestSupport

/// A server for one test, and shell lines that reach it at `$REDIS`.
struct RedisShell {
  let server: RedisServer
  var url: String { "unix://\(server.path)" }

  static func start(_ options: RedisServer.Options = RedisServer.Options()) async throws -> RedisShell {
    RedisShell(server: try await RedisServer.start(options))
  }

  func run(_ line: String, environment: [String: String] = [:]) throws -> CommandCase.Outcome {
    var found = try Shell.run(line, environment: environment.merging(["REDIS": url]) { $1 })
    found.output.replace(server.path, with: "$SOCKET")
    found.errors.replace(server.path, with: "$SOCKET")
    return found
  }

  /// All keys with their values and whether they expire: equal if and only if nothing changed but time.
  func contents() throws -> String { try server.run("DEBUG", "DIGEST") }

  /// How many keys there are.
  func keyCount() throws -> Int? { Int(try server.run("DBSIZE")) }
}

/// Folders and files that the tests of windows in Redis use.
enum RedisCases {
  static let wallet = "Fixtures/commands/rules/wallet"
  static let events = "Fixtures/commands/events/wallet.ndjson"
  static let rewards = "Rules/rewards"
  static let rewardEvents = "Fixtures/rewards/events.ndjson.gz"
}
