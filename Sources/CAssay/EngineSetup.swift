internal import Assay
internal import CAssayInterface
internal import RedisWindows
internal import RuleSets
internal import Windows

/// What a caller chose for an engine, taken over from C and checked as far as it can be without the rules.
struct EngineSetup: Sendable {
  /// Shorter keys could be guessed. Bytes.
  private static let hashingKeyBytesMin = 16
  /// What no key needs. Bytes.
  private static let hashingKeyBytesMax = 65_536
  private static let redisTimeoutMillisecondsMax: UInt32 = 60_000
  private static let flags = UInt32(
    truncatingIfNeeded: ASSAY_DRY_RUN | ASSAY_ALL_FEATURES | ASSAY_RECORDED_EVENTS)

  /// Nothing is recorded.
  let dryRun: Bool
  private let allFeatures: Bool
  private let recordedEvents: Bool
  private let redisTimeoutMilliseconds: Int
  /// The bound of windows in memory; bytes.
  let memoryBytesMax: Int
  private let hashingKey: [UInt8]?
  private let redisURL: String?
  private let redisNamespace: String?

  /// Copies what `pointer` leads to; nil is the default of everything.
  init(_ pointer: UnsafePointer<assay_options>?) throws(Problem) {
    var options = unsafe assay_options()
    switch unsafe cassay_read_options(pointer, &options) {
    case 0: break
    case 1: throw .argument("`size` is no size of `assay_options`", hint: "set it to `sizeof(assay_options)`")
    default:
      throw .argument(
        "the options have members that this library does not know",
        hint: "leave them 0, or use a newer library"
      )
    }
    let flags = unsafe options.flags
    guard flags & ~Self.flags == 0 else {
      throw .argument("`flags` has a bit that this library does not know", hint: "use a newer library")
    }
    dryRun = flags & UInt32(truncatingIfNeeded: ASSAY_DRY_RUN) != 0
    allFeatures = flags & UInt32(truncatingIfNeeded: ASSAY_ALL_FEATURES) != 0
    recordedEvents = flags & UInt32(truncatingIfNeeded: ASSAY_RECORDED_EVENTS) != 0
    guard unsafe options.redis_timeout_ms <= Self.redisTimeoutMillisecondsMax else {
      throw .argument("`redis_timeout_ms` is at most \(Self.redisTimeoutMillisecondsMax)")
    }
    redisTimeoutMilliseconds = unsafe Int(options.redis_timeout_ms)
    let bytes = unsafe options.memory_bytes_max
    memoryBytesMax = bytes == 0 ? Engine<MemoryWindows>.bytesMaxDefault : Int(clamping: bytes)
    hashingKey = unsafe try Self.key(options)
    redisURL = unsafe try Self.text(options.redis_url, "redis_url")
    redisNamespace = unsafe try Self.text(options.redis_namespace, "redis_namespace")
    if redisNamespace != nil && redisURL == nil {
      throw .argument("`redis_namespace` needs `redis_url`")
    }
  }

  private static func key(_ options: assay_options) throws(Problem) -> [UInt8]? {
    let count = unsafe options.hashing_key_length
    guard let start = unsafe options.hashing_key else {
      if count == 0 { return nil }
      throw .argument("`hashing_key` is NULL and `hashing_key_length` is not 0")
    }
    guard (hashingKeyBytesMin...hashingKeyBytesMax).contains(count) else {
      throw .argument(
        "`hashing_key_length` is between \(hashingKeyBytesMin) and \(hashingKeyBytesMax)",
        hint: "32 random bytes are a good key")
    }
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// A text of the caller's, which ends with a NUL.
  static func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(Problem) -> String? {
    guard let pointer = unsafe pointer else { return nil }
    guard let text = unsafe String(validatingCString: pointer) else {
      throw .argument("`\(name)` is not UTF-8")
    }
    return text
  }

  /// The options of every engine that this setup leads to. An engine that lives on under new rules keeps its key.
  func engineOptions() -> EngineOptions {
    let key =
      recordedEvents ? hashingKey : hashingKey ?? (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    return EngineOptions(
      clock: recordedEvents ? .replay : .system, allFeatures: allFeatures, hashingKey: key)
  }

  /// Windows in Redis are shared: a key that nobody else has would make sensitive values differ from process to process.
  func check(_ rules: RuleSet) throws(Problem) {
    guard redisURL != nil, hashingKey == nil, rules.schema.fields.contains(where: \.sensitive) else { return }
    throw .argument(
      "the rule set has sensitive fields, and windows in Redis need the same hashing key everywhere",
      hint: "set `hashing_key` to at least \(Self.hashingKeyBytesMin) random bytes")
  }

  /// Where Redis is; nil keeps windows in memory.
  func redisConfiguration(_ rules: RuleSet) throws(Problem) -> RedisConfiguration? {
    guard let redisURL else { return nil }
    do {
      var configuration = try RedisConfiguration(url: redisURL, namespace: redisNamespace ?? rules.name)
      if rules.durability == .wait { configuration.durability = .wait }
      if redisTimeoutMilliseconds > 0 { configuration.timeoutMilliseconds = redisTimeoutMilliseconds }
      return configuration
    } catch {
      throw .redis(error)
    }
  }
}

extension Problem {
  /// What is wrong with where Redis is said to be.
  static func redis(_ error: RedisConfigurationError) -> Problem {
    .argument("`redis_url`: `\(error.place)`: \(error.cause)", hint: error.hint)
  }
}
