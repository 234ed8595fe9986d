import CSpawn
import Foundation
import Glibc

/// A process that a test started, known by its id.
package struct ChildProcess: Sendable {
  /// The id, valid until the process was waited for.
  package let id: Int32

  /// The open files that a process reads and prints to; -1 for none.
  package struct Streams: Sendable {
    var input: Int32 = -1
    var output: Int32 = -1

    init(input: Int32 = -1, output: Int32 = -1) { (self.input, self.output) = (input, output) }
  }

  /// Starts `arguments` in `folder`, found on the path, with no open file of ours but `streams`.
  package static func start(
    _ arguments: [String], folder: String, environment: [String: String] = [:], streams: Streams = Streams()
  ) throws -> ChildProcess {
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = arguments.map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var id: Int32 = 0
    let status = assay_spawn(&words, &settings, folder, streams.input, streams.output, &id)
    guard status == 0 else {
      throw ServerError("`\(arguments.first ?? "")` did not start: \(String(cString: strerror(status)))")
    }
    return ChildProcess(id: id)
  }

  /// Whether the process has ended; it is not waited for again after that.
  func hasEnded() -> Bool {
    var status: Int32 = 0
    return waitpid(id, &status, WNOHANG) != 0
  }

  /// Waits for the end and returns the exit status, or the negative signal.
  @discardableResult package func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : -signal
  }

  /// Waits until the process stands still or has ended.
  func waitUntilStopped() {
    var status: Int32 = 0
    while waitpid(id, &status, WUNTRACED) < 0 && errno == EINTR {}
  }

  /// Runs `arguments` in `folder` to its end and returns what it printed, and how it ended.
  package static func output(
    of arguments: [String], folder: String, environment: [String: String] = [:], input: [UInt8]? = nil
  ) throws -> (text: String, status: Int32) {
    let ends = try connectedPair()
    defer { close(ends.mine) }
    let source = try input.map(temporaryFile) ?? -1
    let streams = Streams(input: source, output: ends.theirs)
    let child = Result {
      try start(arguments, folder: folder, environment: environment, streams: streams)
    }
    close(ends.theirs)
    if source >= 0 { close(source) }
    let process = try child.get()
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(ends.mine, &room, room.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes.append(contentsOf: room[..<count])
    }
    let status = process.wait()
    return (String(decoding: bytes, as: UTF8.self), status)
  }

  /// A pipe that no process started meanwhile by another thread gets hold of: its flag is set as it is made.
  static func connectedPair() throws -> (mine: Int32, theirs: Int32) {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw ServerError("no pipe: \(errno)") }
    return (ends[0], ends[1])
  }

  /// An open file without a name that holds `bytes`.
  private static func temporaryFile(_ bytes: [UInt8]) throws -> Int32 {
    var name = Array("/tmp/assay-input-XXXXXX".utf8CString)
    let file = mkstemp(&name)
    unlink(name)
    guard file >= 0, write(file, bytes, bytes.count) == bytes.count, lseek(file, 0, SEEK_SET) == 0 else {
      throw ServerError("no temporary file: \(errno)")
    }
    return file
  }
}

/// Why a server of a test's own is not as the test needs it.
package struct ServerError: Error, CustomStringConvertible {
  /// What is wrong.
  package let description: String

  /// An error with its sentence.
  package init(_ description: String) { self.description = description }
}
