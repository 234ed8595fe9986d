internal import RuleSets
internal import Windows

/// Counts decisions and blocks, so that a rule set with a `breaker` turns blocks into reviews when there are too many.
///
/// Engines with the same options share it: a reload or a second event loop begins nothing anew. It is memory of this
/// process; another one has its own.
public final class DecisionBreaker: Sendable {
  /// By the names of rule sets.
  private let rates = Guarded<[String: BlockRate]>([:])

  /// Nothing counted yet.
  public init() {}

  /// Counts a decision of the rule set `name` at the event's `time`, and says what it changes about a block: nil where
  /// the block stands. A trial is not counted.
  func change(
    isBlock: Bool, at time: Int64, isTrial: Bool, of name: String, by breaker: Breaker
  ) -> Decision.BreakerChange? {
    let span = breaker.withinMilliseconds
    return rates.withLock { rates in
      if isTrial {
        var copy = rates[name] ?? BlockRate(withinMilliseconds: span)
        copy.count(isBlock: isBlock, at: time)
        return copy.change(isBlock: isBlock, by: breaker)
      }
      if rates[name]?.withinMilliseconds != span { rates[name] = BlockRate(withinMilliseconds: span) }
      rates[name]?.count(isBlock: isBlock, at: time)
      return rates[name]?.change(isBlock: isBlock, by: breaker)
    }
  }
}

/// How many of the decisions of the last while were blocks, to a sixtieth of that while.
private struct BlockRate {
  private static let sliceCount: Int64 = 60

  let withinMilliseconds: Int64
  private var slices = Array(repeating: Slice(), count: Int(sliceCount))
  /// The number of the newest slice since 1970; its place is the rest modulo the count.
  private var newest = Int64.min
  private var sum = Slice()

  private struct Slice {
    var decisions = 0
    var blocks = 0
  }

  init(withinMilliseconds: Int64) { self.withinMilliseconds = withinMilliseconds }

  /// An event that is older than the newest one counts along with it: order is what matters, not lateness.
  mutating func count(isBlock: Bool, at time: Int64) {
    advance(to: time)
    let place = place(of: newest)
    slices[place].decisions += 1
    sum.decisions += 1
    if isBlock {
      slices[place].blocks += 1
      sum.blocks += 1
    }
  }

  /// What comes of a block that was counted.
  func change(isBlock: Bool, by breaker: Breaker) -> Decision.BreakerChange? {
    guard isBlock, sum.decisions >= breaker.decisionsMin else { return nil }
    // Counts of one process within a while: far from where the product would overflow.
    guard sum.blocks * 10_000 > sum.decisions * breaker.basisPoints else { return nil }
    return Decision.BreakerChange(insteadOf: .block, blocks: sum.blocks, decisions: sum.decisions)
  }

  private mutating func advance(to time: Int64) {
    let width = max(withinMilliseconds / Self.sliceCount, 1)
    let number = time >= 0 ? time / width : (time + 1) / width - 1
    guard number > newest else { return }
    let (steps, overflows) = number.subtractingReportingOverflow(newest)
    let cleared = overflows ? Self.sliceCount : min(steps, Self.sliceCount)
    for step in 0..<cleared {
      let place = place(of: number - step)
      sum.decisions -= slices[place].decisions
      sum.blocks -= slices[place].blocks
      slices[place] = Slice()
    }
    newest = number
  }

  private func place(of number: Int64) -> Int {
    let rest = Int(number % Self.sliceCount)
    return rest < 0 ? rest + Int(Self.sliceCount) : rest
  }
}
