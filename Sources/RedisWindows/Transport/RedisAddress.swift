/// Where a server listens.
public enum RedisAddress: Hashable, Sendable {
  /// A Unix socket's path.
  case unixSocket(String)
  /// A host name or address, and a port.
  case host(String, port: Int)
}

extension RedisAddress: CustomStringConvertible {
  /// `/run/redis.sock`, `cache.example:6379`, `[::1]:6379`.
  public var description: String {
    switch self {
    case .unixSocket(let path): path
    case .host(let name, let port): name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
    }
  }
}
