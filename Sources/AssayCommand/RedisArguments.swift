import ArgumentParser
import Assay
import RedisWindows
import RuleSets
import Workbench

/// Where windows in Redis are and how to talk to it: one block for all commands that do.
struct RedisArguments: ParsableArguments {
  /// The timeout of tools where neither the option nor the URL has one; milliseconds.
  private static let toolTimeout = 5_000
  private static let timeouts = 1...60_000

  @Option(
    help: """
      The Redis that keeps the windows: redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://. Passwords \
      come from a file (?password_file=) or from ASSAY_REDIS_PASSWORD. All options of the URL stand in \
      Sources/RedisWindows/RedisWindows.docc/Options.md.
      """)
  var redis: String?

  @Option(
    help: """
      The first part of all keys. (default: the rule set's name; for replay and test a fresh one, removed at the end)
      """)
  var namespace: String?

  @Option(
    parsing: .unconditional,
    help: """
      How long one exchange with Redis may take; milliseconds from 1 to 60000. (default: the URL's ?timeout=, or \
      5000; for serve 20)
      """)
  var redisTimeout: Int?

  @Option(
    help: """
      A file with the key that sensitive values are hashed with: the same for all that share windows in Redis.
      """,
    completion: .file())
  var hashingKeyFile: String?

  func validate() throws {
    if let redisTimeout, !Self.timeouts.contains(redisTimeout) {
      throw ValidationError(
        "`--redis-timeout` is a number of milliseconds from \(Self.timeouts.lowerBound) to \(Self.timeouts.upperBound)"
      )
    }
  }

  /// For commands that know of no other Redis than their option's.
  func expectURL() throws {
    guard redis == nil else { return }
    let given = [
      ("--namespace", namespace != nil), ("--redis-timeout", redisTimeout != nil),
      ("--hashing-key-file", hashingKeyFile != nil),
    ]
    if let (name, _) = given.first(where: \.1) { throw ValidationError("`\(name)` needs `--redis`") }
  }

  /// For commands that work on nothing else.
  func require() throws {
    try expectURL()
    if redis == nil { throw ValidationError("`--redis` is needed: it says where the windows are") }
  }
}

extension RedisArguments {
  /// The key that sensitive values are hashed with; nil makes a random one.
  func hashingKey() throws(Stop) -> [UInt8]? {
    guard let hashingKeyFile else { return nil }
    do {
      return try SmallFile.bytes(of: hashingKeyFile)
    } catch {
      throw Stop(.input, error.description, hint: error.hint)
    }
  }

  /// Options of an engine over recorded events.
  func options(allFeatures: Bool = false) throws(Stop) -> EngineOptions {
    EngineOptions(clock: .replay, allFeatures: allFeatures, hashingKey: try hashingKey())
  }

  /// What the arguments say of Redis; nil without `--redis`. What they leave open the URL says, then the rule set, then
  /// `ordinaryTimeout`.
  func configuration(
    for rules: RuleSet, namespace: String? = nil, ordinaryTimeout: Int = Self.toolTimeout
  ) throws(Stop) -> RedisConfiguration? {
    guard let redis else { return nil }
    do {
      return try RedisConfiguration(
        argument: redis, namespace: namespace ?? self.namespace ?? rules.name, timeout: redisTimeout,
        ordinary: .init(
          timeoutMilliseconds: ordinaryTimeout, durability: rules.durability == .wait ? .wait : .primary))
    } catch {
      throw Stop(error)
    }
  }

  /// The store that the arguments name, for keys of this run alone unless they name a namespace; nil without `--redis`.
  func open(for rules: RuleSet) throws(Stop) -> RedisSession? {
    let fresh = namespace == nil ? RedisSession.freshName() : nil
    guard let configuration = try configuration(for: rules, namespace: fresh) else { return nil }
    return try RedisSession(configuration, isTemporary: namespace == nil)
  }

  /// The store that others share; a replica will do for a command that writes nothing.
  func openShared(for rules: RuleSet, isWriter: Bool = true) throws(Stop) -> RedisSession {
    guard let configuration = try configuration(for: rules) else {
      throw Stop(.input, "`--redis` is needed", hint: "say where the windows are")
    }
    return try RedisSession(configuration, isTemporary: false, isWriter: isWriter)
  }
}
