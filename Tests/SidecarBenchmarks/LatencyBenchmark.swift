import CSocketLoad
import RedisTestSupport
import Sidecar
import TestSupport
import SocketLoad

/// One request in flight, against a bare ping-pong of the same bytes in the same run.
enum LatencyBenchmark {
  private static let warmUp = 2_000
  private static let measured = 10_000
  private static let rounds = 7

  /// Quantiles of several rounds, in microseconds.
  private struct Quantiles {
    var halves: [Double] = []
    var tails: [Double] = []

    mutating func take(_ nanoseconds: some Collection<Int64>) {
      let values = Array(nanoseconds)
      halves.append(percentile(values, 0.5) / 1_000)
      tails.append(percentile(values, 0.99) / 1_000)
    }

    func ratio(to bare: Quantiles) -> String {
      "p50 \(text(median(halves))) us, bare \(text(median(bare.halves))) us, "
        + "\(text(median(zip(halves, bare.halves).map { $0 / $1 }), 2))x; "
        + "p99 \(text(median(tails))) us, bare \(text(median(bare.tails))) us, "
        + "\(text(median(zip(tails, bare.tails).map { $0 / $1 }), 2))x"
    }
  }

  static func run() async throws {
    print("latency, one in flight, windows in memory, medians of \(rounds) rounds in turn")
    for (name, framing) in [("lines", SOCKET_LINES), ("HTTP", SOCKET_HTTP)] {
      var own = Quantiles()
      var bare = Quantiles()
      for _ in 0..<rounds {
        let bench = try await LoadBench()
        let (times, bareTimes) = try await onLoadCore {
          let requests = LoadBench.requests(0..<warmUp + measured, framing)
          let found = try requests.ping(bench.path)
          return (found.nanoseconds, try requests.barePing(found.answerBytes))
        }
        await bench.stop()
        own.take(times[warmUp...])
        bare.take(bareTimes[warmUp...])
      }
      print("  \(name): \(own.ratio(to: bare))")
    }
  }

  /// With windows in Redis: at most one `PING` of Redis more.
  static func redis() async throws {
    guard RedisServer.isInstalled else {
      return print("latency with Redis: skipped, there is no redis-server")
    }
    var memory = Quantiles()
    var redis = Quantiles()
    var ping = Quantiles()
    for _ in 0..<rounds {
      let server = try await RedisServer.start()
      defer { server.stop() }
      let benches = [
        try await LoadBench(), try await LoadBench { $0.redis = LoadBench.redis(server.address) },
      ]
      let times = try await onLoadCore {
        let requests = LoadBench.requests(0..<warmUp + measured, SOCKET_LINES)
        let pings = Requests(Array(repeating: Array("PING\r".utf8), count: 4_000), framing: SOCKET_LINES)
        return try benches.map { try requests.ping($0.path).nanoseconds } + [
          pings.ping(server.path).nanoseconds
        ]
      }
      for bench in benches { await bench.stop() }
      memory.take(times[0][warmUp...])
      redis.take(times[1][warmUp...])
      ping.take(times[2][1_000...])
    }
    let more = zip(redis.halves, memory.halves).map { $0 - $1 }
    print(
      "latency with Redis, one in flight: p50 \(text(median(redis.halves))) us, in memory "
        + "\(text(median(memory.halves))) us: \(text(median(more))) us more, a PING from C takes "
        + "\(text(median(ping.halves))) us: \(text(median(zip(more, ping.halves).map { $0 / $1 }), 2))x; "
        + "p99 \(text(median(redis.tails))) us")
  }
}
