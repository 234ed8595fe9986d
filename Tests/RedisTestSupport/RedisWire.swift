import Glibc

/// A blocking connection of the tests' own to a server's Unix socket: for keys and values of any bytes.
package final class RedisWire {
  /// A reply.
  package enum Reply: Hashable, Sendable {
    case null
    case integer(Int)
    case status(String)
    case error(String)
    case bytes([UInt8])
    case array([Reply])
  }

  private let file: Int32
  private var waiting: [UInt8] = []
  private var place = 0

  /// Connects to the socket at `path`.
  package init(path: String) throws {
    file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { room in
      room.copyBytes(from: path.utf8.prefix(room.count - 1))
    }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(file, $0, size) }
    }
    guard status == 0 else {
      close(file)
      throw ServerError("no connection to \(path): \(errno)")
    }
  }

  deinit { close(file) }

  /// Sends one command and waits for its reply.
  package func call(_ arguments: [[UInt8]]) throws -> Reply {
    var bytes = Array("*\(arguments.count)\r\n".utf8)
    for argument in arguments {
      bytes += Array("$\(argument.count)\r\n".utf8) + argument + Array("\r\n".utf8)
    }
    try send(bytes)
    return try reply()
  }

  /// Sends one command of words and waits for its reply.
  @discardableResult package func call(_ words: String...) throws -> Reply {
    try call(words.map { Array($0.utf8) })
  }

  /// Sends bytes as they are.
  package func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw ServerError("the connection is gone: \(errno)") }
      sent += count
    }
  }

  /// Waits for the next reply.
  package func reply() throws -> Reply {
    let line = String(decoding: try takeLine(), as: UTF8.self)
    let rest = String(line.dropFirst())
    switch line.first {
    case "+": return .status(rest)
    case "-": return .error(rest)
    case ":": return .integer(Int(rest) ?? 0)
    case "$":
      guard let count = Int(rest), count >= 0 else { return .null }
      let bytes = try take(count)
      _ = try take(2)
      return .bytes(bytes)
    case "*":
      guard let count = Int(rest), count >= 0 else { return .null }
      return .array(try (0..<count).map { _ in try reply() })
    default: throw ServerError("no reply: \(line)")
    }
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while waiting.count - place < count { try fill() }
    defer { place += count }
    return Array(waiting[place..<place + count])
  }

  private func takeLine() throws -> [UInt8] {
    while true {
      if let end = waiting[place...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { place = end + 1 }
        return Array(waiting[place..<end - 1])
      }
      try fill()
    }
  }

  private func fill() throws {
    var room = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(file, &room, room.count, 0)
    guard count > 0 else { throw ServerError("the connection was closed") }
    waiting.removeFirst(place)
    place = 0
    waiting.append(contentsOf: room[..<count])
  }
}
