import ArgumentParser
import Assay
import RedisWindows
import RuleSets
import Workbench

/// How to talk to Redis, for all commands that do.
struct RedisSettings: ParsableArguments {
  /// The timeout where neither the option nor the URL has one; milliseconds.
  static let ordinaryTimeout = 5_000
  private static let timeouts = 1...60_000

  @Option(
    help: """
      How long one exchange with Redis may take; milliseconds from 1 to 60000. (default: the URL's ?timeout=, or \
      5000)
      """)
  var redisTimeout: Int?

  @Option(
    help:
      "A file with the key that sensitive values are hashed with, where the windows are shared with a service.",
    completion: .file())
  var hashingKeyFile: String?

  func validate() throws {
    if let redisTimeout, !Self.timeouts.contains(redisTimeout) {
      throw ValidationError(
        "`--redis-timeout` is a number of milliseconds from \(Self.timeouts.lowerBound) to \(Self.timeouts.upperBound)"
      )
    }
  }

  /// Options of an engine over recorded events.
  func options(allFeatures: Bool = false) throws(Stop) -> EngineOptions {
    var key: [UInt8]?
    if let hashingKeyFile {
      do {
        key = try SmallFile.bytes(of: hashingKeyFile)
      } catch {
        throw Stop(.input, error.description, hint: error.hint)
      }
    }
    return EngineOptions(clock: .replay, allFeatures: allFeatures, hashingKey: key)
  }
}

/// Windows in Redis, for commands that have windows in memory unless told otherwise.
struct RedisArguments: ParsableArguments {
  @Option(
    help: """
      Keep the windows in this Redis: redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://. Passwords \
      come from a file (?password_file=) or from ASSAY_REDIS_PASSWORD.
      """)
  var redis: String?

  @Option(help: "The first part of all keys; without it a fresh one is used and removed at the end.")
  var namespace: String?

  @OptionGroup var settings: RedisSettings

  func validate() throws {
    if redis == nil && namespace != nil { throw ValidationError("`--namespace` needs `--redis`") }
  }

  /// The store that the arguments name; nil without `--redis`.
  func open(for rules: RuleSet) throws(Stop) -> RedisSession? {
    guard let redis else { return nil }
    return try RedisSession(
      url: redis, settings, rules, namespace: namespace ?? RedisSession.freshName(),
      isTemporary: namespace == nil)
  }
}

/// Windows in a Redis that others share, for commands that work on nothing else.
struct SharedRedisArguments: ParsableArguments {
  @Option(
    help: """
      The Redis that has the windows: redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://. Passwords \
      come from a file (?password_file=) or from ASSAY_REDIS_PASSWORD.
      """)
  var redis: String

  @Option(help: "The first part of all keys; the rule set's name unless something else is said.")
  var namespace: String?

  @OptionGroup var settings: RedisSettings

  /// The store that the arguments name; a replica will do for a command that writes nothing.
  func open(for rules: RuleSet, isWriter: Bool = true) throws(Stop) -> RedisSession {
    try RedisSession(
      url: redis, settings, rules, namespace: namespace ?? rules.name, isTemporary: false, isWriter: isWriter)
  }
}
