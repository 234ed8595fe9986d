import Foundation
import Logging
import RuleSets
import Sidecar
import Windows
import TestSupport

/// A sidecar of one test, on a socket of its own.
final class SidecarBench: Sendable {
  static let rewards = "Rules/rewards"
  static let events = "Fixtures/rewards/events.ndjson.gz"

  let server: SidecarServer
  let path: String
  let log = LogLines()

  /// Starts a sidecar for the rules in `folder`.
  init(
    _ folder: String = SidecarBench.rewards, _ change: (inout SidecarConfiguration) -> Void = { _ in }
  ) async throws {
    path = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString.prefix(8))").path
    var configuration = SidecarConfiguration()
    configuration.addresses = [.unixSocket(path)]
    change(&configuration)
    let log = log
    let logger = Logger(label: "test") { label in JSONLogHandler(label: label) { log.take($0) } }
    server = try await SidecarServer.start(
      configuration, rules: try RuleSet(contentsOf: folder), folder: folder, logger: logger)
  }

  func connect() throws -> Connection { try Connection(to: path) }

  /// What comes back for a request on a connection of its own.
  func get(_ page: String, method: String = "GET") async throws -> HTTPAnswer? {
    try await apart { [self] in
      let connection = try connect()
      connection.send("\(method) \(page) HTTP/1.1\r\nhost: sidecar\r\nconnection: close\r\n\r\n")
      return connection.response()
    }
  }

  /// One event as a request.
  static func request(_ event: String, headers: String = "") -> String {
    "POST /v1/decisions HTTP/1.1\r\nhost: sidecar\r\ncontent-length: \(event.utf8.count)\r\n\(headers)\r\n\(event)"
  }
}

/// What was logged.
final class LogLines: Sendable {
  private let lines = Guarded<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func take(_ line: [UInt8]) { lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
}

/// Runs `body`, which waits for a server, on a thread of its own: the server's tasks may need the one it is called on.
func apart<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}
