import ArgumentParser
import Assay
import Dispatch
import Glibc
import RedisWindows
import RuleSets
import Workbench

/// Where the windows are, for commands that can work over Redis.
struct RedisArguments: ParsableArguments {
  @Option(
    help: """
      Keep the windows in this Redis: redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://. Passwords \
      come from a file (?password_file=) or from ASSAY_REDIS_PASSWORD.
      """)
  var redis: String?

  @Option(help: "The first part of all keys; without it a fresh one is used and removed at the end.")
  var namespace: String?

  @Option(help: "How long one decision may wait for Redis; milliseconds.")
  var redisTimeout = 5_000

  @Option(
    help:
      "A file with the key that sensitive values are hashed with, where the windows are shared with a service.",
    completion: .file())
  var hashingKeyFile: String?

  func validate() throws {
    if redis == nil && namespace != nil { throw ValidationError("`--namespace` needs `--redis`") }
    if redisTimeout < 1 { throw ValidationError("`--redis-timeout` is at least 1") }
    if namespace?.isEmpty == true { throw ValidationError("`--namespace` needs a name") }
  }

  /// The store that the arguments name; nil without `--redis`.
  func open(for rules: RuleSet) throws(Stop) -> RedisSession? {
    guard let redis else { return nil }
    return try RedisSession(
      url: redis, namespace: namespace, durability: rules.durability, timeoutMilliseconds: redisTimeout)
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

/// A store for the length of one command.
struct RedisSession {
  let store: RedisWindows
  private let isTemporary: Bool

  /// Connects; `namespace` nil is a fresh one.
  init(
    url: String, namespace: String?, durability: Durability, timeoutMilliseconds: Int
  ) throws(Stop) {
    isTemporary = namespace == nil
    let fresh = "assay-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    do {
      var configuration = try RedisConfiguration(url: url, namespace: namespace ?? fresh, origin: .arguments)
      if durability == .wait { configuration.durability = .wait }
      configuration.timeoutMilliseconds = timeoutMilliseconds
      configuration.isTemporary = isTemporary
      store = try RedisWindows.connectAndWait(configuration)
    } catch let error as RedisConfigurationError {
      throw Stop(.input, "`--redis`: `\(error.place)`: \(error.cause)", hint: error.hint)
    } catch {
      throw Stop(.input, "`--redis`: \(error)", hint: "see that the server is there and answers")
    }
  }

  /// Sees that all is written, and that a fresh namespace is gone.
  func finish() {
    waitBlocking {
      await store.drain()
      if isTemporary { _ = await store.removeWritten() }
    }
    store.close()
  }
}

/// Runs `body` and blocks until it has returned.
func waitBlocking(_ body: @escaping @Sendable () async -> Void) {
  let done = DispatchSemaphore(value: 0)
  Task {
    await body()
    done.signal()
  }
  done.wait()
}
