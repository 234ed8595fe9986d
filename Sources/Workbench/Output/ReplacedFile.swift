internal import Glibc

/// A file that is replaced as a whole when its content is there. That it cannot be written is noticed before the work
/// that makes the content.
package struct ReplacedFile: Sendable {
  private let path: String
  /// Where links lead.
  private let target: String
  /// What is no file of a disk, or stands in a folder where nothing may be made, is written to as it is.
  private let isInPlace: Bool
  private let mode: mode_t?

  /// Looks whether the file at `path` can be written; leaves everything as it is.
  package init(preparing path: String) throws(OutputError) {
    self.path = path
    target = FilePlace.resolved(path)
    var status = stat()
    guard unsafe stat(target, &status) == 0 else {
      (mode, isInPlace) = (nil, false)
      try probe()
      return
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw OutputError(opening: path, EISDIR) }
    guard unsafe access(target, W_OK) == 0 else { throw OutputError(opening: path, errno) }
    mode = status.st_mode & 0o7777
    guard status.st_mode & S_IFMT == S_IFREG else {
      isInPlace = true
      return
    }
    isInPlace = Self.failure(in: FilePlace.folder(of: target)) != nil
  }

  private func probe() throws(OutputError) {
    if let number = Self.failure(in: FilePlace.folder(of: target)) {
      throw OutputError(opening: path, number)
    }
  }

  /// Why no file can be made in a folder; nil where one can.
  private static func failure(in folder: String) -> Int32? {
    let name = temporary(in: folder)
    let number = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o600))
    guard number >= 0 else { return errno }
    _ = close(number)
    _ = unsafe unlink(name)
    return nil
  }

  private static func temporary(in folder: String) -> String {
    "\(folder)/.assay-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))"
  }

  /// Makes `text` the file's content, whole or not at all.
  package func write(_ text: String) throws(OutputError) {
    if isInPlace {
      var output = try BufferedOutput(creating: target)
      try output.write { $0.append(contentsOf: text.utf8) }
      return try output.finish()
    }
    let name = Self.temporary(in: FilePlace.folder(of: target))
    do {
      var output = try BufferedOutput(creating: name)
      try output.write { $0.append(contentsOf: text.utf8) }
      try output.finish()
    } catch {
      _ = unsafe unlink(name)
      throw OutputError(path: path, isClosed: false, message: error.message)
    }
    if let mode { _ = unsafe chmod(name, mode) }
    guard unsafe rename(name, target) == 0 else {
      let number = errno
      _ = unsafe unlink(name)
      throw OutputError(opening: path, number)
    }
  }
}
