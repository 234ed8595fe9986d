import Glibc
import Windows

/// Ends what the tests left behind, however they ended.
///
/// A shell waits at the end of a pipe that only this process holds. When the pipe closes, by an ordinary exit, a crash
/// or a SIGKILL, it kills every process that works in one of the folders it was told of, and removes them. (A signal on
/// the parent's death would not do: Linux sends it when the thread that started the server ends.)
package enum Guardian {
  /// What the shell does: reads the folders' names until nobody can write any more.
  package static let script = """
    trap '' INT TERM HUP QUIT
    folders=' '
    while read -r folder; do folders="$folders$folder "; done
    left=' '
    for folder in $folders; do [ -d "$folder" ] && left="$left$folder "; done
    [ "$left" = ' ' ] && exit
    for process in /proc/[0-9]*; do
      case "$left" in *" $(readlink "$process/cwd") "*) kill -9 "${process#/proc/}" ;; esac
    done
    rm -rf $left
    """

  /// The pipe's end; -1 where there is no guardian.
  private static let pipeEnd: Int32 = {
    guard let ends = try? ChildProcess.connectedPair() else { return -1 }
    defer { close(ends.theirs) }
    let shell = try? ChildProcess.start(
      ["sh", "-c", script], folder: "/", streams: ChildProcess.Streams(input: ends.theirs))
    return shell == nil ? -1 : ends.mine
  }()

  /// Has `folder` and what runs in it removed when this process has ended.
  static func watch(_ folder: String) throws {
    let line = Array("\(folder)\n".utf8)
    guard pipeEnd >= 0, write(pipeEnd, line, line.count) == line.count else {
      throw ServerError("nothing would stop servers that the tests leave behind")
    }
  }
}

/// A temporary folder of a server's own, removed with it.
package final class ServerFolder: Sendable {
  /// Where it is; short enough for the path of a Unix socket.
  package let path: String

  /// Makes the folder.
  init() throws {
    var name = Array("/tmp/assay-redis-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw ServerError("no temporary folder: \(errno)") }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try Guardian.watch(path)
  }

  deinit { _ = try? ChildProcess.output(of: ["rm", "-rf", path], folder: "/") }

  /// Writes a file into the folder and returns its path.
  @discardableResult package func write(_ name: String, _ text: String) throws -> String {
    let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw ServerError("no file `\(name)`: \(errno)") }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
      throw ServerError("`\(name)` was not written: \(errno)")
    }
    return "\(path)/\(name)"
  }
}

/// Ports of the loopback that nothing listens on.
enum LoopbackPort {
  /// A port drawn at random below those that the system gives to connections, so that a server finds it free again
  /// after a restart.
  static func free() throws -> Int {
    for _ in 0..<100 {
      let port = Int.random(in: 10_000..<32_000)
      if isFree(port) { return port }
    }
    throw ServerError("no free port on the loopback")
  }

  private static func isFree(_ port: Int) -> Bool {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    var reuse: Int32 = 1
    setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, size) == 0 }
    }
  }
}
