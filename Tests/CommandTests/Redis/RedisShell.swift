import Foundation
import RedisTestSupport

/// A server for one test, and shell lines that reach it at `$REDIS`.
struct RedisShell {
  let server: RedisServer
  var url: String { "unix://\(server.path)" }

  static func start(_ options: RedisServer.Options = RedisServer.Options()) async throws -> RedisShell {
    RedisShell(server: try await RedisServer.start(options))
  }

  /// A server that a replica follows.
  static func startWithReplica() async throws -> (RedisShell, replica: RedisServer) {
    let primary = try await start(RedisServer.Options { $0.tcp = true })
    let replica = try await RedisServer.start(
      RedisServer.Options { $0.directives = ["replicaof 127.0.0.1 \(primary.server.port ?? 0)"] })
    for _ in 0..<500 where try !primary.server.run("INFO", "replication").contains("state=online") {
      try await Task.sleep(for: .milliseconds(20))
    }
    return (primary, replica)
  }

  /// Feeds a line to `redis-cli` as a person would at its prompt: quoted keys are taken as they were shown.
  func type(_ line: String) throws -> String {
    try run("printf '%s\\n' \"$LINE\" | redis-cli -s \"${REDIS#unix://}\"", environment: ["LINE": line])
      .output
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
