import Foundation
import Glibc
import Testing

/// A client's end of a connection that does exactly what it is told. One thread may send while another receives.
final class Connection: @unchecked Sendable {
  private let descriptor: CInt
  private var received: [UInt8] = []

  /// Connects to a Unix socket.
  init(to path: String) throws {
    descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      // Closed by `deinit`, which runs here too; twice would close what another test opened meanwhile.
      let failure = errno
      throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO)
    }
    // No test waits longer than this for anything.
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { Glibc.close(descriptor) }

  /// Sends all bytes; false when the other end does not take them any more.
  @discardableResult
  func send(_ bytes: some Collection<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Nothing more will be sent.
  func end() { shutdown(descriptor, CInt(SHUT_WR)) }

  /// Up to and with `mark`; nil when the connection ends first.
  func read(through mark: String) -> [UInt8]? {
    let mark = Array(mark.utf8)
    while true {
      if let found = received.firstRange(of: mark) { return take(found.upperBound) }
      guard readSome() else { return nil }
    }
  }

  /// So many bytes; nil when the connection ends first.
  func read(_ count: Int) -> [UInt8]? {
    while received.count < count { if !readSome() { return nil } }
    return take(count)
  }

  /// Everything up to the end of the connection.
  func readAll() -> [UInt8] {
    while readSome() {}
    return take(received.count)
  }

  /// One line without its end; nil when the connection ends first.
  func line() -> String? { read(through: "\n").map { String(decoding: $0.dropLast(), as: UTF8.self) } }

  /// One response with a length; nil when the connection ends first.
  func response() -> HTTPAnswer? {
    guard let head = read(through: "\r\n\r\n") else { return nil }
    var answer = HTTPAnswer(head: String(decoding: head, as: UTF8.self))
    if answer.status == 100 { return response() }
    if answer.header("transfer-encoding") == "chunked" {
      while let size = read(through: "\r\n").flatMap({
        Int(String(decoding: $0.dropLast(2), as: UTF8.self), radix: 16)
      }) {
        guard let chunk = read(size + 2) else { return nil }
        if size == 0 { return answer }
        answer.body += chunk.dropLast(2)
      }
      return nil
    }
    guard let body = read(answer.header("content-length").flatMap { Int($0) } ?? 0) else { return nil }
    answer.body = body
    return answer
  }

  private func take(_ count: Int) -> [UInt8] {
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  private func readSome() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    received += buffer[..<count]
    return true
  }
}

/// What came back for a request.
struct HTTPAnswer {
  let head: String
  var body: [UInt8] = []

  var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
  var text: String { String(decoding: body, as: UTF8.self) }

  func header(_ name: String) -> String? {
    for line in head.split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 && parts[0].lowercased() == name {
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}
