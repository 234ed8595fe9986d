internal import Glibc

/// Why a file or a stream could not be written.
package struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// As the caller named it, or `standard output`.
  package let path: String
  /// Whoever reads has gone, as `head` does: the end of the work, not a failure.
  package let isClosed: Bool
  /// Lower case, no final period.
  package let message: String

  /// The path and what happened.
  package var description: String { "`\(path)`: \(message)" }
}

/// Bytes on their way to a file or to standard output, written 64 KiB at a time.
package struct BufferedOutput: ~Copyable {
  private static let flushBytes = 65_536

  private let path: String
  private let descriptor: Int32
  private let isOwned: Bool
  private var buffer: [UInt8]

  /// A stream that the process was started with.
  package enum Stream: Sendable { case output, error }

  /// Standard output or standard error.
  package init(_ stream: Stream) {
    isOwned = false
    switch stream {
    case .output: (path, descriptor) = ("standard output", STDOUT_FILENO)
    case .error: (path, descriptor) = ("standard error", STDERR_FILENO)
    }
    buffer = []
  }

  /// Creates the file at `path`, or empties the one that is there; a private one may be read by its owner only.
  package init(creating path: String, isPrivate: Bool = false) throws(OutputError) {
    let mode: mode_t = isPrivate ? 0o600 : 0o644
    let number = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard number >= 0 else {
      throw OutputError(path: path, isClosed: false, message: systemMessage(errno))
    }
    // One that was there keeps its mode otherwise.
    var status = stat()
    let isFile = unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    if isPrivate && isFile && fchmod(number, mode) != 0 {
      let failure = systemMessage(errno)
      _ = close(number)
      throw OutputError(path: path, isClosed: false, message: failure)
    }
    (self.path, descriptor, isOwned) = (path, number, true)
    buffer = []
  }

  deinit {
    if isOwned { _ = close(descriptor) }
  }

  /// Lets `body` append to the buffer, and writes it when it is full.
  package mutating func write(_ body: (inout [UInt8]) -> Void) throws(OutputError) {
    body(&buffer)
    if buffer.count >= Self.flushBytes { try flush() }
  }

  /// Writes everything that is left.
  package mutating func flush() throws(OutputError) {
    var written = 0
    defer { buffer.removeAll(keepingCapacity: true) }
    while written < buffer.count {
      let count = unsafe buffer.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
        return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
        continue
      }
      let number = errno
      if number == EINTR { continue }
      throw OutputError(path: path, isClosed: number == EPIPE, message: systemMessage(number))
    }
  }
}
