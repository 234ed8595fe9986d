internal import CEL
internal import Events

/// Writes records and keys one after another into bytes that are used again and again: what lies behind `end` is
/// left from earlier.
struct RecordWriter {
  private(set) var bytes: [UInt8]
  private(set) var end = 0

  init(over bytes: consuming [UInt8]) { self.bytes = bytes }

  /// Forgets what was written from `start` on.
  mutating func rewind(to start: Int) { end = start }

  /// Makes room for `count` bytes and moves the end behind them; returns where they begin.
  @inline(__always) private mutating func advance(_ count: Int) -> Int {
    let start = end
    end += count
    if end > bytes.count { grow() }
    return start
  }

  private mutating func grow() {
    bytes.append(contentsOf: repeatElement(0, count: max(256, end - bytes.count)))
  }

  @inline(__always) mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
    let start = advance(MemoryLayout<Number>.size)
    unsafe bytes.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: number.littleEndian, toByteOffset: start, as: Number.self)
    }
  }

  @inline(__always) mutating func append(_ source: RawSpan) {
    let start = advance(source.byteCount)
    unsafe bytes.withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes {
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...]).copyMemory(from: $0)
      }
    }
  }

  /// Appends the header with its ids; returns the record's start, for `finish`.
  mutating func begin(
    kind: UInt8, flags: UInt8, time: Int64, typeTag: UInt32, columnCount: Int, id: Range<Int>,
    target: Range<Int>, arena: RawSpan
  ) -> Int {
    precondition(
      id.count <= RecordFormat.idBytesMax && target.count <= RecordFormat.idBytesMax,
      "ids are bounded by the event")
    let start = advance(RecordFormat.headerBytes)
    let lengths = UInt32(id.count) | UInt32(target.count) << 8
    unsafe bytes.withUnsafeMutableBytes { bytes in
      func put<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number, _ offset: Int) {
        unsafe bytes.storeBytes(of: number.littleEndian, toByteOffset: start + offset, as: Number.self)
      }
      put(UInt32(0), 0)
      put(UInt16(kind) | UInt16(flags) << 8, 4)
      put(UInt32(0), 6)
      put(time, 10)
      put(typeTag, 18)
      put(lengths | UInt32(truncatingIfNeeded: columnCount) << 16, 22)
    }
    append(arena.extracting(id))
    if !target.isEmpty { append(arena.extracting(target)) }
    return start
  }

  /// Fills in the length of the record that began at `start`.
  mutating func finish(_ start: Int) {
    let length = UInt32(end - start).littleEndian
    unsafe bytes.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: length, toByteOffset: start, as: UInt32.self)
    }
  }

  /// Tells the record that began at `start` apart from others of its id.
  mutating func setNonce(_ nonce: UInt32, of start: Int) {
    unsafe bytes.withUnsafeMutableBytes {
      unsafe $0.storeBytes(
        of: nonce.littleEndian, toByteOffset: start + RecordFormat.nonceOffset, as: UInt32.self)
    }
  }

  /// Appends one column.
  mutating func column(_ plan: ColumnPlan, _ slot: Slot, arena: RawSpan) {
    append(plan.tag)
    switch slot.kind {
    case .missing, .null: return append(RecordFormat.Column.missing)
    case .failure: return append(RecordFormat.Column.failure)
    default: break
    }
    switch plan.kind {
    case .bool:
      guard slot.kind == .bool else { return append(RecordFormat.Column.failure) }
      append(slot.payload != 0 ? RecordFormat.Column.yes : RecordFormat.Column.no)
    case .text:
      guard slot.kind == .string || slot.kind == .bytes else {
        return append(RecordFormat.Column.failure)
      }
      text(slot, arena: arena)
    case .int, .quantised, .timestamp, .duration:
      guard let integer = Self.integer(of: slot, plan.kind) else {
        return append(RecordFormat.Column.failure)
      }
      let start = advance(9)
      unsafe bytes.withUnsafeMutableBytes {
        unsafe $0.storeBytes(of: RecordFormat.Column.integer, toByteOffset: start, as: UInt8.self)
        unsafe $0.storeBytes(of: integer.littleEndian, toByteOffset: start + 1, as: Int64.self)
      }
    }
  }

  /// Appends the column for what an event states as its content.
  mutating func content(_ digest: EventDigest) {
    append(RecordFormat.contentTag)
    append(RecordFormat.Column.digest)
    append(digest.low)
    append(digest.high)
  }

  /// Appends text as a column holds it: kind byte, length, bytes or digest.
  mutating func text(_ slot: Slot, arena: RawSpan) {
    let range = slot.range
    if range.count <= RecordFormat.textBytesMax {
      let text = arena.extracting(range)
      let start = advance(3 + range.count)
      unsafe bytes.withUnsafeMutableBytes { target in
        unsafe target.storeBytes(of: RecordFormat.Column.text, toByteOffset: start, as: UInt8.self)
        unsafe target.storeBytes(
          of: UInt16(range.count).littleEndian, toByteOffset: start + 1, as: UInt16.self)
        unsafe text.withUnsafeBytes {
          unsafe UnsafeMutableRawBufferPointer(rebasing: target[(start + 3)...]).copyMemory(from: $0)
        }
      }
    } else {
      let digest = Hashing.digest(arena.extracting(range))
      append(RecordFormat.Column.digest)
      append(digest.low)
      append(digest.high)
    }
  }

  /// The integer that stands for a number, or nil when there is none of 64 bits.
  static func integer(of slot: Slot, _ kind: ColumnPlan.Kind) -> Int64? {
    switch (kind, slot.kind) {
    case (.quantised(let scale), .double):
      let scaled = (slot.double * DecimalScale.power(scale)).rounded(.toNearestOrEven)
      return Int64(exactly: scaled)
    case (.quantised(let scale), .int):
      let (product, overflow) = slot.integer.multipliedReportingOverflow(by: Int64(DecimalScale.power(scale)))
      return overflow ? nil : product
    case (.int, .uint): return Int64(exactly: slot.payload)
    case (.int, .int), (.timestamp, .timestamp), (.duration, .duration): return slot.integer
    default: return nil
    }
  }
}

/// Powers of ten as quantised columns use them.
enum DecimalScale {
  /// Exact up to 10^18, the largest that a scale may name.
  static func power(_ scale: Int) -> Double {
    var power: Int64 = 1
    for _ in 0..<min(max(scale, 0), 18) { power &*= 10 }
    return Double(power)
  }
}
