internal import CEL
internal import Events
internal import Windows

/// One visit on its way: what was asked for each entity, and what is still to come.
final class Flight {
  // None of these is reached again from within a change of itself: those checks are left out.
  /// Empty once it was handed back.
  @safe @exclusivity(unchecked) var visit: Visit
  /// Replies that are still to come.
  @safe @exclusivity(unchecked) var open = 0
  /// The first failure; what comes after it is of no use to this visit.
  @safe @exclusivity(unchecked) var failure: StoreFailure?
  /// The event must be appended later: it may be missing from a log.
  @safe @exclusivity(unchecked) var mustAppendLater = false
  /// What the id's key says; nil until it is known.
  @safe @exclusivity(unchecked) var claim: Prior?
  /// The logs that hold this id already, or held it before they were trimmed.
  @safe @exclusivity(unchecked) var repeated: [CachedLog] = []
  /// Parts whose log may have held this event's first position and lost it, read without knowing that there was one.
  @safe @exclusivity(unchecked) var doubtful: [Part] = []
  /// One for each of the visit's appends.
  @safe @exclusivity(unchecked) var parts: [Part]
  private(set) var deadline: Int64
  private(set) var nonce: UInt32
  /// Of the event's id, as the folds look for it.
  var identityHash: UInt64 = 0
  @safe @exclusivity(unchecked) private var finish: ((consuming Visit) -> Void)?

  /// How the expiry of a log is renewed; never is one shortened that another rule set needs.
  enum Renewal {
    case none
    /// That of a log which may be new; one that has an expiry keeps it.
    case begin
    /// That of a log which was here before.
    case prolong
  }

  /// What was asked of one entity's log.
  struct Part {
    let log: CachedLog
    /// Of the log, to ask for its memory without a look at it: counting a reference would wait for that.
    let address: MemoryAddress
    let layout: FoldLayout
    let append: LogAppend
    /// Whether a record is left in the log.
    let appends: Bool
    /// The first offset asked for, and how many bytes from there on; how much of the log was known then, and in which version.
    var from: Int
    var asked: Int
    var known: Int
    var version: Int
    /// What was asked for the expiry along with it.
    var renewal = Renewal.none
    /// A replica has the event's own record, and what stands before it.
    var isConfirmed = false

    init(_ log: CachedLog, _ layout: FoldLayout, _ append: LogAppend, appends: Bool, asked: Int) {
      self.log = log
      address = MemoryAddress(of: log)
      self.layout = layout
      self.append = append
      self.appends = appends
      self.asked = asked
      from = log.readFrom
      known = log.length
      version = log.version
    }
  }

  init(
    _ visit: consuming Visit, _ parts: consuming [Part] = [], deadline: Int64, nonce: UInt32,
    finish: @escaping (consuming Visit) -> Void
  ) {
    self.parts = parts
    self.visit = visit
    self.deadline = deadline
    self.nonce = nonce
    self.finish = finish
  }

  /// Sets out once more, with another visit: whoever sends many makes few of these.
  func setOut(
    _ visit: consuming Visit, _ parts: consuming [Part], deadline: Int64, nonce: UInt32,
    finish: @escaping (consuming Visit) -> Void
  ) {
    self.parts = parts
    self.visit = visit
    self.deadline = deadline
    self.nonce = nonce
    self.finish = finish
  }

  /// Forgets everything of a visit that was handed back; keeps the room for the parts of another.
  func clear() {
    parts.removeAll(keepingCapacity: true)
    open = 0
    failure = nil
    mustAppendLater = false
    claim = nil
    if !repeated.isEmpty { repeated = [] }
    if !doubtful.isEmpty { doubtful = [] }
  }

  /// Keeps the first failure.
  func fail(_ failure: StoreFailure) {
    if self.failure == nil { self.failure = failure }
  }

  /// The visit was handed back.
  var isLanded: Bool { finish == nil }

  /// Asks for the logs, which other visits have put out of the processor's reach.
  func prefetchLogs() { for index in parts.indices { parts[index].address.prefetch(lines: 7) } }

  /// Asks for what the logs point to.
  func prefetchFolds() { forEachLog { $0.prefetch() } }

  /// Asks for what the folds point to.
  func prefetchArrays() { forEachLog { $0.prefetchArrays() } }

  /// Asks for the ends of that.
  func prefetchEnds() { forEachLog { $0.prefetchEnds(identity: identityHash) } }

  /// The parts keep their logs alive: no reference is counted up and down.
  @inline(__always) private func forEachLog(_ body: (CachedLog) -> Void) {
    for index in parts.indices {
      unsafe parts[index].address.with(as: CachedLog.self) { body($0) }
    }
  }

  /// Hands the visit back, once.
  func land() {
    guard let finish else { return }
    self.finish = nil
    visit.failure = failure
    // Handed over, not copied: who gets it may use its buffers again.
    var landed = Visit(event: Self.nothing, plan: visit.plan)
    swap(&landed, &visit)
    finish(consume landed)
  }

  private static let nothing = Event(
    frame: Frame(), id: .missing, type: 0, time: 0, digest: EventDigest(high: 0, low: 0))
}
