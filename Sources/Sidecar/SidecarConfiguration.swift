internal import Events
package import RedisWindows
internal import RuleSets

/// Everything about a sidecar that is not in its rules.
package struct SidecarConfiguration: Sendable {
  /// Where clients connect.
  package enum Address: Sendable, Hashable {
    /// A Unix socket that is made at this path.
    case unixSocket(String)
    /// A numeric address or a host name, and a port; 0 is any free one.
    case host(String, port: Int)
    /// A listening socket that this process was given, as systemd gives them.
    case inherited(descriptor: CInt)
  }

  /// Who may use the Unix sockets.
  package struct Access: Sendable, Hashable {
    /// The mode of the sockets' files.
    package var mode: UInt32 = 0o600
    /// The group of the sockets' files, by name or number; nil leaves the process' own.
    package var group: String?
    /// The numbers of the users whose processes are served; nil is everyone whom the mode lets in.
    package var users: Set<UInt32>?

    /// The process' own user only.
    package init() {}
  }

  /// What one client, or all together, may take.
  package struct Limits: Sendable, Hashable {
    /// Connections at once; further ones are closed as they come.
    package var connectionsMax = 16_384
    /// Decisions under way at once on one connection; what is beyond is not read yet.
    package var inFlightPerConnectionMax = 256
    /// Decisions under way at once on one event loop, fewer where the store is slow; what is beyond waits where its
    /// connection has others under way, and is refused with 503 where not.
    package var inFlightMax = 4_096
    /// Requests of one connection whose answers wait for an earlier one; what is beyond is not read yet.
    package var pipelinedMax = 64
    /// The headers of a request, all together; bytes.
    package var headerBytesMax = 16_384
    /// How long the headers of a request may take, from their first byte; milliseconds.
    package var headerMilliseconds = 5_000
    /// How long a body may stand still; milliseconds.
    package var bodyMilliseconds = 10_000
    /// How long a connection may be silent between requests; milliseconds.
    package var idleMilliseconds = 300_000
    /// How long what is under way may take when the server is told to stop; milliseconds.
    package var drainMilliseconds = 5_000

    /// The defaults.
    package init() {}
  }

  /// Where spans of decisions go.
  package struct Traces: Sendable, Hashable {
    package var endpoint: TraceEndpoint
    /// The share of decisions without a `traceparent` that are recorded, 0 to 1; with one it is for whoever sent it to
    /// say.
    package var sampleRatio = 1.0
    /// Spans that wait for the collector; further ones are dropped.
    package var queueMax = 4_096
    /// How long the collector may take for a batch; milliseconds.
    package var timeoutMilliseconds = 3_000

    /// Everything that has no `traceparent`, to `endpoint`.
    package init(endpoint: TraceEndpoint) { self.endpoint = endpoint }
  }

  /// Where clients connect.
  package var addresses: [Address] = []
  /// Who may use the Unix sockets.
  package var access = Access()
  /// What clients may take.
  package var limits = Limits()
  /// Threads that serve clients, each with connections of its own to Redis.
  package var loopCount = 1
  /// Where the windows are; nil keeps them in memory.
  package var redis: RedisConfiguration?
  /// The bound of the memory for windows, where they are in memory; bytes.
  package var memoryBytesMax = 1 << 30
  /// Where spans of decisions go; nil makes none.
  package var traces: Traces?
  /// The file about the sources of vendors' messages; nil takes none.
  package var ingestPath: String?
  /// The key that sensitive values are hashed with; nil makes a random one, for windows that die with the process.
  package var hashingKey: [UInt8]?

  /// The least a hashing key has; bytes.
  package static let hashingKeyBytesMin = 16

  /// Whether other processes would hash the sensitive values of these rules otherwise, and count them apart.
  func lacksKey(for rules: RuleSet) -> Bool {
    redis != nil && hashingKey == nil && rules.schema.fields.contains(where: \.sensitive)
  }

  /// Windows in memory, no address yet.
  package init() {}
}
