import Assay
import CRedisLoad
import NIOCore
import RedisTestSupport
import RedisWindows

/// Who keeps the windows in Redis, and how.
enum Variant: Hashable {
  /// Whole decisions, JSON to JSON, of this project.
  case assay
  /// The C client, with one layout.
  case plain(assay_layout)

  /// What one run came to, for each decision.
  struct Cost {
    var perSecond = 0.0
    var clientMicroseconds = 0.0
    var serverMicroseconds = 0.0
    var commands = 0.0
    var latencies: [Int64] = []
    var statistics: RedisStatistics?
  }
}

/// The server and the events that all variants are run with, each from an empty server.
struct Bench {
  static let namespace = "bench"
  private let path: String
  private let wire: RedisWire
  private let workload: Workload
  private let flat: FlatWorkload
  private let firstMeasured: Int
  private let script: String

  /// - Parameter path: the server's Unix socket.
  init(path: String, events: Int, entities: Int = 2_000, firstMeasured: Int = 0) throws {
    self.path = path
    self.firstMeasured = firstMeasured
    wire = try RedisWire(path: path)
    workload = try Workload(events: events, entities: entities)
    flat = try workload.flattened(namespace: Self.namespace)
    guard case .bytes(let hash) = try wire.call("SCRIPT", "LOAD", Self.sortedSetScript) else {
      throw ServerError("the server takes no script")
    }
    script = String(decoding: hash, as: UTF8.self)
  }

  /// Decides all events, or the `first` so many, from an empty server.
  func decide(_ variant: Variant, inFlight: Int = 64, first count: Int = .max) throws -> Variant.Cost {
    try wire.call("FLUSHALL")
    let before = try serverSeconds()
    let count = min(count, workload.events.count)
    var cost =
      switch variant {
      case .assay: try assay(inFlight, count)
      case .plain(let layout): try plain(layout, inFlight, count)
      }
    // The whole run's, warm-up included: it does the same work.
    cost.serverMicroseconds = (try serverSeconds() - before) * 1e6 / Double(count)
    return cost
  }

  private func assay(_ inFlight: Int, _ count: Int) throws -> Variant.Cost {
    var configuration = RedisConfiguration(namespace: Self.namespace)
    configuration.addresses = [.unixSocket(path)]
    configuration.timeoutMilliseconds = 10_000
    let store = try RedisWindows.connectAndWait(configuration)
    defer { store.close() }
    let engine = Engine(rules: workload.rules, store: store, options: EngineOptions(clock: .replay))
    let outcome = try Pipeline.run(
      engine, workload.events[..<count], inFlight: inFlight, firstMeasured: firstMeasured)
    precondition(outcome.degraded == 0, "a decision of the benchmark was degraded")
    let statistics = try store.withCore { $0.report }.wait()
    let measured = Double(count - firstMeasured)
    return Variant.Cost(
      perSecond: measured / outcome.wallSeconds,
      clientMicroseconds: outcome.processorSeconds * 1e6 / measured,
      commands: Double(statistics.commands) / Double(count), latencies: outcome.latencies,
      statistics: statistics)
  }

  private func plain(_ layout: assay_layout, _ inFlight: Int, _ count: Int) throws -> Variant.Cost {
    var result = assay_load_result()
    var latencies = [Int64](repeating: 0, count: count - firstMeasured)
    let status = flat.bytes.withUnsafeBufferPointer { bytes in
      script.withCString { script in
        var load = assay_load(
          layout: layout, bytes: bytes.baseAddress, byte_count: bytes.count, count: count,
          entity_count: flat.entityCount, in_flight: inFlight, first_measured: firstMeasured, script: script)
        return assay_load_run(path, &load, &result, &latencies)
      }
    }
    guard status == 0 else { throw ServerError("the C client failed with \(status)") }
    let measured = Double(count - firstMeasured)
    return Variant.Cost(
      perSecond: measured / result.wall_seconds,
      clientMicroseconds: result.processor_seconds * 1e6 / measured,
      commands: Double(result.commands) / measured, latencies: latencies)
  }

  /// Processor time of the server's main thread.
  private func serverSeconds() throws -> Double {
    guard case .bytes(let info) = try wire.call("INFO", "cpu") else { return .nan }
    var sum = 0.0
    for line in String(decoding: info, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":")
      if parts.count == 2, parts[0] == "used_cpu_sys_main_thread" || parts[0] == "used_cpu_user_main_thread" {
        sum += Double(parts[1]) ?? 0
      }
    }
    return sum
  }

  /// Count over an hour, sum over a day and mean over a week of a sorted set by time, whose members begin with the
  /// amount.
  private static let sortedSetScript = """
    local key, now = KEYS[1], tonumber(ARGV[1])
    redis.call('ZADD', key, now, ARGV[2])
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - 604800000)
    redis.call('PEXPIRE', key, 760560000)
    local count = redis.call('ZCOUNT', key, '(' .. now - 3600000, '+inf')
    local sum = 0
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. now - 86400000, '+inf')) do
      sum = sum + tonumber(string.match(member, '^%d+'))
    end
    local total, week = 0, redis.call('ZRANGEBYSCORE', key, '(' .. now - 604800000, '+inf')
    for _, member in ipairs(week) do total = total + tonumber(string.match(member, '^%d+')) end
    return {count, sum, tostring(total / #week)}
    """
}
