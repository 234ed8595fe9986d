import Foundation
import Glibc
import Windows

/// A collector of traces of one test: takes requests over TCP on the loopback and keeps their bodies.
final class Collector: Sendable {
  /// What it does with a request.
  enum Manner: Sendable {
    case takes
    /// Answers with this status.
    case refuses(Int)
    /// Reads, and never answers.
    case isSilent
  }

  let port: UInt16
  private let descriptor: CInt
  private let isStopped = Guarded(false)
  private let received = Guarded<[(head: String, body: [UInt8])]>([])

  init(_ manner: Manner = .takes) throws {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = bind(descriptor, pointer, length)
        _ = listen(descriptor, 64)
        _ = getsockname(descriptor, pointer, &length)
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return }
        Thread.detachNewThread { self.serve(client, manner) }
      }
    }
  }

  /// Takes no more requests.
  func stop() {
    // Closed once: the number may be another's by then.
    let isFirst = isStopped.withLock { stopped in
      defer { stopped = true }
      return !stopped
    }
    guard isFirst else { return }
    shutdown(descriptor, CInt(SHUT_RDWR))
    close(descriptor)
  }

  var requests: [(head: String, body: [UInt8])] { received.withLock { $0 } }

  /// All spans that came, in order.
  func spans() throws -> [[String: Any]] {
    try requests.flatMap { request -> [[String: Any]] in
      let found = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
      let resources = found?["resourceSpans"] as? [[String: Any]] ?? []
      let scopes = resources.flatMap { $0["scopeSpans"] as? [[String: Any]] ?? [] }
      return scopes.flatMap { $0["spans"] as? [[String: Any]] ?? [] }
    }
  }

  private func serve(_ client: CInt, _ manner: Manner) {
    defer { close(client) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(client, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      bytes += buffer[..<count]
      guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
      let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      let length = head.firstMatch(of: /(?i)content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
      guard bytes.count - end.upperBound >= length else { continue }
      received.withLock { $0.append((head, Array(bytes[end.upperBound...].prefix(length)))) }
      break
    }
    switch manner {
    case .takes: answer(client, 200)
    case .refuses(let status): answer(client, status)
    case .isSilent: Thread.sleep(forTimeInterval: 60)
    }
  }

  private func answer(_ client: CInt, _ status: Int) {
    let text = Array(
      "HTTP/1.1 \(status) Whatever\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}".utf8)
    _ = send(client, text, text.count, CInt(MSG_NOSIGNAL))
  }
}
