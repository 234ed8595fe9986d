package import RedisWindows
package import TestSupport

/// A server whose logs are tampered with behind the back of their store: what a ledger that looks at all must notice.
package struct SabotagedTarget: ChaosTarget {
  /// What is done to a log.
  package enum Sabotage: String, Sendable, CaseIterable {
    /// It is gone.
    case erase
    /// Its last bytes are gone.
    case cut
    /// It gets the records of another entity.
    case mix
    /// It gets a record under an id that nobody sent.
    case forge

    /// A script over the key of the log and that of another entity's.
    fileprivate var script: String {
      switch self {
      case .erase: "return redis.call('DEL', KEYS[1])"
      case .cut:
        """
        local log = redis.call('GET', KEYS[1])
        return redis.call('SET', KEYS[1], string.sub(log, 1, math.floor(#log / 2)), 'KEEPTTL')
        """
      case .mix: "return redis.call('APPEND', KEYS[1], redis.call('GET', KEYS[2]))"
      case .forge:
        """
        local log = redis.call('GET', KEYS[1])
        local record = string.sub(log, 1, string.byte(log, 1) + 256 * string.byte(log, 2))
        local last = 26 + string.byte(record, 23)
        return redis.call('APPEND', KEYS[1], string.sub(record, 1, last - 1) .. 'x' .. string.sub(record, last + 1))
        """
      }
    }
  }

  private let target: SingleTarget
  private let sabotage: Sabotage

  /// Starts the server.
  package static func start(_ sabotage: Sabotage, clients: Int) async throws -> SabotagedTarget {
    SabotagedTarget(target: try await .start(.none, clients: clients), sabotage: sabotage)
  }

  package func configuration(namespace: String, number: Int) -> RedisConfiguration {
    target.configuration(namespace: namespace, number: number)
  }

  package var faults: [ChaosFault] { [.cut] }

  package func strike(_ fault: ChaosFault, _ random: inout SeededGenerator) async throws
    -> ContinuousClock.Instant
  {
    for server in try target.holders() {
      let connection = try RedisWire(path: server.path)
      guard case .array(let replies) = try connection.call("KEYS", "*{*<user*") else { continue }
      let keys = replies.compactMap { if case .bytes(let key) = $0 { key } else { nil } }
      guard keys.count > 1 else { throw ServerError("no logs to tamper with") }
      let words = ["EVAL", sabotage.script, "2"].map { Array($0.utf8) }
      if case .error(let text) = try connection.call(words + keys.prefix(2)) {
        throw ServerError("EVAL: \(text)")
      }
    }
    return .now
  }

  package func settle() async throws {}

  package func holders() throws -> [RedisServer] { try target.holders() }

  package func stop() async { await target.stop() }
}
