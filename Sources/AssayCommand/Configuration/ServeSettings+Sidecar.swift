import RedisWindows
import RuleSets
import Sidecar
import Workbench

extension ServeSettings {
  /// How long a decision waits for Redis where nobody says; milliseconds.
  private static let redisTimeout = 20

  /// What the settings come to for a sidecar with these rules; files with secrets are read here.
  func configuration(for rules: RuleSet) throws(Stop) -> SidecarConfiguration {
    try expectRedis()
    var configuration = SidecarConfiguration()
    configuration.access = try access()
    configuration.loopCount = integer("loops") ?? 1
    configuration.memoryBytesMax = (integer("memory") ?? 1) << 20
    configuration.addresses = try addresses()
    configuration.limits = limits()
    configuration.hashingKey = try secret("hashing-key-file")
    configuration.traces = try traces()
    configuration.ingestPath = text("ingest-config")
    if let url = text("redis") { configuration.redis = try redis(url, rules) }
    return configuration
  }

  /// What is about Redis alone is a mistake without it.
  private func expectRedis() throws(Stop) {
    if text("redis") != nil { return }
    let others = ["redis-password-file", "namespace", "redis-timeout", "hashing-key-file"]
    if let found = entries.first(where: { others.contains($0.setting.key) && $0.content != nil }) {
      throw Stop(
        .input, "`\(found.source)` needs `--redis`", hint: "say where the windows are, or leave it out")
    }
  }

  private func addresses() throws(Stop) -> [SidecarConfiguration.Address] {
    var addresses: [SidecarConfiguration.Address] = InheritedSockets.descriptors.map {
      .inherited(descriptor: $0)
    }
    if let socket = text("socket") { addresses.append(.unixSocket(socket)) }
    if let listen = text("listen") {
      addresses.append(try ListenAddress.parse(listen, isPublic: isOn("public")))
    }
    return addresses
  }

  /// Whoever only looks at the settings needs no address.
  static func expectAddress(_ configuration: SidecarConfiguration) throws(Stop) {
    guard configuration.addresses.isEmpty else { return }
    throw Stop(
      .input, "`--socket` or `--listen` is needed",
      hint: "say where clients connect: `--socket /run/assay.sock`")
  }

  private func access() throws(Stop) -> SidecarConfiguration.Access {
    var access = SidecarConfiguration.Access()
    let written = text("socket-mode") ?? "600"
    guard let mode = UInt32(written, radix: 8), mode <= 0o777 else {
      throw Stop(.input, "`--socket-mode`: `\(written)` is no mode", hint: "say it in octal, such as 660")
    }
    access.mode = mode
    access.group = text("socket-group")
    if let numbers = integers("allow-user") {
      let users = numbers.compactMap { UInt32(exactly: $0) }
      guard users.count == numbers.count else {
        throw Stop(
          .input, "`allow-user`: users have numbers from 0 to \(UInt32.max)", hint: "`id -u NAME` tells")
      }
      access.users = Set(users)
    }
    return access
  }

  private func limits() -> SidecarConfiguration.Limits {
    var limits = SidecarConfiguration.Limits()
    let places: [(String, WritableKeyPath<SidecarConfiguration.Limits, Int>)] = [
      ("connections-max", \.connectionsMax), ("in-flight-max", \.inFlightMax),
      ("in-flight-per-connection-max", \.inFlightPerConnectionMax), ("pipelined-max", \.pipelinedMax),
      ("header-bytes-max", \.headerBytesMax), ("header-ms", \.headerMilliseconds),
      ("body-ms", \.bodyMilliseconds), ("idle-ms", \.idleMilliseconds), ("drain-ms", \.drainMilliseconds),
    ]
    for (name, place) in places {
      if let number = integer("limits." + name) { limits[keyPath: place] = number }
    }
    return limits
  }

  private func traces() throws(Stop) -> SidecarConfiguration.Traces? {
    guard let url = text("trace-endpoint") else { return nil }
    do throws(SidecarError) {
      var traces = SidecarConfiguration.Traces(endpoint: try TraceEndpoint(url: url))
      traces.sampleRatio = number("trace-sample") ?? 1
      return traces
    } catch {
      throw Stop(.input, "`--trace-endpoint`: \(error.message)", hint: error.hint)
    }
  }

  private func redis(_ url: String, _ rules: RuleSet) throws(Stop) -> RedisConfiguration {
    let password = try secret("redis-password-file").map { String(decoding: $0, as: UTF8.self) }
    do throws(RedisConfigurationError) {
      return try RedisConfiguration(
        argument: url, namespace: text("namespace") ?? rules.name, timeout: integer("redis-timeout"),
        ordinary: .init(
          timeoutMilliseconds: Self.redisTimeout, durability: rules.durability == .wait ? .wait : .primary),
        origin: isArgument("redis") ? .arguments : .elsewhere,
        environment: { name in
          (name == "ASSAY_REDIS_PASSWORD" ? password : nil) ?? RedisConfiguration.variable(name)
        })
    } catch {
      throw Stop(error)
    }
  }

  /// The bytes of a file that a setting names.
  private func secret(_ key: String) throws(Stop) -> [UInt8]? {
    guard let path = text(key) else { return nil }
    do throws(InputError) {
      return try SmallFile.bytes(of: path)
    } catch {
      throw Stop(.input, error.description, hint: error.hint)
    }
  }
}
