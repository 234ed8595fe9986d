/// Looks at every server that a transport sends groups to: what they say of themselves, and whether the very commands
/// that the windows use do there what they must.
package final class ServerInspection {
  /// What the inspection needs to know.
  package struct Settings: Sendable {
    /// The first part of all keys.
    package var namespace: String
    /// Whether appends wait for a replica.
    package var waitsForReplica = false
    /// How long one server may take; nanoseconds.
    package var timeout: Int64 = 1_000_000_000
    /// Tells this probe's keys from those of others.
    package var nonce: UInt64
    /// Milliseconds since 1970 by this machine's clock.
    package var wallClock: @Sendable () -> Int64

    /// The defaults, under a namespace.
    package init(namespace: String, nonce: UInt64, wallClock: @escaping @Sendable () -> Int64) {
      self.namespace = namespace
      self.nonce = nonce
      self.wallClock = wallClock
    }
  }

  private let transport: any RedisTransport
  private let clock: any LoopClock
  private let settings: Settings
  private var end: ((RedisReport) -> Void)?
  private var findings: [RedisReport.Finding] = []
  private var servers: [String] = []
  private var outstanding = 0

  private init(
    _ transport: any RedisTransport, _ clock: any LoopClock, _ settings: Settings,
    _ end: @escaping (RedisReport) -> Void
  ) {
    self.transport = transport
    self.clock = clock
    self.settings = settings
    self.end = end
  }

  /// Looks at the servers of `transport` and calls `end` once, on the loop, with what was found.
  package static func run(
    _ transport: any RedisTransport, clock: any LoopClock, settings: Settings,
    end: @escaping (RedisReport) -> Void
  ) {
    ServerInspection(transport, clock, settings, end).begin()
  }

  /// Any answer shows that the transport knows its servers.
  private func begin() {
    var ping = CommandBuffer()
    ping.begin(1)
    ping.argument("PING")
    transport.send(ping, deadline: clock.now + settings.timeout) { [self] result in
      let nodes = (transport as? any RedisTopology)?.primaries ?? []
      if nodes.isEmpty, case .failure(let failure) = result {
        add(.unreachable, at: "redis", failure)
        return finish()
      }
      // A transport for one server is asked as such.
      outstanding = 2 * max(nodes.count, 1)
      if nodes.isEmpty { look(at: transport, nil) }
      for node in nodes { look(at: node, node.address) }
    }
  }

  private func look(at server: any RedisTransport, _ address: RedisAddress?) {
    let name = (address ?? (server as? any RedisNode)?.address)?.description ?? "redis"
    servers.append(name)
    let asked = settings.wallClock()
    server.send(Self.questions, deadline: clock.now + settings.timeout) { [self] result in
      switch result {
      case .failure(let failure): add(.unreachable, at: name, failure)
      case .success(let replies): read(replies, name, asked: asked)
      }
      concluded()
    }
    let probe = ServerProbe(
      settings,
      slots: address.flatMap { address in
        (transport as? ClusterTransport).map { cluster in { cluster.serves($0, at: address) } }
      })
    transport.send(probe.commands, deadline: clock.now + settings.timeout) { [self] result in
      switch result {
      case .failure(let failure): add(.probe, at: name, failure)
      case .success(let replies): if let finding = probe.finding(replies, name) { findings.append(finding) }
      }
      concluded()
    }
  }

  private static let questions: CommandBuffer = {
    var commands = CommandBuffer()
    for word: StaticString in ["INFO", "TIME"] {
      commands.begin(1)
      commands.argument(word)
    }
    return commands
  }()

  private func read(_ replies: Replies, _ name: String, asked: Int64) {
    let place = replies.first
    if replies.kind(place) == .error {
      let address = RedisAddress.unixSocket(name)
      add(.unreachable, at: name, ErrorReply(replies.text(place)).failure(at: address))
    } else {
      findings += ServerChecks.findings(
        ServerFacts(replies.text(place)), server: name, waitsForReplica: settings.waitsForReplica)
    }
    let time = replies.tape.next(after: place)
    guard replies.kind(time) == .array, let seconds = Int64(replies.text(time + 1)),
      let microseconds = Int64(replies.text(time + 2)), (0..<1 << 40).contains(seconds)
    else { return }
    let now = settings.wallClock()
    let ours = asked &+ (now &- asked) / 2
    let difference = ServerChecks.clock(
      theirs: seconds * 1_000 + microseconds / 1_000, ours: ours, uncertainty: abs(now &- asked), name)
    if let difference { findings.append(difference) }
  }

  private func add(_ code: RedisReport.Code, at server: String, _ failure: RedisFailure) {
    findings.append(
      RedisReport.Finding(code, .error, server: server, failure.message, hint: failure.hint))
  }

  private func concluded() {
    outstanding -= 1
    if outstanding == 0 { finish() }
  }

  private func finish() {
    let end = end
    self.end = nil
    end?(RedisReport(servers: servers, findings: findings))
  }
}

/// A transport that sends groups to several servers, or to one that changes.
package protocol RedisTopology: RedisTransport {
  /// The servers that groups are sent to now.
  var primaries: [any RedisNode] { get }
}

extension ClusterTransport: RedisTopology {}

extension SentinelTransport: RedisTopology {
  /// The primary, once it is known.
  package var primaries: [any RedisNode] { primary.map { [$0] } ?? [] }
}
