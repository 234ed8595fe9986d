internal import Glibc

/// An open file, or standard input, that is read from its beginning to its end; closed when it goes.
struct InputFile: ~Copyable {
  /// How the file is called in messages.
  let name: String
  private let descriptor: Int32
  private let isOwned: Bool

  /// Opens `path` for reading; `-` is standard input.
  init(opening path: String) throws(InputError) {
    if path == "-" {
      (name, descriptor, isOwned) = ("standard input", STDIN_FILENO, false)
      return
    }
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else {
      throw InputError(code: .cannotOpen, path: path, message: systemMessage(errno))
    }
    (name, descriptor, isOwned) = (path, number, true)
  }

  deinit {
    if isOwned { _ = close(descriptor) }
  }

  /// The size in bytes of a regular file; nil for pipes and terminals.
  var size: Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Reads into `buffer` from its beginning and returns how many bytes came; 0 at the end.
  func read(into buffer: inout [UInt8]) throws(InputError) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      }
      if count >= 0 { return count }
      let number = errno
      if number != EINTR { throw InputError(code: .cannotRead, path: name, message: systemMessage(number)) }
    }
  }
}

/// A small file that is read as a whole: a key, a password.
package enum SmallFile {
  private static let bytesMax = 65_536

  /// The bytes of the file at `path`, without the end of its last line.
  package static func bytes(of path: String) throws(InputError) -> [UInt8] {
    let file = try InputFile(opening: path)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = try file.read(into: &buffer)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= bytesMax else {
        throw InputError(
          code: .cannotRead, path: path, message: "more than \(bytesMax) bytes, for a key or a password")
      }
    }
    while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
      bytes.removeLast()
    }
    return bytes
  }
}
