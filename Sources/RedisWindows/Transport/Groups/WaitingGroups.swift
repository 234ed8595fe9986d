/// Groups that no server has taken yet: until something is known of the servers, until a moment passes, at most until
/// their deadlines.
struct WaitingGroups {
  /// What a group waits for.
  enum Reason {
    /// News of the servers.
    case news
    /// A moment of the loop's clock; nanoseconds.
    case time(Int64)
  }

  private struct Entry {
    var group: RoutedGroup
    var due: Int64
    var waitsForNews: Bool
    var failure: RedisFailure
  }

  private var entries: [Entry] = []
  /// Bytes of their commands.
  private(set) var byteCount = 0

  /// When the next group must be looked at; nanoseconds.
  var nextDue: Int64? { entries.lazy.map(\.due).min() }

  /// Adds a group; `failure` is told when its deadline comes first.
  mutating func append(_ group: RoutedGroup, until reason: Reason, failure: RedisFailure) {
    let entry =
      switch reason {
      case .news: Entry(group: group, due: group.deadline, waitsForNews: true, failure: failure)
      case .time(let time):
        Entry(group: group, due: min(time, group.deadline), waitsForNews: false, failure: failure)
      }
    entries.append(entry)
    byteCount += group.commands.byteCount
  }

  /// Takes the groups that wait for news, in their order.
  mutating func takeForNews() -> [(group: RoutedGroup, failure: RedisFailure)] { take { $0.waitsForNews } }

  /// Takes the groups whose time or deadline has come, in their order.
  mutating func takeDue(_ now: Int64) -> [(group: RoutedGroup, failure: RedisFailure)] {
    take { $0.due <= now }
  }

  /// Takes all groups.
  mutating func takeAll() -> [(group: RoutedGroup, failure: RedisFailure)] { take { _ in true } }

  private mutating func take(_ isTaken: (Entry) -> Bool) -> [(group: RoutedGroup, failure: RedisFailure)] {
    let taken = entries.filter(isTaken)
    guard !taken.isEmpty else { return [] }
    entries.removeAll(where: isTaken)
    byteCount = entries.reduce(0) { $0 + $1.group.commands.byteCount }
    return taken.map { ($0.group, $0.failure) }
  }
}
