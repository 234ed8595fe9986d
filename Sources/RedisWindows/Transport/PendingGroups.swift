internal import NIOCore

/// One group of commands that was sent and has no answer yet.
struct PendingGroup {
  /// Nil once the group was told that it is late: its replies are swallowed.
  var receive: ReplyHandler?
  /// By the loop's clock; nanoseconds.
  let deadline: Int64
  /// How many replies are to come.
  let replyCount: Int
  /// How many bytes its commands are.
  let byteCount: Int
}

/// The groups of one server in the order in which they were sent: first those written to the connection, then those
/// that wait to be written. Knows nothing of sockets, time or memory of bytes; the transport acts on what it says.
struct PendingGroups {
  private var ring = CircularBuffer<PendingGroup>(initialCapacity: 64)
  /// Whether the first group has had a reply: the next to be told of is its last.
  private var isLastReplyNext = false
  /// How many groups, from the front, are written.
  private(set) var writtenCount = 0
  /// Bytes of all groups.
  private(set) var byteCount = 0
  /// Groups that have not been told anything yet.
  private(set) var liveCount = 0
  /// Waiting groups that became late: their bytes must not be written.
  private(set) var lateWaitingCount = 0

  /// Whether groups wait to be written.
  var hasWaiting: Bool { writtenCount < ring.count }

  /// Whether the group whose reply comes next was told already that it is late.
  var oldestIsLate: Bool { writtenCount > 0 && ring.first?.receive == nil }

  /// Adds a group that waits to be written.
  mutating func append(_ group: PendingGroup) {
    ring.append(group)
    byteCount += group.byteCount
    liveCount += 1
  }

  /// Takes the first or the last reply of the oldest written group. When it was the last, the group is removed, and
  /// `receive` is set to what is to be called, if anything.
  mutating func takeReply(_ receive: inout ReplyHandler?) -> ReplyUse {
    guard writtenCount > 0 else { return .unasked }
    if !isLastReplyNext, let count = ring.first?.replyCount, count > 1 {
      isLastReplyNext = true
      return .partOfGroup(more: count - 1)
    }
    isLastReplyNext = false
    let group = ring.removeFirst()
    writtenCount -= 1
    byteCount -= group.byteCount
    if group.receive != nil { liveCount -= 1 }
    receive = group.receive
    return .endOfGroup
  }

  /// Counts all waiting groups as written; none of them may be late.
  mutating func markWritten() { writtenCount = ring.count }

  /// Drops the waiting groups that are late, and calls `keep` with the place of each other one's commands among the
  /// bytes of all that waited.
  mutating func dropLateWaiting(keep: (Range<Int>) -> Void) {
    var start = 0
    var kept: [PendingGroup] = []
    for group in ring.suffix(ring.count - writtenCount) {
      if group.receive == nil {
        byteCount -= group.byteCount
      } else {
        keep(start..<start + group.byteCount)
        kept.append(group)
      }
      start += group.byteCount
    }
    ring.removeLast(ring.count - writtenCount)
    ring.append(contentsOf: kept)
    lateWaitingCount = 0
  }

  /// Takes the handlers of all groups whose deadline has come, each with whether it was written, and returns the
  /// next deadline after those.
  mutating func expire(_ now: Int64, into late: inout [(receive: ReplyHandler, wasWritten: Bool)]) -> Int64 {
    var next = Int64.max
    for place in 0..<ring.count {
      let index = ring.index(ring.startIndex, offsetBy: place)
      guard let receive = ring[index].receive else { continue }
      guard ring[index].deadline <= now else {
        next = min(next, ring[index].deadline)
        continue
      }
      ring[index].receive = nil
      liveCount -= 1
      if place >= writtenCount { lateWaitingCount += 1 }
      late.append((receive, place < writtenCount))
    }
    return next
  }

  /// Removes the written groups and returns what is to be called for them.
  mutating func removeWritten() -> [ReplyHandler] {
    let handlers = removeFirst(writtenCount)
    writtenCount = 0
    return handlers
  }

  /// Removes all groups and returns what is to be called for them; none may be written.
  mutating func removeWaiting() -> [ReplyHandler] {
    lateWaitingCount = 0
    return removeFirst(ring.count)
  }

  private mutating func removeFirst(_ count: Int) -> [ReplyHandler] {
    var handlers: [ReplyHandler] = []
    isLastReplyNext = false
    for _ in 0..<count {
      let group = ring.removeFirst()
      byteCount -= group.byteCount
      if let receive = group.receive { handlers.append(receive) }
    }
    liveCount -= handlers.count
    return handlers
  }
}
