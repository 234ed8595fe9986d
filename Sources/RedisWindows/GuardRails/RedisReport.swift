/// What was found when the servers were looked at: whether windows kept there can be trusted, and what to do if not.
public struct RedisReport: Sendable, Hashable {
  /// How bad a finding is; worse ones are greater.
  public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Worth knowing.
    case note
    /// Windows can become wrong.
    case warning
    /// Nothing can be decided, or not exactly.
    case error

    /// By how bad they are.
    public static func < (left: Severity, right: Severity) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// What a finding is about; stable, for alerts.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The server did not answer.
    case unreachable
    /// The server is older than what the windows need.
    case version
    /// The probe's commands were refused, or did not give what they wrote.
    case probe
    /// The server is a replica.
    case replica
    /// The server may evict entity logs when memory is full.
    case mayEvict = "may_evict"
    /// The server evicted keys.
    case hasEvicted = "has_evicted"
    /// The memory in use is near its bound.
    case memory
    /// Clocks differ.
    case clock
    /// Appends wait for a replica, and there is none.
    case noReplica = "no_replica"
    /// A restart loses what was appended.
    case persistence
  }

  /// One thing that was found.
  public struct Finding: Sendable, Hashable {
    /// What it is about.
    public var code: Code
    /// How bad it is.
    public var severity: Severity
    /// The server's address.
    public var server: String
    /// Lower case, no final period.
    public var message: String
    /// The way out.
    public var hint: String?

    /// A finding at a server.
    public init(_ code: Code, _ severity: Severity, server: String, _ message: String, hint: String? = nil) {
      self.code = code
      self.severity = severity
      self.server = server
      self.message = message
      self.hint = hint
    }
  }

  /// The worst first, then by server and code.
  public let findings: [Finding]
  /// The servers that were looked at, each with its version where it told.
  public let servers: [String]

  /// A report on `servers`, in any order.
  public init(servers: [String], findings: [Finding]) {
    self.servers = servers.sorted()
    self.findings = findings.sorted {
      ($1.severity, $0.server, $0.code.rawValue, $0.message) < (
        $0.severity, $1.server, $1.code.rawValue, $1.message
      )
    }
  }

  /// Whether decisions can be made: nothing worse than a warning was found.
  public var isReady: Bool { findings.first?.severity != .error }
}

extension RedisReport: CustomStringConvertible {
  /// One line for each finding and one for its hint; one line in all when nothing was found.
  public var description: String {
    if findings.isEmpty { return "redis is fit for windows: \(servers.joined(separator: ", "))\n" }
    return findings.map { finding in
      "\(finding.severity.rawValue): redis at `\(finding.server)`: \(finding.message)\n"
        + (finding.hint.map { "  hint: \($0)\n" } ?? "")
    }.joined()
  }
}
