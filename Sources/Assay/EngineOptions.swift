import Glibc

/// What an embedder chooses; everything else is the rule set's.
public struct EngineOptions: Sendable {
  /// Whose time decides that an event is dated too far ahead.
  public enum Clock: Sendable {
    /// Events dated further ahead of this clock (milliseconds since 1970) than `max_future_skew` are refused.
    case live(nowMilliseconds: @Sendable () -> Int64)
    /// Recorded events: none is refused for its date.
    case replay

    /// The system's wall clock.
    public static var system: Clock {
      .live(nowMilliseconds: {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
      })
    }
  }

  /// Live, or over recorded events.
  public var clock: Clock
  /// Every feature of the rule set goes into each decision, missing ones included; else those of the rules that fired.
  public var allFeatures: Bool
  /// The key under which sensitive values are hashed (HMAC-SHA256): the same for every process that shares windows.
  ///
  /// Without one, a live engine makes a random key for itself, which serves windows that live and die with the
  /// process; a replay has a fixed one, which is public.
  public var hashingKey: [UInt8]?

  /// What has been blocked lately, for rule sets with a `breaker`. Engines made of copies of these options share it.
  public var breaker = DecisionBreaker()

  /// The options of a live engine, unless something else is said.
  public init(
    clock: Clock = .system, allFeatures: Bool = false, hashingKey: [UInt8]? = nil
  ) {
    self.clock = clock
    self.allFeatures = allFeatures
    self.hashingKey = hashingKey
  }
}
