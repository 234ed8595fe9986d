internal import Glibc

/// Bytes on their way to a file or to standard output, written 64 KiB at a time.
///
/// A file that was there keeps its content until the first bytes are written or the output is finished, and one that was
/// made for nothing goes again: a run that fails before it has anything to write leaves everything as it was.
package struct BufferedOutput: ~Copyable {
  private static let flushBytes = 65_536

  private let path: String
  private let descriptor: Int32
  private let isOwned: Bool
  /// Made by us; removed unless something is written.
  private let isNew: Bool
  /// There is an older content to be removed first.
  private var isStale: Bool
  private var buffer: [UInt8]

  /// A stream that the process was started with.
  package enum Stream: Sendable { case output, error }

  /// Standard output or standard error.
  package init(_ stream: Stream) {
    (isOwned, isNew, isStale) = (false, false, false)
    switch stream {
    case .output: (path, descriptor) = ("standard output", STDOUT_FILENO)
    case .error: (path, descriptor) = ("standard error", STDERR_FILENO)
    }
    buffer = []
  }

  /// Opens the file at `path`, which is made where it is not there; a private one may be read by its owner only.
  package init(creating path: String, isPrivate: Bool = false) throws(OutputError) {
    let mode: mode_t = isPrivate ? 0o600 : 0o644
    var number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    let isNew = number >= 0
    // Also for a link that leads to nothing yet.
    if !isNew, errno == EEXIST { number = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode) }
    guard number >= 0 else { throw OutputError(opening: path, errno) }
    // One that was there keeps its mode otherwise.
    var status = stat()
    let isFile = unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    if isPrivate && isFile && fchmod(number, mode) != 0 {
      let failure = systemMessage(errno)
      _ = close(number)
      throw OutputError(path: path, isClosed: false, message: failure)
    }
    (self.path, descriptor, isOwned) = (path, number, true)
    (self.isNew, isStale) = (isNew, isFile)
    buffer = []
  }

  deinit {
    guard isOwned else { return }
    if isNew, isStale { _ = unsafe unlink(path) }
    _ = close(descriptor)
  }

  /// Lets `body` append to the buffer, and writes it when it is full.
  package mutating func write(_ body: (inout [UInt8]) -> Void) throws(OutputError) {
    body(&buffer)
    if buffer.count >= Self.flushBytes { try flush() }
  }

  /// Writes everything that is left, and makes the file what was written, be it nothing.
  package mutating func finish() throws(OutputError) {
    try flush()
    try removeOlder()
  }

  private mutating func removeOlder() throws(OutputError) {
    guard isStale else { return }
    guard ftruncate(descriptor, 0) == 0 else {
      throw OutputError(path: path, isClosed: false, message: systemMessage(errno))
    }
    isStale = false
  }

  /// Writes everything that is there by now.
  package mutating func flush() throws(OutputError) {
    if !buffer.isEmpty { try removeOlder() }
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
