/// When servers are asked who does what, and how old the answer is: at once when something failed, but never more often
/// than every 50 to 100 ms.
final class NewsRounds {
  /// Between two rounds, half to all of it; nanoseconds.
  static let interval: Int64 = 100_000_000

  private let clock: any LoopClock
  var jitter: Jitter
  /// Begins a round; at its end `ended` is called.
  var begin: (() -> Void)?
  private var isUnderWay = false
  private var isTimerSet = false
  private var isWantedAgain = false
  private var nextAt = Int64.min
  /// When the last round began that has ended: what was asked later is not known.
  private var knownSince = Int64.min
  /// Servers that could not be reached, and when that was noticed.
  private(set) var suspects: [RedisAddress: Int64] = [:]
  /// Why the last round gave none.
  private(set) var failure: RedisFailure?

  init(clock: any LoopClock, seed: UInt64) {
    self.clock = clock
    jitter = Jitter(seed: seed)
  }

  /// Whether there were news a moment ago.
  var isFresh: Bool { knownSince != .min && clock.now - knownSince < Self.interval }

  /// Notes that `address` cannot be reached.
  func suspect(_ address: RedisAddress) {
    if suspects[address] == nil { suspects[address] = clock.now }
  }

  /// Whether servers were asked since `address` failed: what they told, or that nobody could tell, is all there is.
  func knows(_ address: RedisAddress) -> Bool { suspects[address].map { $0 <= knownSince } ?? false }

  /// Asks for a round: now, or as soon as there may be one.
  func request() {
    guard begin != nil else { return }
    if isUnderWay { return isWantedAgain = true }
    guard !isTimerSet else { return }
    guard clock.now < nextAt else {
      isUnderWay = true
      begin?()
      return
    }
    isTimerSet = true
    clock.schedule(after: nextAt - clock.now) { [weak self] in
      self?.isTimerSet = false
      self?.request()
    }
  }

  /// Notes the end of the round that began at `begun`, with why it gave no news, if so. `keep` tells which suspects are
  /// still not to be reached; the result, whether another round was asked for meanwhile.
  func ended(begun: Int64, failure: RedisFailure?, keep: (RedisAddress) -> Bool) -> Bool {
    isUnderWay = false
    nextAt = clock.now + jitter.spread(Self.interval)
    self.failure = failure
    knownSince = begun
    suspects = suspects.filter { keep($0.key) }
    defer { isWantedAgain = false }
    return isWantedAgain
  }

  /// No more rounds.
  func stop() { begin = nil }
}
