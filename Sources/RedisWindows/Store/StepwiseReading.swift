internal import CEL
internal import Windows

/// A log on its way here, slice by slice, and the visits that wait for it.
///
/// Every slice begins with the last whole record of those before it: a log that was written anew in the meantime does
/// not continue there, and is read from its front.
final class StepwiseReading {
  let log: CachedLog
  let layout: FoldLayout
  /// Whether it does not begin with what is known of the log: that is to be replaced.
  private(set) var isAnew: Bool
  /// Whether a record was appended that may have begun the log.
  var mayHaveBegun = false
  /// Whole records, and where the last of them begins.
  private(set) var bytes: ContiguousArray<UInt8> = []
  private(set) var lastStart = 0
  /// How much is asked for at once.
  private(set) var sliceBytes: Int
  /// One slice was not enough.
  private(set) var isLong = false
  /// Where slices ended: at these places folding takes a breath.
  private(set) var steps: [Int] = []
  /// How often it began from the front because the log did not continue.
  private(set) var restarts = 0
  /// In the order in which they came; those up to `askedCount` were there when the last slice was asked for, those up to
  /// `arrivedCount` when it was here.
  var waiters: [Waiter] = []
  private var askedCount = 0
  private var arrivedCount = 0

  /// One log of a visit that goes on when the log is here.
  final class Waiter {
    let part: Flight.Part
    let flight: Flight
    /// The log's length after the visit's record was appended; nil when none was.
    let end: Int?
    /// It goes on, or was given up.
    var isDone = false

    init(_ part: Flight.Part, _ end: Int?, of flight: Flight) {
      self.part = part
      self.end = end
      self.flight = flight
    }
  }

  /// What became of a slice.
  enum Taken { case more, end, broken, stuck, damaged }

  init(_ log: CachedLog, _ layout: FoldLayout, anew: Bool, sliceBytes: Int) {
    self.log = log
    self.layout = layout
    self.sliceBytes = sliceBytes
    isAnew = anew
    guard !anew else { return }
    bytes = log.bytes
    lastStart = log.readFrom
  }

  /// Nothing was asked for yet, or all over again.
  var isAtFront: Bool { bytes.isEmpty }

  /// A slice is asked for on behalf of all who wait by now.
  func ask() { askedCount = waiters.count }

  /// The last slice is here.
  func arrive() { arrivedCount = waiters.count }

  /// Whether the last slice may have been read before what a waiter asked for. One connection answers in order: what
  /// was answered before the slice was executed before it.
  func mayPrecede(_ place: Int, isOrdered: Bool) -> Bool { place >= (isOrdered ? arrivedCount : askedCount) }

  /// Takes what was asked for: as many bytes, or, where the log ends, fewer.
  func take(_ slice: RawSpan, isFull: Bool) -> Taken {
    let known = bytes.count - lastStart
    guard slice.byteCount >= known,
      bytes.rawBytes.equal(lastStart..<bytes.count, slice.extracting(first: known))
    else { return .broken }
    let before = bytes.count
    unsafe slice.extracting(droppingFirst: known).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    var offset = lastStart
    while let record = RecordView(bytes.rawBytes, at: offset) {
      lastStart = offset
      offset = record.end
    }
    if !isFull { return offset == bytes.count ? .end : .damaged }
    bytes.removeSubrange(offset...)
    isLong = true
    guard offset > before else { return .stuck }
    steps.append(offset)
    return .more
  }

  /// Asks for more at once, since a record is longer; false when that is all that may be.
  func widen(to most: Int) -> Bool {
    guard sliceBytes < most else { return false }
    sliceBytes = min(sliceBytes * 2, most)
    return true
  }

  /// Begins from the front.
  func restart() {
    isAnew = true
    restarts += 1
    bytes = []
    lastStart = 0
    steps = []
  }
}
