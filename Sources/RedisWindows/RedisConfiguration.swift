/// Where the windows' Redis is and how to talk to it: all options in one place. `init(url:)` reads it from a URL.
public struct RedisConfiguration: Sendable {
  /// What kind of deployment answers at the addresses.
  public enum Topology: Sendable, Hashable {
    /// One server.
    case single
    /// A Redis Cluster; the addresses are any of its nodes.
    case cluster
    /// Sentinels that know the primary of this name; the addresses are theirs.
    case sentinel(primary: String)
  }
  /// When an append counts as done.
  public enum Durability: String, Sendable, Hashable, CaseIterable {
    /// When the primary has it: what was acknowledged can be lost in a fail-over.
    case primary
    /// When a replica has it too (`WAIT 1`).
    case wait
  }
  /// How a connection is encrypted. The server's certificate and name are always checked.
  public struct TLS: Sendable, Hashable {
    /// A PEM file with the certificates that are trusted; nil trusts what the system trusts.
    public var authorityFile: String?
    /// A PEM file with this client's certificate and those that lead to a trusted one.
    public var certificateFile: String?
    /// A PEM file with the key of the client's certificate.
    public var keyFile: String?
    /// The name that the server's certificate must have, where it is not the host of the address.
    public var serverName: String?

    /// Trusts what the system trusts, shows no certificate.
    public init() {}
  }
  /// Who the client is.
  public struct Login: Sendable, Hashable {
    /// A user of the access control list; nil is the default user.
    public var user: String?
    /// Without a password nothing is said about who the client is.
    public var password: RedisSecret?

    /// The default user without a password.
    public init(user: String? = nil, password: RedisSecret? = nil) {
      self.user = user
      self.password = password
    }
  }

  /// What kind of deployment it is.
  public var topology: Topology = .single
  /// Where servers or sentinels listen: one for a single server, any number otherwise.
  public var addresses: [RedisAddress] = [.host("localhost", port: 6379)]
  /// The number of the database; a cluster has only 0.
  public var database = 0
  /// Who the client is for the servers.
  public var login = Login()
  /// Who the client is for the sentinels.
  public var sentinelLogin = Login()
  /// Encryption; nil sends everything in the clear.
  public var tls: TLS?
  /// What the client calls itself in `CLIENT LIST`.
  public var clientName = "assay"
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
  /// The largest replies to one group of commands that are read; bytes. Four full logs of the default limit fit; a
  /// hostile server can cost this process about three times as much.
  public var replyBytesMax = 4 << 20
  /// The bound on commands to one server that wait to be sent or answered; bytes.
  public var pendingBytesMax = 16 << 20
  /// The namespace is this store's alone: every key that it writes can be removed again. Costs the memory of the keys.
  package var isTemporary = false

  /// The defaults, for keys under `namespace`.
  public init(namespace: String) { self.namespace = namespace }
}
