import Assay
import Foundation
import RedisTestSupport
import RedisWindows
import TestSupport

/// Bytes that Redis uses for an entity, against those of its records: over logs as they grow, record by record, and
/// over those of real runs, where the whole must not exceed 2.1 x the records + 100 bytes an entity.
enum MemoryBenchmark {
  static func run() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let wire = try RedisWire(path: server.path)
    print("memory of an entity in Redis, as MEMORY USAGE tells, while its log grows a record at a time")
    print("  records  log bytes    bytes  of 2.1x + 100, mean  highest")
    for range in [1...1, 2...4, 5...10, 11...20, 21...40, 41...100, 101...400] {
      try measure(wire, range)
    }
    try await live(server)
  }

  /// Keys and records as the benchmark's events leave them.
  private static func measure(_ wire: RedisWire, _ range: ClosedRange<Int>) throws {
    let key = Array("bench:1:{device.id\u{05}\u{18}\u{00}9f3ac2d4-device-12345}".utf8)
    let record = [UInt8](repeating: 7, count: 69)
    _ = try wire.call("FLUSHALL")
    var parts: [Double] = []
    var bytes = 0.0
    for count in 1...range.upperBound {
      _ = try wire.call([Array("APPEND".utf8), key, record])
      guard count >= range.lowerBound else { continue }
      bytes = try usage(wire, key)
      parts.append(bytes / (2.1 * Double(record.count * count) + 100))
    }
    let mean = parts.reduce(0, +) / Double(parts.count)
    let records = "\(range.lowerBound)-\(range.upperBound)"
    print(
      column(records, 9) + column("\(range.upperBound * record.count)", 11) + column(text(bytes, 0), 9)
        + column(text(mean, 2), 21) + column(text(parts.max() ?? .nan, 2), 9))
  }

  /// All logs of a real run, whatever their lengths.
  private static func live(_ server: RedisServer) async throws {
    for events in [4_000, 20_000, 80_000] {
      let bench = try Bench(path: server.path, events: events, firstMeasured: 0)
      _ = try bench.decide(.assay, inFlight: 64)
      let wire = try RedisWire(path: server.path)
      var (used, records, highest, count) = (0.0, 0.0, 0.0, 0.0)
      guard case .array(let keys) = try wire.call("KEYS", "bench:1:{*") else { continue }
      for case .bytes(let key) in keys {
        guard case .integer(let length) = try wire.call([Array("STRLEN".utf8), key]) else { continue }
        let bytes = try usage(wire, key)
        used += bytes
        records += Double(length)
        count += 1
        highest = max(highest, bytes / (2.1 * Double(length) + 100))
      }
      guard used <= 2.1 * records + 100 * count else {
        throw ServerError("the logs of \(events) events take more than 2.1 x their records + 100 bytes each")
      }
      print(
        "  \(events) events: \(text(records / count, 0)) bytes of records an entity, \(text(used / count, 0)) bytes in Redis, "
          + "\(text(used / (2.1 * records + 100 * count), 2)) of 2.1x + 100; highest \(text(highest, 2))")
    }
  }

  private static func usage(_ wire: RedisWire, _ key: [UInt8]) throws -> Double {
    guard
      case .integer(let bytes) = try wire.call([
        Array("MEMORY".utf8), Array("USAGE".utf8), key, Array("SAMPLES".utf8), Array("0".utf8),
      ])
    else { return .nan }
    return Double(bytes)
  }
}
