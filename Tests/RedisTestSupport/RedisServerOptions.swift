extension RedisServer {
  /// How a server of a test's own is set up; it always listens on a Unix socket.
  package struct Options: Sendable {
    /// Whether it speaks TLS, and to whom.
    package enum TLS: Sendable { case off, anyone, knownClients }
    /// What of its data survives a restart.
    package enum Persistence: Sendable { case none, appendOnly }

    /// Whether it listens on a port of the loopback too.
    package var tcp = false
    /// Whether it listens with TLS on another port of the loopback.
    package var tls = TLS.off
    /// The password of the default user.
    package var password: String?
    /// Users as lines of an ACL file: `user app on >secret ~* +@all`.
    package var users: [String] = []
    /// The bound on its data; bytes.
    package var memoryBytesMax: Int?
    /// What it does at that bound: `noeviction` unless set.
    package var memoryPolicy: String?
    /// What of its data survives a restart.
    package var persistence = Persistence.none
    /// More lines of its configuration.
    package var directives: [String] = []
    /// Whether it is a sentinel.
    var isSentinel = false

    /// A server without password, on a Unix socket only, that forgets all when it stops.
    package init() {}

    /// The defaults, changed by `change`.
    package init(_ change: (inout Options) -> Void) { change(&self) }
  }

  /// Where a server listens on the loopback.
  struct Ports: Sendable {
    var plain: Int?
    var tls: Int?
    var bus: Int?
  }
}

extension RedisServer.Options {
  /// The user that the tests' own commands come from where there is an ACL file.
  static let inspector = "inspector"

  /// The lines of the configuration.
  func configuration(
    ports: RedisServer.Ports, folder: String, certificates: ServerCertificates?
  ) -> [String] {
    let place = [
      "bind 127.0.0.1", "port \(ports.plain ?? 0)", "protected-mode no", "daemonize no", "dir \(folder)",
      "unixsocket \(folder)/redis.sock", "unixsocketperm 700", "logfile \(folder)/redis.log",
    ]
    let encryption = encryption(ports: ports, certificates)
    if isSentinel { return place + encryption + directives }
    var lines =
      place + [
        "save \"\"", "enable-debug-command yes", "repl-diskless-sync-delay 0", "shutdown-timeout 0",
        "appendonly \(persistence == .appendOnly ? "yes" : "no")",
      ]
    if let bus = ports.bus { lines += ["cluster-enabled yes", "cluster-port \(bus)"] }
    if let password { lines.append("requirepass \(password)") }
    if !users.isEmpty { lines.append("aclfile \(folder)/users.acl") }
    if let memoryBytesMax { lines.append("maxmemory \(memoryBytesMax)") }
    if let memoryPolicy { lines.append("maxmemory-policy \(memoryPolicy)") }
    return lines + encryption + directives
  }

  /// Without a port in the clear servers speak TLS with each other as well.
  private func encryption(ports: RedisServer.Ports, _ certificates: ServerCertificates?) -> [String] {
    guard let port = ports.tls, let certificates else { return [] }
    let lines = [
      "tls-port \(port)", "tls-ca-cert-file \(certificates.authority)",
      "tls-cert-file \(certificates.server)", "tls-key-file \(certificates.serverKey)",
      "tls-auth-clients \(tls == .knownClients ? "yes" : "no")",
    ]
    if ports.plain != nil { return lines }
    return lines + ["tls-replication yes"] + (ports.bus == nil ? [] : ["tls-cluster yes"])
  }

  /// The ACL file's text: the tests' users, and one for set-up and inspection.
  var accessControl: String {
    let hasDefault = users.contains { $0.hasPrefix("user default ") }
    let standard = hasDefault ? [] : ["user default on nopass ~* &* +@all"]
    let lines = standard + users + ["user \(Self.inspector) on >\(Self.inspector) ~* &* +@all"]
    return lines.joined(separator: "\n") + "\n"
  }
}
