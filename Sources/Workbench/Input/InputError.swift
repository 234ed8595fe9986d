internal import Glibc

/// Why a file or a stream could not be read to its end.
package struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds that callers tell apart.
  package enum Code: String, Sendable, Hashable {
    case cannotOpen = "cannot-open"
    case cannotRead = "cannot-read"
    /// The file ends within a gzip member.
    case truncated
    /// The bytes are no gzip, or damaged.
    case corrupt
    case outOfMemory = "out-of-memory"
  }

  package let code: Code
  /// As the caller named it; `standard input` for `-`.
  package let path: String
  /// Bytes of the file, as it is stored, up to the place of the failure; nil where there is no place.
  package let offset: Int?
  /// Lower case, no final period.
  package let message: String

  /// A failure at `offset` of `path`.
  package init(code: Code, path: String, offset: Int? = nil, message: String) {
    self.code = code
    self.path = path
    self.offset = offset
    self.message = message
  }

  /// What to do about it.
  package var hint: String { hint(wanting: "events") }

  /// What to do about it, where a file has `content`.
  package func hint(wanting content: String) -> String {
    switch code {
    case .cannotOpen, .cannotRead: "name a file of \(content) that may be read, or - for standard input"
    case .truncated, .corrupt: "fetch the file again; everything before that place was read"
    case .outOfMemory: "free some memory"
    }
  }

  /// The path, what happened, and where.
  package var description: String {
    "`\(path)`: \(message)" + (offset.map { " at byte \($0)" } ?? "")
  }
}

/// What the operating system says about a failed call, in the style of our messages.
func systemMessage(_ number: Int32) -> String {
  guard let pointer = unsafe strerror(number) else { return "error \(number)" }
  let text = unsafe String(cString: pointer)
  return text.prefix(1).lowercased() + text.dropFirst()
}
