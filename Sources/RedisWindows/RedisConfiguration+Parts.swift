/// A URL taken apart, nothing decided yet. Its errors show no text that could be part of a password.
struct RedisURL {
  /// What the scheme says.
  enum Kind {
    case single
    case unixSocket
    case cluster
    case sentinel
  }

  let kind: Kind
  let isEncrypted: Bool
  /// Of the part before `@`, decoded; nil where it is missing or empty.
  let user: String?
  let password: String?
  /// The hosts, or nothing for a Unix socket.
  let hosts: Substring
  /// From the first slash on, still encoded.
  let path: Substring
  /// Names and values in their order, decoded.
  let options: [(name: String, value: String)]

  private static let schemes: [String: (Kind, Bool)] = [
    "redis": (.single, false), "rediss": (.single, true),
    "unix": (.unixSocket, false), "redis+unix": (.unixSocket, false), "redis+socket": (.unixSocket, false),
    "redis-socket": (.unixSocket, false),
    "redis+cluster": (.cluster, false), "redis-cluster": (.cluster, false),
    "rediss+cluster": (.cluster, true), "rediss-cluster": (.cluster, true),
    "redis+sentinel": (.sentinel, false), "redis-sentinel": (.sentinel, false),
    "rediss+sentinel": (.sentinel, true), "rediss-sentinel": (.sentinel, true),
  ]

  init(_ text: String) throws(RedisConfigurationError) {
    guard let separator = text.firstRange(of: "://"),
      let (kind, isEncrypted) = Self.schemes[text[..<separator.lowerBound].lowercased()]
    else {
      throw RedisConfigurationError(
        place: "scheme", cause: "the address of redis is no URL that is known here",
        hint: "write `redis://host:6379`, `rediss://…`, `unix:///path`, `redis+cluster://a:7000,b:7001` or "
          + "`redis+sentinel://a:26379,b:26379/primary-name`")
    }
    self.kind = kind
    self.isEncrypted = isEncrypted
    let rest = text[separator.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let beyond = rest[authority.endIndex...]
    let query = beyond.firstIndex(of: "?") ?? beyond.endIndex
    let at = authority.lastIndex(of: "@")
    if beyond.contains("#") || (kind == .unixSocket ? beyond[query...] : beyond).contains("@") {
      throw RedisConfigurationError(
        place: "password", cause: "the URL has a `@` or `#` where none can be",
        hint: "in a name or password write `@` as `%40`, `#` as `%23`, `/` as `%2F` and `?` as `%3F`")
    }
    (user, password) =
      try at.map { at throws(RedisConfigurationError) in try Self.login(authority[..<at]) } ?? (nil, nil)
    hosts = at.map { authority[authority.index(after: $0)...] } ?? authority
    path = beyond[..<query]
    options = try Self.options(beyond[query...].dropFirst())
  }

  private static func login(
    _ text: Substring
  ) throws(RedisConfigurationError) -> (user: String?, password: String?) {
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    let user = try decode(text[..<colon], place: "user")
    let password = try decode(text[colon...].dropFirst(), place: "password")
    return (user.isEmpty ? nil : user, password.isEmpty ? nil : password)
  }

  private static func options(
    _ query: Substring
  ) throws(RedisConfigurationError) -> [(name: String, value: String)] {
    var options: [(name: String, value: String)] = []
    for part in query.split(separator: "&") {
      let equals = part.firstIndex(of: "=") ?? part.endIndex
      let name = try decode(part[..<equals], place: "options")
      let value = try decode(part[equals...].dropFirst(), place: name)
      if options.contains(where: { $0.name == name }) {
        throw RedisConfigurationError(place: name, cause: "the option is given twice")
      }
      options.append((name, value))
    }
    return options
  }

  /// The text with `%41` as `A`.
  static func decode(_ text: Substring, place: String) throws(RedisConfigurationError) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
        throw RedisConfigurationError(
          place: place, cause: "a `%` is not followed by two hexadecimal digits", hint: "write `%` as `%25`")
      }
      bytes.append(high << 4 | low)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw RedisConfigurationError(place: place, cause: "the percent signs stand for no text")
    }
    return decoded
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
