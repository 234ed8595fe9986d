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
