import CAllocationCount
import CSocketLoad
import Foundation
import Glibc
import Sidecar
import TestSupport
import SocketLoad

/// What connections that say nothing cost.
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
}
