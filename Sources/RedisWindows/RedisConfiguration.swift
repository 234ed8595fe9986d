/// Where the windows' Redis is and how to talk to it: all options in one place.
public struct RedisConfiguration: Sendable {
  /// What kind of deployment answers at the address.
  public enum Topology: Sendable, Hashable {
    /// One server.
    case single
    /// A Redis Cluster; the address is any of its nodes.
    case cluster
    /// Sentinels that know the primary of this name; the addresses are theirs.
    case sentinel(primary: String)
  }
  /// When an append counts as done.
  public enum Durability: String, Sendable, Hashable {
    /// When the primary has it: what was acknowledged can be lost in a fail-over.
    case primary
    /// When a replica has it too (`WAIT 1`).
    case wait
  }

  /// What kind of deployment it is.
  public var topology: Topology = .single
  /// The keys' first part: the rule set's name, unless something else is said.
  public var namespace: String
  /// How long a decision may wait for Redis, connecting included; milliseconds.
  public var timeoutMilliseconds = 20
  /// When an append counts as done.
  public var durability: Durability = .primary
  /// The bound on events waiting to be appended after a failure; bytes.
  public var backlogBytesMax = 64 << 20
  /// The bound on logs and folded state kept in this process; bytes.
  public var cacheBytesMax = 256 << 20
  /// The largest reply that is read; bytes.
  public var replyBytesMax = 16 << 20

  /// The defaults, for keys under `namespace`.
  public init(namespace: String) { self.namespace = namespace }
}
