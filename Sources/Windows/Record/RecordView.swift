/// Where the parts of one record are in its log; made from bytes that may be damaged.
package struct RecordView {
  package let start: Int
  package let end: Int
  package let kind: UInt8
  let flags: UInt8
  let columnCount: Int
  package let time: Int64
  let typeTag: UInt32
  package let id: Range<Int>
  package let target: Range<Int>

  package var isEvent: Bool { kind == RecordFormat.eventKind }

  /// Reads the header of the record at `start`; nil when the bytes there are no record.
  @inline(__always) package init?(_ log: RawSpan, at start: Int) {
    let header = RecordFormat.headerBytes
    guard start >= 0, log.byteCount - start >= header else { return nil }
    let length = Int(log.number(at: start, as: UInt32.self))
    let idLength = Int(log.byte(at: start + 22))
    let targetLength = Int(log.byte(at: start + 23))
    guard length >= header + idLength + targetLength, length <= log.byteCount - start else { return nil }
    self.start = start
    end = start + length
    kind = log.byte(at: start + 4)
    flags = log.byte(at: start + 5)
    time = log.number(at: start + 10, as: Int64.self)
    typeTag = log.number(at: start + 18, as: UInt32.self)
    columnCount = Int(log.number(at: start + 24, as: UInt16.self))
    id = start + header..<start + header + idLength
    target = id.upperBound..<id.upperBound + targetLength
    guard kind == RecordFormat.eventKind && idLength > 0 || Self.controls.contains(kind) else { return nil }
  }

  /// Kinds of records that are no events.
  private static let controls = RecordFormat.exclusionKind...RecordFormat.sealKind

  /// Whether `log` is records back to back and nothing else.
  package static func areRecords(_ log: RawSpan) -> Bool {
    var offset = 0
    while offset < log.byteCount {
      guard let record = RecordView(log, at: offset) else { return false }
      offset = record.end
    }
    return true
  }

  /// What the writer told its records apart by.
  package func nonce(_ log: RawSpan) -> UInt32 {
    log.number(at: start + RecordFormat.nonceOffset, as: UInt32.self)
  }
}

extension RecordView {
  /// Whether two records of one id say the same of it, as far as both say it: another plan may have recorded other
  /// columns of the same event. Of events that state their content, that is what counts.
  func agrees(with other: RecordView, _ log: RawSpan) -> Bool {
    guard typeTag == other.typeTag, (flags ^ other.flags) & RecordFormat.contentFlags == 0,
      log.equal(target, other.target)
    else { return false }
    if let content = content(log), let otherContent = other.content(log) {
      return log.equal(content, otherContent)
    }
    guard time == other.time else { return false }
    var isEqual = true
    forEachColumn(log) { tag, value in
      other.forEachColumn(log) { otherTag, otherValue in
        if tag == otherTag && !log.equal(value, otherValue) { isEqual = false }
      }
    }
    return isEqual
  }

  /// Where the digest of what the event states as its content is; nil where it states nothing.
  private func content(_ log: RawSpan) -> Range<Int>? {
    var content: Range<Int>?
    forEachColumn(log) { tag, value in
      if tag == RecordFormat.contentTag { content = value }
    }
    return content
  }

  /// Calls `body` with the tag of each column and where its kind and payload are.
  private func forEachColumn(_ log: RawSpan, _ body: (UInt32, Range<Int>) -> Void) {
    var offset = target.upperBound
    for _ in 0..<columnCount {
      guard end - offset >= 5, let length = Self.payloadLength(log, kindAt: offset + 4, end: end) else {
        return
      }
      body(log.number(at: offset, as: UInt32.self), offset + 4..<offset + 5 + length)
      offset += 5 + length
    }
  }
}

/// One column of a record: its kind, and an integer or the offset of its kind byte in the log.
struct ColumnValue: Sendable {
  var kind: UInt8
  var payload: Int64

  static let absent = ColumnValue(kind: RecordFormat.Column.absent, payload: 0)
}

extension RecordView {
  /// Reads the columns that `tags` name into `values`, one for each tag; false when the bytes are damaged.
  ///
  /// With `own`, this amends the record whose values are there: what is missing or absent here leaves them, and so
  /// does what tells of the amending event only, which `own` marks.
  func columns(
    _ log: RawSpan, tags: ContiguousArray<UInt32>, base: Int, into values: inout ContiguousArray<ColumnValue>,
    overlaying own: ContiguousArray<Bool>? = nil
  ) -> Bool {
    if own == nil {
      if values.count != tags.count {
        values = ContiguousArray(repeating: .absent, count: tags.count)
      } else {
        for index in values.indices { values[index] = .absent }
      }
    }
    var offset = target.upperBound
    var expected = 0
    for _ in 0..<columnCount {
      guard end - offset >= 5 else { return false }
      let tag = log.number(at: offset, as: UInt32.self)
      let kindOffset = offset + 4
      guard let length = Self.payloadLength(log, kindAt: kindOffset, end: end) else { return false }
      offset = kindOffset + 1 + length
      guard let index = Self.index(of: tag, in: tags, expected: &expected) else { continue }
      let kind = log.byte(at: kindOffset)
      if let own, own[index] || kind == RecordFormat.Column.missing { continue }
      let payload =
        kind == RecordFormat.Column.integer
        ? log.number(at: kindOffset + 1, as: Int64.self) : Int64(kindOffset + base)
      values[index] = ColumnValue(kind: kind, payload: payload)
    }
    return offset == end
  }

  /// Records are written in the order of the plan, so the next tag is nearly always the one expected.
  @inline(__always) private static func index(
    of tag: UInt32, in tags: ContiguousArray<UInt32>, expected: inout Int
  ) -> Int? {
    if expected < tags.count && tags[expected] == tag {
      expected += 1
      return expected - 1
    }
    guard let found = tags.firstIndex(of: tag) else { return nil }
    expected = found + 1
    return found
  }

  /// The bytes after a column's kind byte, or nil when they do not fit or the kind is none.
  @inline(__always) static func payloadLength(
    _ log: RawSpan, kindAt offset: Int, end: Int
  ) -> Int? {
    let left = end - offset - 1
    switch log.byte(at: offset) {
    case RecordFormat.Column.missing, RecordFormat.Column.failure, RecordFormat.Column.no,
      RecordFormat.Column.yes:
      return 0
    case RecordFormat.Column.integer: return left >= 8 ? 8 : nil
    case RecordFormat.Column.digest: return left >= 16 ? 16 : nil
    case RecordFormat.Column.text:
      guard left >= 2 else { return nil }
      let length = 2 + Int(log.number(at: offset + 1, as: UInt16.self))
      return left >= length ? length : nil
    default: return nil
    }
  }
}
