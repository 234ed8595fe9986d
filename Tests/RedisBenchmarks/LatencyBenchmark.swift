import CRedisLoad
import RedisTestSupport
import TestSupport

/// The time of one decision when nothing else is in flight, against the same commands of a C client.
enum LatencyBenchmark {
  static func run() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let bench = try Bench(path: server.path, events: 12_000, firstMeasured: 6_000)
    var own: [Variant.Cost] = []
    var plain: [Variant.Cost] = []
    for _ in 0..<5 {
      own.append(try bench.decide(.assay, inFlight: 1))
      plain.append(try bench.decide(.plain(ASSAY_LAYOUT_LOG), inFlight: 1))
    }
    print("latency, one in flight, against the C client, medians of 5 rounds in turn")
    for part in [0.5, 0.9, 0.99] {
      let times = own.map { percentile($0.latencies, part) / 1_000 }
      let bare = plain.map { percentile($0.latencies, part) / 1_000 }
      print(
        "  p\(text(part * 100, 0)): \(text(median(times))) us, C \(text(median(bare))) us, "
          + "\(text(median(zip(times, bare).map { $0 / $1 }), 2))x")
    }
  }
}
