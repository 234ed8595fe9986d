internal import Glibc

/// Where passwords are said to be, and how they are fetched.
struct PasswordSources {
  private struct Source {
    let option: String
    let value: String
  }

  private var server: Source?
  private var sentinel: Source?

  init(inURL password: String?) { server = password.map { Source(option: "password", value: $0) } }

  /// Takes the option `name`.
  mutating func add(_ name: String, _ value: String) throws(RedisConfigurationError) {
    let isForSentinel = name.hasPrefix("sentinel_")
    guard (isForSentinel ? sentinel : server) == nil else {
      throw RedisConfigurationError(
        place: name, cause: "the password is named in two places", hint: "keep one of them")
    }
    let option = isForSentinel ? String(name.dropFirst("sentinel_".count)) : name
    if isForSentinel {
      sentinel = Source(option: option, value: value)
    } else {
      server = Source(option: option, value: value)
    }
  }

  /// Fetches the passwords; without any source from the environment's usual variables.
  func settle(
    _ environment: (String) -> String?, login: inout RedisConfiguration.Login,
    sentinelLogin: inout RedisConfiguration.Login
  ) throws(RedisConfigurationError) {
    login.password = try Self.fetch(server, "ASSAY_REDIS_PASSWORD", environment)
    sentinelLogin.password = try Self.fetch(sentinel, "ASSAY_REDIS_SENTINEL_PASSWORD", environment)
    for (login, place) in [(login, "user"), (sentinelLogin, "sentinel_user")]
    where login.user != nil && login.password == nil {
      throw RedisConfigurationError(
        place: place, cause: "the user has no password",
        hint: place == "user"
          ? "name a file with `password_file`, or set `ASSAY_REDIS_PASSWORD`"
          : "name a file with `sentinel_password_file`, or set `ASSAY_REDIS_SENTINEL_PASSWORD`")
    }
  }

  private static func fetch(
    _ source: Source?, _ usual: String, _ environment: (String) -> String?
  ) throws(RedisConfigurationError) -> RedisSecret? {
    switch source?.option {
    case "password"?: return source.map { RedisSecret($0.value) }
    case "password_file"?:
      return try source.map { source throws(RedisConfigurationError) in try read(source.value) }
    case "password_env"?:
      guard let source, let text = environment(source.value), !text.isEmpty else {
        throw RedisConfigurationError(
          place: "password_env", cause: "the environment has no variable of that name, or an empty one")
      }
      return RedisSecret(text)
    default: return environment(usual).flatMap { $0.isEmpty ? nil : RedisSecret($0) }
    }
  }

  private static let fileBytesMax = 4_096

  /// The text of a file without the end of its line.
  private static func read(_ path: String) throws(RedisConfigurationError) -> RedisSecret {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw RedisConfigurationError(
        place: "password_file", cause: "the file `\(path)` cannot be opened",
        hint: "it must exist and be readable by this user")
    }
    defer { _ = close(file) }
    var bytes = [UInt8](repeating: 0, count: fileBytesMax + 1)
    var count = 0
    while count < bytes.count {
      let more = unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(file, bytes.baseAddress?.advanced(by: count), bytes.count - count)
      }
      if more <= 0 { break }
      count += more
    }
    var text = bytes[..<count]
    if text.last == UInt8(ascii: "\n") { text.removeLast() }
    if text.last == UInt8(ascii: "\r") { text.removeLast() }
    guard !text.isEmpty, count <= fileBytesMax, let secret = String(validating: text, as: UTF8.self) else {
      throw RedisConfigurationError(
        place: "password_file", cause: "the file `\(path)` holds no password",
        hint: "it must be the password alone, at most \(fileBytesMax) bytes of UTF-8")
    }
    return RedisSecret(secret)
  }
}
