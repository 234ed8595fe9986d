internal import Glibc

extension RedisConfiguration {
  /// Where a URL was written.
  public enum Origin: Sendable {
    /// Among the arguments of a command, where every user of the machine can read it: no password is taken from it.
    case arguments
    /// In a file or a variable, or made by the program.
    case elsewhere
  }

  /// Reads a configuration from a URL:
  ///
  /// - `redis://[user[:password]@]host[:port][/database]`, `rediss://…` with TLS,
  /// - `unix:///path` (also `redis+unix`, `redis+socket`, `redis-socket`), the database as `?db=1`,
  /// - `redis+cluster://a:7000,b:7001`, `redis+sentinel://a:26379,b:26379/primary-name[/database]`, both also with
  ///   `rediss` and with `-` for `+`.
  ///
  /// Options follow as `?name=value&…`; <doc:Options> has all of them. Characters with a meaning in URLs are written as
  /// `%40`.
  ///
  /// Where nothing names a password, the environment's `ASSAY_REDIS_PASSWORD` is taken, and
  /// `ASSAY_REDIS_SENTINEL_PASSWORD` for sentinels. Password files are read here, once.
  public init(
    url text: String, namespace: String, origin: Origin = .elsewhere,
    environment: (String) -> String? = RedisConfiguration.variable
  ) throws(RedisConfigurationError) {
    self.init(namespace: namespace)
    let url = try RedisURL(text)
    if origin == .arguments && (url.password != nil || url.options.contains { $0.name == "password" }) {
      throw RedisConfigurationError(
        place: "password", cause: "a password among the arguments can be read by every user of the machine",
        hint: "write it to a file and name that with `?password_file=…`, or set `ASSAY_REDIS_PASSWORD`")
    }
    tls = url.isEncrypted ? TLS() : nil
    try readPlace(url)
    login.user = url.user
    var passwords = PasswordSources(inURL: url.password)
    for (name, value) in url.options { try read(name, value, &passwords) }
    try Self.check(namespace: self.namespace)
    try passwords.settle(environment, login: &login, sentinelLogin: &sentinelLogin)
    if topology == .cluster && database != 0 {
      throw RedisConfigurationError(place: "db", cause: "a cluster has database 0 only")
    }
  }

  /// Longer names would make up most of every key. Bytes.
  package static let namespaceBytesMax = 128

  /// A namespace is the first part of all keys: a brace there would be taken for the beginning of a hash tag.
  private static func check(namespace: String) throws(RedisConfigurationError) {
    let bytes = namespace.utf8
    guard !bytes.isEmpty else {
      throw RedisConfigurationError(
        place: "namespace", cause: "a namespace has 1 to \(namespaceBytesMax) bytes",
        hint: "choose a name like `rewards`")
    }
    guard bytes.count <= namespaceBytesMax else {
      throw RedisConfigurationError(
        place: "namespace", cause: "a namespace has 1 to \(namespaceBytesMax) bytes, this one \(bytes.count)",
        hint: "choose a shorter one: it stands at the beginning of every key")
    }
    let isFit = bytes.allSatisfy {
      (33...126).contains($0) && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}")
    }
    guard isFit else {
      throw RedisConfigurationError(
        place: "namespace", cause: "a namespace has printable ASCII characters only, no space and no brace",
        hint: "choose a name like `rewards` or `eu/rewards`")
    }
  }

  /// A variable of this process' environment.
  public static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  private mutating func readPlace(_ url: RedisURL) throws(RedisConfigurationError) {
    var parts = url.path.split(separator: "/")
    switch url.kind {
    case .unixSocket:
      addresses = [.unixSocket(try Self.socketPath(url))]
      return
    case .single:
      addresses = try Self.hosts(url.hosts.isEmpty ? "localhost" : url.hosts, defaultPort: 6_379)
      guard addresses.count == 1 else {
        throw RedisConfigurationError(
          place: "host", cause: "one server has one address",
          hint: "for several write `redis+cluster` or `redis+sentinel`")
      }
    case .cluster:
      topology = .cluster
      addresses = try Self.hosts(url.hosts, defaultPort: 6_379)
    case .sentinel:
      addresses = try Self.hosts(url.hosts, defaultPort: 26_379)
      guard !parts.isEmpty else {
        throw RedisConfigurationError(
          place: "path", cause: "the primary that the sentinels watch has no name",
          hint: "write it as the path: `redis+sentinel://a:26379/primary-name`")
      }
      topology = .sentinel(primary: try RedisURL.decode(parts.removeFirst(), place: "path"))
    }
    guard parts.count <= 1 else {
      throw RedisConfigurationError(
        place: "path", cause: "the path has more than a database's number", hint: "write a `/` as `%2F`")
    }
    if let number = parts.first { database = try Self.database(String(number)) }
  }

  private static func socketPath(_ url: RedisURL) throws(RedisConfigurationError) -> String {
    let path = try RedisURL.decode(url.path, place: "path")
    guard url.hosts.isEmpty, path.count > 1 else {
      throw RedisConfigurationError(
        place: "path", cause: "a Unix socket's path begins with a slash",
        hint: "write `unix:///path`, three slashes")
    }
    guard path.utf8.count <= 107 else {
      throw RedisConfigurationError(
        place: "path", cause: "the path of a Unix socket has more than 107 bytes",
        hint: "use a shorter folder")
    }
    return path
  }

  private static func hosts(
    _ text: Substring, defaultPort: Int
  ) throws(RedisConfigurationError) -> [RedisAddress] {
    var found: [RedisAddress] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      found.append(try host(part, defaultPort: defaultPort))
    }
    return found
  }

  private static func host(_ text: Substring, defaultPort: Int) throws(RedisConfigurationError)
    -> RedisAddress
  {
    var name = text
    var rest = Substring()
    if text.first == "[", let end = text.firstIndex(of: "]") {
      name = text[..<end].dropFirst()
      rest = text[end...].dropFirst()
    } else if let colon = text.firstIndex(of: ":") {
      name = text[..<colon]
      rest = text[colon...]
    }
    guard !name.isEmpty else {
      throw RedisConfigurationError(place: "host", cause: "an address has no host")
    }
    if rest.isEmpty { return .host(try RedisURL.decode(name, place: "host"), port: defaultPort) }
    guard rest.first == ":", let port = UInt16(rest.dropFirst()), port > 0 else {
      throw RedisConfigurationError(
        place: "port", cause: "what follows the host is no port from 1 to 65535",
        hint: "an IPv6 address stands in brackets: `[::1]:6379`")
    }
    return .host(try RedisURL.decode(name, place: "host"), port: Int(port))
  }

  static func database(_ text: String) throws(RedisConfigurationError) -> Int {
    if let number = UInt16(text) { return Int(number) }
    throw RedisConfigurationError(
      place: "db", cause: "`\(text)` is no database's number", hint: "write `0` or more")
  }
}
