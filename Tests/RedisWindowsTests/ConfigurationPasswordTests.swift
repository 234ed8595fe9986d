import Foundation
import RedisWindows
import Testing

/// Where passwords come from, and that they go nowhere else.
struct ConfigurationPasswordTests {
  private static let secret = "hunter2-se@cret"

  private func read(
    _ url: String, origin: RedisConfiguration.Origin = .elsewhere, _ variables: [String: String] = [:]
  ) throws -> RedisConfiguration {
    try RedisConfiguration(url: url, namespace: "rules", origin: origin) { variables[$0] }
  }

  private func failure(_ url: String, origin: RedisConfiguration.Origin = .elsewhere)
    -> RedisConfigurationError?
  {
    do {
      _ = try read(url, origin: origin)
      return nil
    } catch { return error as? RedisConfigurationError }
  }

  @Test func aPasswordComesFromTheURLAFileOrTheEnvironment() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("\(Self.secret)\n".utf8).write(to: file)
    let expected = RedisSecret(Self.secret)
    #expect(try read("redis://app:hunter2-se%40cret@h").login.password == expected)
    #expect(try read("redis://app:hunter2-se%40cret@h").login.user == "app")
    #expect(try read("redis://:hunter2-se%40cret@h").login.user == nil)
    #expect(try read("redis://h?user=app&password_file=\(file.path)").login.password == expected)
    #expect(try read("redis://app@h?password_env=P", ["P": Self.secret]).login.password == expected)
    let usual = ["ASSAY_REDIS_PASSWORD": Self.secret, "ASSAY_REDIS_SENTINEL_PASSWORD": "other"]
    #expect(try read("redis://h", usual).login.password == expected)
    #expect(try read("redis+sentinel://h/main", usual).sentinelLogin.password == RedisSecret("other"))
    #expect(try read("redis://:own@h", usual).login.password == RedisSecret("own"))
    #expect(try read("redis://h").login.password == nil)
  }

  @Test(arguments: [
    "redis://app:\(secret.replacing("@", with: "%40"))@h", "redis://h?password=hunter2-se%40cret",
    "redis://app:hunter2-se%40cret@h?timeout=x",
  ]) func aPasswordAmongArgumentsIsRefused(_ url: String) throws {
    let error = try #require(failure(url, origin: .arguments))
    #expect(error.place == "password" && error.hint?.contains("password_file") == true)
    #expect(!"\(error)".contains("hunter2"))
  }

  @Test(arguments: [
    "redis://app:hunter2/x@h", "redis://app:hunter2?x@h", "redis://app:hunter2#x@h", "redis://:hunter2/x@h:1",
    "unix://app:hunter2/x@/run/s", "redis://app:hunter2%zz@h", "redis://hunter2@h", "redis://app:hunter2@h:x",
    "redis://h?password=hunter2&password_file=/x", "redis://app:hunter2@h?password=hunter2",
    "redis://h?passwort=hunter2", "redis+cluster://app:hunter2@h/1",
  ]) func errorsNeverShowAPassword(_ url: String) throws {
    let error = try #require(failure(url))
    #expect(!"\(error)".contains("hunter2"), "\(error)")
    var dumped = ""
    dump(error, to: &dumped)
    #expect(!dumped.contains("hunter2"))
  }

  @Test func whatIsMissingIsNamed() {
    #expect(failure("redis://app@h")?.cause == "the user has no password")
    #expect(failure("redis://h?password_env=NONE")?.place == "password_env")
    #expect(
      failure("redis://h?password_file=/no/such/file")?.cause == "the file `/no/such/file` cannot be opened")
    #expect(failure("redis://h?password_file=/dev/null")?.cause == "the file `/dev/null` holds no password")
    #expect(failure("redis://h?password_file=/dev/zero")?.cause == "the file `/dev/zero` holds no password")
    #expect(failure("redis://:a@h?password_file=/x")?.cause == "the password is named in two places")
  }

  @Test func aSecretPrintsNowhere() throws {
    let configuration = try read(
      "redis+sentinel://app:hunter2@h/main", ["ASSAY_REDIS_SENTINEL_PASSWORD": "hunter2"])
    var dumped = ""
    dump(configuration, to: &dumped)
    let secret = RedisSecret("hunter2")
    let texts = [
      dumped, "\(configuration)", String(reflecting: configuration), "\(configuration.login)", "\(secret)",
      String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)",
      "\(Mirror(reflecting: secret).children.count)",
    ]
    for text in texts { #expect(!text.contains("hunter2")) }
  }
}
