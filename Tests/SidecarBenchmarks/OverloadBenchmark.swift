import CSocketLoad
import RedisTestSupport
import Sidecar
import TestSupport
import SocketLoad

/// A Redis that is too slow for what comes: how many decisions still get their windows.
enum OverloadBenchmark {
  static func run() async throws {
    guard RedisServer.isInstalled else { return print("overload: skipped, there is no redis-server") }
    let server = try await RedisServer.start()
    defer { server.stop() }
    let slow = try await SlowProxy.start(before: server, bytesPerMillisecond: 400)
    let bench = try await LoadBench { $0.redis = LoadBench.redis(slow.address) }
    var peak = 0.0
    var first = 0
    for connections in [2, 4, 8, 16, 32] {
      let range = first..<first + 20_000
      first = range.upperBound
      let found = try await onLoadCore {
        try LoadBench.requests(range, SOCKET_HTTP).run(
          bench.path, connections: connections, window: 1, seconds: 3
        ).result
      }
      peak = max(peak, Double(found.good) / found.wall_seconds)
    }
    let rate = peak * 10
    let range = first..<min(first + Int(rate * 5), LoadBench.events.count)
    let over = try await onLoadCore {
      try LoadBench.requests(range, SOCKET_HTTP).run(bench.path, connections: 256, window: 1_000, rate: rate)
    }
    await bench.stop()
    try await slow.stop()
    let result = over.result
    let goodput = Double(result.good) / result.wall_seconds
    let late = percentile(over.nanoseconds, 0.99) / 1e6
    print("a slow Redis: at most \(text(peak, 0)) decisions a second with their windows")
    print(
      "  at ten times that: \(text(goodput, 0)), \(text(goodput / peak, 2)) of the peak, p99 \(text(late)) ms; "
        + "\(result.shed) of \(result.answered) told to come again, "
        + "\(result.answered - result.shed - result.good) degraded")
  }
}
