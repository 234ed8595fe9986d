import RedisTestSupport
import RedisWindows

/// Appends numbered tokens to keys, as visits append records, and keeps account of what became of each.
actor TokenWriter {
  /// What became of the tokens.
  struct Account: Sendable {
    /// Those that were acknowledged, by key.
    var acknowledged: [String: [Int]] = [:]
    /// How many may have run or not.
    var unknown = 0
    /// How many did not run.
    var refused = 0
    /// Replies that cannot be those of the group.
    var strangers: [String] = []
    /// Of the failures.
    var messages: Set<String> = []

    var count: Int { acknowledged.values.reduce(0) { $0 + $1.count } }
  }

  private(set) var account = Account()
  private var isStopped = false

  func stop() { isStopped = true }

  /// Writes to `keys` in turn until it is stopped, at most for a minute longer than `limit`; several may run at the
  /// same time on different keys.
  func run(
    _ harness: TopologyHarness, keys: [String], within milliseconds: Int64 = 2_000, limit: Duration = .zero
  ) async {
    let end = ContinuousClock.now + limit + .seconds(60)
    var number = 0
    while !isStopped && ContinuousClock.now < end {
      for key in keys {
        number += 1
        await append(harness, key, number, milliseconds)
      }
    }
  }

  private func append(_ harness: TopologyHarness, _ key: String, _ number: Int, _ milliseconds: Int64) async {
    let token = "<" + String(repeating: "0", count: 7 - "\(number)".count) + "\(number)>"
    let outcome = await harness.send(
      ["APPEND", key, token], ["GETRANGE", key, "-9", "-1"], ["PEXPIRE", key, "600000"], within: milliseconds)
    switch outcome {
    case .success(let replies):
      guard case .integer(let length) = replies[0], length % 9 == 0, replies[1] == .bytes(Array(token.utf8)),
        replies[2] == .integer(1)
      else {
        account.strangers.append("\(key) \(token): \(replies)")
        return
      }
      account.acknowledged[key, default: []].append(number)
    case .failure(let failure):
      account.messages.insert(failure.message)
      // What fails at once would fill the account with nothing else.
      try? await Task.sleep(for: .milliseconds(1))
      if failure.mayHaveRun { account.unknown += 1 } else { account.refused += 1 }
    }
  }

  /// The tokens in a value, in their order.
  static func tokens(_ value: String) -> [Int] {
    value.split(separator: "<").compactMap { Int($0.dropLast()) }
  }
}
