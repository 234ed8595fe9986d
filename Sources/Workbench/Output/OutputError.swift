internal import Glibc

/// Why a file or a stream could not be written.
package struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// As the caller named it, or `standard output`.
  package let path: String
  /// Whoever reads has gone, as `head` does: the end of the work, not a failure.
  package let isClosed: Bool
  /// Lower case, no final period.
  package let message: String
  /// What to do about it.
  package let hint: String

  /// A failure that is told in words.
  package init(path: String, isClosed: Bool, message: String) {
    (self.path, self.isClosed, self.message) = (path, isClosed, message)
    hint = "see that there is room and that you may write there"
  }

  /// What the system says of a file at `path` that could not be opened for writing.
  init(opening path: String, _ number: Int32) {
    (self.path, isClosed, message) = (path, false, systemMessage(number))
    let folder = FilePlace.folder(of: path)
    switch number {
    case ENOENT: hint = "the folder `\(folder)` is missing: make it first, or name a file in another one"
    case ENOTDIR: hint = "`\(folder)` is no folder: name a file in one"
    case EISDIR: hint = "it is a folder: name a file in it"
    default: hint = "see that there is room and that you may write there"
    }
  }

  /// The path and what happened.
  package var description: String { "`\(path)`: \(message)" }
}
