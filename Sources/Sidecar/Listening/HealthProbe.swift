internal import Glibc
internal import NIOCore

/// Asks a sidecar how it is, as a container's health check does: one request over its Unix socket, from a process that
/// has nothing else to do.
package struct HealthProbe: Sendable {
  /// What a sidecar can be asked.
  package enum Page: String, Sendable {
    /// Whether it answers.
    case alive = "/livez"
    /// Whether it can make decisions, with all that they need.
    case ready = "/readyz"
  }

  /// Whether the sidecar says yes.
  package let isFine: Bool
  /// What it says.
  package let text: String

  /// More than either page has; bytes.
  private static let answerBytesMax = 65_536

  /// Asks the sidecar at `path`, and waits for its answer no longer than `milliseconds`.
  package init(_ page: Page, at path: String, milliseconds: Int) throws(SidecarError) {
    guard path.utf8.count <= UnixSocket.pathBytesMax, !path.isEmpty, !path.utf8.contains(0) else {
      throw SidecarError(
        message: "`\(path)` is no path of a socket", hint: "name what `assay serve --socket` was given")
    }
    let deadline = NIODeadline.now() + .milliseconds(Int64(milliseconds))
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .failed("a socket", errno) }
    defer { Glibc.close(descriptor) }
    Self.limit(descriptor, to: deadline)
    let failure = unsafe UnixSocket.withAddress(path) { address, length in
      unsafe connect(descriptor, address, length) == 0 ? 0 : errno
    }
    if failure != 0 { throw .unasked(path, failure) }
    let request = Array("GET \(page.rawValue) HTTP/1.1\r\nhost: assay\r\nconnection: close\r\n\r\n".utf8)
    let sent = unsafe request.withUnsafeBytes { bytes in
      unsafe send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
    }
    // So short a request is taken whole or not at all.
    guard sent == request.count else { throw .unasked(path, errno) }
    let answer = try Self.receive(descriptor, path, deadline)
    let status = Array("HTTP/1.1 ".utf8)
    guard answer.starts(with: status), let end = Self.headersEnd(answer) else {
      throw SidecarError(message: "`\(path)` gave no answer", hint: "see what listens there")
    }
    isFine = answer.dropFirst(status.count).starts(with: Array("200 ".utf8))
    text = String(decoding: answer[end...], as: UTF8.self)
  }

  /// All that comes until the sidecar closes.
  private static func receive(
    _ descriptor: CInt, _ path: String, _ deadline: NIODeadline
  ) throws(SidecarError) -> [UInt8] {
    var answer: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4_096)
    while answer.count < answerBytesMax {
      limit(descriptor, to: deadline)
      let count = unsafe part.withUnsafeMutableBytes { bytes in
        unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
      }
      if count == 0 { break }
      if count > 0 {
        answer.append(contentsOf: part.prefix(count))
      } else if errno == EAGAIN || errno == EWOULDBLOCK || NIODeadline.now() >= deadline {
        throw SidecarError(
          message: "`\(path)` did not answer in time",
          hint: "see its log; `--timeout` says how long it may take")
      } else if errno != EINTR {
        throw .unasked(path, errno)
      }
    }
    return answer
  }

  /// Where the body begins; nil when the headers are not all there.
  private static func headersEnd(_ answer: [UInt8]) -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    return answer.indices.first { answer[$0...].starts(with: mark) }.map { $0 + mark.count }
  }

  /// Lets no call on the socket wait for longer than is left.
  private static func limit(_ descriptor: CInt, to deadline: NIODeadline) {
    // No time at all would be no bound.
    let left = max((deadline - .now()).nanoseconds / 1_000, 1)
    var time = timeval(tv_sec: Int(left / 1_000_000), tv_usec: Int(left % 1_000_000))
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
  }
}

extension SidecarError {
  /// The sidecar at `path` could not be asked, for this reason of the system's.
  fileprivate static func unasked(_ path: String, _ number: CInt) -> SidecarError {
    SidecarError(
      message: SidecarError.failed("`\(path)`", number).message,
      hint: "see that `assay serve` listens there, and who may open its socket")
  }
}
