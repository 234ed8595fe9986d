extension RedisConfiguration {
  /// The options that a URL may have; `Options.md` of the documentation has each with its unit, default and limits.
  private enum Option: String, CaseIterable {
    case db, database, user, password
    case passwordFile = "password_file"
    case passwordVariable = "password_env"
    case sentinelUser = "sentinel_user"
    case sentinelPasswordFile = "sentinel_password_file"
    case sentinelPasswordVariable = "sentinel_password_env"
    case timeout, durability, namespace
    case clientName = "client_name"
    case authorityFile = "ca_file"
    case certificateFile = "cert_file"
    case keyFile = "key_file"
    case serverName = "server_name"
    case backlogBytesMax = "backlog_bytes_max"
    case cacheBytesMax = "cache_bytes_max"
    case replyBytesMax = "reply_bytes_max"
    case pendingBytesMax = "pending_bytes_max"
  }

  /// Reads one option of a URL.
  mutating func read(
    _ name: String, _ value: String, _ passwords: inout PasswordSources
  ) throws(RedisConfigurationError) {
    if value.isEmpty { throw RedisConfigurationError(place: name, cause: "the option has no value") }
    guard let option = Option(rawValue: name) else {
      let named = Self.optionNames.filter { !["database", "password"].contains($0) }
      throw RedisConfigurationError(
        place: name, cause: "there is no such option",
        hint: "there are: \(named.map { "`\($0)`" }.joined(separator: ", "))")
    }
    switch option {
    case .db, .database: database = try Self.database(value)
    case .user: login.user = value
    case .sentinelUser: sentinelLogin.user = value
    case .password, .passwordFile, .passwordVariable, .sentinelPasswordFile, .sentinelPasswordVariable:
      try passwords.add(name, value)
    case .timeout: timeoutMilliseconds = try Self.milliseconds(value, place: name)
    case .durability: durability = try Self.durability(value)
    case .namespace: namespace = value
    case .clientName: clientName = try Self.clientName(value)
    case .authorityFile, .certificateFile, .keyFile, .serverName: try readEncryption(name, value)
    case .backlogBytesMax: backlogBytesMax = try Self.bytes(value, place: name, 0...1 << 40)
    case .cacheBytesMax: cacheBytesMax = try Self.bytes(value, place: name, 0...1 << 40)
    case .replyBytesMax: replyBytesMax = try Self.bytes(value, place: name, 1 << 16...1 << 29)
    case .pendingBytesMax: pendingBytesMax = try Self.bytes(value, place: name, 1 << 16...1 << 30)
    }
  }

  /// The names of all options that a URL may have.
  package static var optionNames: [String] { Option.allCases.map(\.rawValue) }

  private mutating func readEncryption(_ name: String, _ value: String) throws(RedisConfigurationError) {
    guard var settings = tls else {
      throw RedisConfigurationError(
        place: name, cause: "the option is for encrypted connections", hint: "begin the URL with `rediss`")
    }
    switch name {
    case "ca_file": settings.authorityFile = value
    case "cert_file": settings.certificateFile = value
    case "key_file": settings.keyFile = value
    default: settings.serverName = value
    }
    tls = settings
  }

  private static func durability(_ text: String) throws(RedisConfigurationError) -> Durability {
    if let durability = Durability(rawValue: text) { return durability }
    throw RedisConfigurationError(
      place: "durability", cause: "`\(text)` is no durability", hint: "write `primary` or `wait`")
  }

  private static func clientName(_ text: String) throws(RedisConfigurationError) -> String {
    if text.utf8.allSatisfy({ (33...126).contains($0) }) { return text }
    throw RedisConfigurationError(
      place: "client_name", cause: "a client's name has printable ASCII characters only, and no space")
  }

  private static func milliseconds(_ text: String, place: String) throws(RedisConfigurationError) -> Int {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let factor = ["ms": 1, "s": 1_000][text[digits.endIndex...]]
    if let factor, let number = Int(digits), (1...60_000 / factor).contains(number) { return number * factor }
    throw RedisConfigurationError(
      place: place, cause: "`\(text)` is no time from 1 ms to 60 s", hint: "write `20ms` or `1s`")
  }

  private static func bytes(
    _ text: String, place: String, _ range: ClosedRange<Int>
  ) throws(RedisConfigurationError) -> Int {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let factor = ["": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30][text[digits.endIndex...]]
    if let factor, let number = Int(digits) {
      let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
      if !overflow && range.contains(bytes) { return bytes }
    }
    throw RedisConfigurationError(
      place: place, cause: "`\(text)` is no size from \(range.lowerBound) to \(range.upperBound) bytes",
      hint: "write `4MiB`, or plain bytes")
  }
}

extension RedisConfiguration: CustomStringConvertible {
  /// The configuration as a URL for logs, with asterisks for passwords and without what is at its default.
  public var description: String {
    let scheme = tls == nil ? "redis" : "rediss"
    let user = login.user ?? ""
    let credentials = login.password == nil ? "" : "\(user):***@"
    let places = addresses.map(\.description).joined(separator: ",")
    var text: String
    switch topology {
    case .single:
      if case .unixSocket? = addresses.first {
        text = "unix://\(credentials)\(places)"
        if database != 0 { text += "?db=\(database)" }
      } else {
        text = "\(scheme)://\(credentials)\(places)" + (database == 0 ? "" : "/\(database)")
      }
    case .cluster: text = "\(scheme)+cluster://\(credentials)\(places)"
    case .sentinel(let primary):
      text = "\(scheme)+sentinel://\(credentials)\(places)/\(primary)" + (database == 0 ? "" : "/\(database)")
    }
    let options = "timeout=\(timeoutMilliseconds)ms&durability=\(durability.rawValue)&namespace=\(namespace)"
    return text + (text.contains("?") ? "&" : "?") + options
  }
}
