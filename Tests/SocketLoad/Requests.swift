package import CSocketLoad
import Foundation

/// Events as they are sent: lines, or requests with a body.
package final class Requests: @unchecked Sendable {
  private let bytes: [UInt8]
  private let ends: [size_t]
  private let framing: socket_framing

  package init(_ events: [[UInt8]], framing: socket_framing) {
    var bytes: [UInt8] = []
    ends = events.map { event -> size_t in
      if framing == SOCKET_HTTP {
        bytes += Array(
          "POST /v1/decisions HTTP/1.1\r\nhost: sidecar\r\ncontent-length: \(event.count)\r\n\r\n".utf8)
        bytes += event
      } else {
        bytes += event + [UInt8(ascii: "\n")]
      }
      return bytes.count
    }
    (self.bytes, self.framing) = (bytes, framing)
  }

  package var count: Int { ends.count }

  /// Lends the requests to C.
  private func lend<Result>(_ body: (UnsafePointer<socket_requests>) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { bytes in
      try ends.withUnsafeBufferPointer { ends in
        var requests = socket_requests(
          bytes: bytes.baseAddress, ends: ends.baseAddress, count: ends.count, framing: framing)
        return try body(&requests)
      }
    }
  }

  /// Sends them one after the other and waits for each answer: what each took, and how long its answer was.
  package func ping(_ path: String) throws -> (nanoseconds: [Int64], answerBytes: [Int]) {
    var nanoseconds = [Int64](repeating: 0, count: count)
    var answerBytes = [Int](repeating: 0, count: count)
    guard lend({ socket_ping(path, $0, &nanoseconds, &answerBytes) }) == 0 else {
      throw LoadError.broken(path)
    }
    return (nanoseconds, answerBytes)
  }

  /// The same bytes to and fro with a process that does nothing else.
  package func barePing(_ answerBytes: [Int]) throws -> [Int64] {
    var nanoseconds = [Int64](repeating: 0, count: count)
    guard lend({ socket_bare_ping($0, answerBytes, Cores.server, &nanoseconds) }) == 0 else {
      throw LoadError.broken("a bare ping-pong")
    }
    return nanoseconds
  }

  /// Sends them over many connections.
  package func run(
    _ path: String, connections: Int, window: Int, rate: Double = 0, seconds: Double = 0
  ) throws -> (result: socket_load_result, nanoseconds: [Int64]) {
    var result = socket_load_result()
    var nanoseconds = [Int64](repeating: 0, count: count)
    var load = socket_load(connections: connections, window: window, rate: rate, seconds: seconds)
    guard lend({ socket_load_run(path, $0, &load, &result, &nanoseconds) }) == 0 else {
      throw LoadError.broken(path)
    }
    return (result, nanoseconds.filter { $0 >= 0 })
  }
}

package enum LoadError: Error {
  case broken(String)
}

/// Which processor does what: a load and its server never share one.
package enum Cores {
  package static let load: CInt = 0
  package static let server: CInt = 1
}

/// Runs `body` on a thread of its own on the load's processor.
package func onLoadCore<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws
  -> Result
{
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      socket_use_core(Cores.load)
      continuation.resume(with: Swift.Result { try body() })
    }
  }
}
