import Glibc

/// A file that is written line by line, a block at a time.
struct LineFile {
  /// Why it cannot be written.
  struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ path: String) { description = "cannot write `\(path)`: \(String(cString: strerror(errno)))" }
  }

  private static let blockBytes = 1 << 20
  private let path: String
  private let descriptor: Int32
  private var block: [UInt8] = []

  /// Makes the file at `path`, or takes standard output for `-`.
  init(_ path: String) throws(Failure) {
    self.path = path
    descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw Failure(path) }
    block.reserveCapacity(Self.blockBytes + 4_096)
  }

  mutating func write(_ line: [UInt8]) throws(Failure) {
    block.append(contentsOf: line)
    block.append(UInt8(ascii: "\n"))
    if block.count >= Self.blockBytes { try flush() }
  }

  /// Writes what is left.
  mutating func close() throws(Failure) {
    try flush()
    if path != "-", Glibc.close(descriptor) != 0 { throw Failure(path) }
  }

  private mutating func flush() throws(Failure) {
    var begin = 0
    while begin < block.count {
      let count = block.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + begin }, bytes.count - begin)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure(path) }
      begin += count
    }
    block.removeAll(keepingCapacity: true)
  }
}
