import Dispatch
import Glibc
package import RedisWindows
import Windows

/// A Redis server of a test's own: in a temporary folder, on a Unix socket, stopped and removed with the test.
package final class RedisServer: Sendable {
  /// Where its files are.
  package let folder: ServerFolder
  /// How it was set up.
  package let options: Options
  /// What it and its clients show each other, where it speaks TLS.
  package let certificates: ServerCertificates?
  let ports: Ports
  private let process = Guarded<ChildProcess?>(nil)
  private let stands = Guarded(false)

  /// Whether this system has a `redis-server` to start.
  package static let isInstalled: Bool = isProgram("redis-server") && isProgram("redis-cli")
  /// Whether this system has an `openssl` that makes certificates.
  package static let canMakeCertificates: Bool = isProgram("openssl")

  private static func isProgram(_ name: String) -> Bool {
    let found = try? ChildProcess.output(of: ["sh", "-c", "command -v \(name)"], folder: "/")
    return found?.status == 0
  }

  /// The path of its Unix socket.
  package var path: String { "\(folder.path)/redis.sock" }
  /// Its Unix socket.
  package var address: RedisAddress { .unixSocket(path) }
  /// Its port on the loopback, where it has one.
  package var port: Int? { ports.plain }
  /// Its port for TLS, where it has one.
  package var tlsPort: Int? { ports.tls }
  /// Its port for other servers and for the clients of a group of servers: encrypted where it has no other.
  package var peerPort: Int? { ports.plain ?? ports.tls }
  /// Whether it was paused and not resumed.
  package var isPaused: Bool { stands.withLock { $0 } }
  /// Its id while it runs.
  package var processID: Int32? { process.withLock { $0?.id } }

  init(options: Options, ports: Ports, certificates: ServerCertificates?) throws {
    self.options = options
    self.ports = ports
    self.certificates = certificates
    folder = try ServerFolder()
    let lines = options.configuration(ports: ports, folder: folder.path, certificates: certificates)
    try folder.write("redis.conf", lines.joined(separator: "\n") + "\n")
    if !options.users.isEmpty { try folder.write("users.acl", options.accessControl) }
  }

  deinit { kill() }

  /// Starts a server and waits until it answers.
  package static func start(_ options: Options = Options()) async throws -> RedisServer {
    let certificates = options.tls == .off ? nil : try ServerCertificates.make()
    return try await start(options, certificates: certificates, isClusterNode: false)
  }

  static func start(
    _ options: Options, certificates: ServerCertificates?, isClusterNode: Bool
  ) async throws -> RedisServer {
    var attempt = 1
    while true {
      let ports = Ports(
        plain: options.tcp || isClusterNode && certificates == nil ? try LoopbackPort.free() : nil,
        tls: certificates == nil ? nil : try LoopbackPort.free(),
        bus: isClusterNode ? try LoopbackPort.free() : nil)
      let server = try RedisServer(options: options, ports: ports, certificates: certificates)
      do {
        try await server.launch()
        return server
      } catch {
        // Another process may have taken a port between the draw and the start.
        guard attempt < 5, server.log.contains("Address already in use") else { throw error }
        attempt += 1
      }
    }
  }

  /// The end of what the server logged.
  package var log: String {
    (try? ChildProcess.output(of: ["tail", "-n", "40", "redis.log"], folder: folder.path).text) ?? ""
  }

  private var program: [String] {
    ["redis-server", "\(folder.path)/redis.conf"] + (options.isSentinel ? ["--sentinel"] : [])
  }

  private func launch() async throws {
    unlink(path)
    let child = try ChildProcess.start(program, folder: folder.path)
    process.withLock { $0 = child }
    for _ in 0..<1_000 {
      try await Task.sleep(for: .milliseconds(5))
      guard !child.hasEnded() else {
        process.withLock { $0 = nil }
        throw ServerError("redis-server ended at once: \(log)")
      }
      if access(path, F_OK) == 0, (try? run("PING")) == "PONG" { return }
    }
    kill()
    throw ServerError("redis-server does not answer: \(log)")
  }

  /// Stops the server in its own time and waits for its end; its folder stays for a restart.
  package func stop() { end(SIGTERM) }

  /// Ends the server at once, as a crash would.
  package func kill() { end(SIGKILL) }

  private func end(_ signal: Int32) {
    process.withLock { child in
      guard let running = child else { return }
      Glibc.kill(running.id, signal)
      Glibc.kill(running.id, SIGCONT)
      stands.withLock { $0 = false }
      // An end that takes longer than this is a server that hangs.
      for _ in 0..<500 where signal != SIGKILL {
        if running.hasEnded() {
          child = nil
          return
        }
        usleep(10_000)
      }
      Glibc.kill(running.id, SIGKILL)
      running.wait()
      child = nil
    }
  }

  /// Stops the process where it stands: connections stay open, nothing is answered.
  package func pause() {
    process.withLock { child in
      guard let child else { return }
      Glibc.kill(child.id, SIGSTOP)
      child.waitUntilStopped()
      stands.withLock { $0 = true }
    }
  }

  /// Lets a paused process go on.
  package func resume() {
    process.withLock { child in
      if let child { Glibc.kill(child.id, SIGCONT) }
    }
    stands.withLock { $0 = false }
  }

  /// Starts the server again on the same place, after stopping it where it still runs.
  package func restart() async throws {
    stop()
    try await launch()
  }

  /// What `redis-cli` prints for a command, without the last line's end; an error of the server is its text.
  @discardableResult package func run(_ arguments: String...) throws -> String { try run(arguments) }

  /// The same; `input`, if any, is one more argument at the end, of any bytes.
  @discardableResult package func run(_ arguments: [String], input: [UInt8]? = nil) throws -> String {
    var variables: [String: String] = [:]
    var options = ["-s", path]
    if input != nil { options.append("-x") }
    if !self.options.users.isEmpty {
      options += ["--user", Options.inspector]
      variables["REDISCLI_AUTH"] = Options.inspector
    } else if let password = self.options.password {
      variables["REDISCLI_AUTH"] = password
    }
    // A server that stands still answers nothing, ever.
    let answer = try ChildProcess.output(
      of: ["timeout", "10", "redis-cli"] + options + arguments, folder: folder.path, environment: variables,
      input: input)
    guard answer.status == 0 else { throw ServerError("redis-cli: \(answer.text)") }
    return answer.text.hasSuffix("\n") ? String(answer.text.dropLast()) : answer.text
  }
}
