import CAllocationCount
import CSocketLoad
import Foundation
import Glibc
import Sidecar
import TestSupport
import SocketLoad

/// What connections that say nothing cost, and what stays after a long time.
enum MemoryBenchmark {
  private static let connectionCount = 10_000

  /// Thousands of connections, half of them silent from the start, half after a request.
  static func idle() async throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let wanted = min(connectionCount, (Int(limit.rlim_cur) - 200) / 2)
    let bench = try await LoadBench()
    let bytes = try await onLoadCore {
      let before = allocated_bytes()
      let request = Array("GET /livez HTTP/1.1\r\nhost: s\r\n\r\n".utf8)
      var sockets: [CInt] = []
      defer { for socket in sockets { close(socket) } }
      for number in 0..<wanted {
        let socket = socket_open(bench.path)
        guard socket >= 0 else { throw LoadError.broken("connection \(number)") }
        sockets.append(socket)
        guard number % 2 == 0 else { continue }
        var answer = [UInt8](repeating: 0, count: 512)
        guard send(socket, request, request.count, 0) > 0, recv(socket, &answer, answer.count, 0) > 0 else {
          throw LoadError.broken("connection \(number)")
        }
      }
      usleep(500_000)
      let each = Double(allocated_bytes() - before) / Double(wanted)
      let one = LoadBench.requests(0..<2_000, SOCKET_LINES)
      let nanoseconds = try one.ping(bench.path).nanoseconds
      return (each, percentile(nanoseconds, 0.5) / 1_000)
    }
    await bench.stop()
    print(
      "\(wanted) idle connections: \(text(bytes.0, 0)) bytes each; beside them one in flight has a p50 of "
        + "\(text(bytes.1)) us")
  }

  /// Half of the peak for `ASSAY_SOAK` seconds (1,800 where it is not said), memory and descriptors once a minute. Each
  /// round is as many new events for the same customers: the windows have their size after the first.
  static func soak() async throws {
    let seconds = ProcessInfo.processInfo.environment["ASSAY_SOAK"].flatMap(Double.init) ?? 1_800
    let bench = try await LoadBench { $0.memoryBytesMax = 256 << 20 }
    let start = ContinuousClock.now
    var first: (memory: Int, descriptors: Int)?
    var last = (memory: 0, descriptors: 0)
    var offset = 0
    var rate = 0.0
    print("soak: \(text(seconds, 0)) s")
    while ContinuousClock.now - start < .seconds(seconds) {
      let events = renumbered(offset)
      offset += events.count
      let known = rate
      let result = try await onLoadCore {
        try Requests(events, framing: SOCKET_HTTP)
          .run(bench.path, connections: 16, window: known > 0 ? 1_000 : 4, rate: known, seconds: 60).result
      }
      if rate == 0 { rate = Double(result.answered) / result.wall_seconds / 2 }
      last = (residentBytes(), descriptorCount())
      print(
        "  \(text(Double((ContinuousClock.now - start) / .seconds(1)), 0)) s: \(result.answered) answered, "
          + "\(result.good) decided, \(text(Double(result.answered) / result.wall_seconds, 0)) a second, "
          + "\(last.memory >> 20) MiB resident, \(last.descriptors) descriptors")
      // The first rounds fill the windows' memory.
      if first == nil && offset > 2_000_000 { first = last }
      guard result.good == result.answered else { throw LoadError.broken("the soak") }
    }
    await bench.stop()
    if let first {
      print(
        "soak: memory \(text(Double(last.memory) / Double(first.memory), 2))x of what it was when the windows were full, "
          + "\(last.descriptors - first.descriptors) descriptors more")
    }
  }

  private static func renumbered(_ offset: Int) -> [[UInt8]] {
    (0..<400_000).map { index in
      let number = offset + index
      return Array(
        """
        {"transaction_id":\(number),"ts_ms":\(1_600_000_000_000 + number * 100),"customer_id":"\(number % 5_000)",\
        "terminal_id":"\(number % 10_000)","amount":\(number % 200).25,"fraud":0}
        """.utf8)
    }
  }

  private static func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
  }

  private static func descriptorCount() -> Int {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).count
  }
}
