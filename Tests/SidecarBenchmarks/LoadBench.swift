import CSocketLoad
import Foundation
import Logging
import RedisWindows
import RuleSets
import Sidecar
import TestSupport
import SocketLoad

/// A sidecar in this process, and events for it.
final class LoadBench: Sendable {
  static let folder = SharedData.projectRoot.appending(path: "Rules/handbook").path

  let server: SidecarServer
  let path: String

  init(_ change: (inout SidecarConfiguration) -> Void = { _ in }) async throws {
    path = FileManager.default.temporaryDirectory.appending(path: "load-\(UUID().uuidString.prefix(8))").path
    var configuration = SidecarConfiguration()
    configuration.addresses = [.unixSocket(path)]
    configuration.hashingKey = Array(repeating: 7, count: 32)
    change(&configuration)
    server = try await SidecarServer.start(
      configuration, rules: try RuleSet(contentsOf: Self.folder), folder: Self.folder,
      logger: Logger(label: "load") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Windows in the Redis at `address`.
  static func redis(_ address: RedisAddress) -> RedisConfiguration {
    var redis = RedisConfiguration(namespace: "load")
    redis.addresses = [address]
    return redis
  }

  func stop() async { await server.stop() }

  /// The handbook's transactions, or as many of a like kind where the shared data is absent.
  static let events: [[UInt8]] = {
    if let lines = try? HandbookLines.load() { return lines }
    return (0..<200_000).map { number in
      Array(
        """
        {"transaction_id":\(number),"ts_ms":\(1_767_225_600_000 + number * 1_000),\
        "customer_id":"\(number % 5_000)","terminal_id":"\(number % 10_000)","amount":\(number % 200).25,"fraud":0}
        """.utf8)
    }
  }()

  /// A stretch of the events.
  static func requests(_ range: Range<Int>, _ framing: socket_framing) -> Requests {
    Requests(Array(events[range]), framing: framing)
  }
}
