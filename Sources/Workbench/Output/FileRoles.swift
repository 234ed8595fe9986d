internal import Glibc

/// What each file of a run is for: one that is written must be none that is read, and not be written twice, whatever
/// the paths and links are that lead to it. Told before anything is written.
package struct FileRoles {
  private var read: [FileIdentity: String] = [:]
  private var written: [FileIdentity: String] = [:]

  /// One file for two things.
  package struct Clash: Error, Hashable, Sendable {
    /// Lower case, no final period; names both.
    package let message: String
    package let hint: String
  }

  /// No file yet.
  package init() {}

  /// Notes a file that is read; `role` says as what: `read as events`, `a file of the rules`. `-` is standard input.
  package mutating func read(_ path: String, _ role: String) {
    let identity = path == "-" ? FileIdentity(descriptor: STDIN_FILENO) : FileIdentity(of: path)
    guard let identity else { return }
    read[identity] = (path == "-" ? "standard input" : "`\(path)`") + ", which is \(role)"
  }

  /// Notes a file that `option` has written; after all that are read.
  package mutating func write(_ path: String, _ option: String) throws(Clash) {
    guard let identity = FileIdentity(of: path) else { return }
    try write(identity, "`\(option) \(path)`", hint: "name another file with `\(option)`")
  }

  /// Notes that standard output is written to, which may be a file.
  package mutating func writeStandardOutput() throws(Clash) {
    guard let identity = FileIdentity(descriptor: STDOUT_FILENO) else { return }
    try write(identity, "standard output", hint: "let standard output go to another file")
  }

  private mutating func write(_ identity: FileIdentity, _ name: String, hint: String) throws(Clash) {
    if let role = read[identity] { throw Clash(message: "\(name) would overwrite \(role)", hint: hint) }
    if let other = written[identity] { throw Clash(message: "\(other) and \(name) are one file", hint: hint) }
    written[identity] = name
  }
}
