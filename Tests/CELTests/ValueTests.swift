import CEL
import TestSupport
import Testing

/// Equality, order and look-up of values.
@Suite struct ValueTests {
  static let edges: [Value] =
    [Int64.min, -9_007_199_254_740_993, -1, 0, 1, 9_007_199_254_740_992, 9_007_199_254_740_993, .max - 1].map
  {
    .int($0)
  } + [UInt64(0), 1, 9_007_199_254_740_993, 1 << 63, .max].map { .uint($0) }
    + [-Double.infinity, -0x1p63, -1.5, -0.0, 0, 0.5, 1, 9_007_199_254_740_992, 0x1p64, .infinity].map {
      .double($0)
    }

  /// The order of two numbers by 128-bit integers of halves, exact for everything in `edges`.
  private func halves(_ value: Value) -> Int128? {
    switch value {
    case .int(let number): Int128(number) * 2
    case .uint(let number): Int128(number) * 2
    case .double(let number):
      number == .infinity ? .max : number == -.infinity ? .min : Int128(number * 2)
    default: nil
    }
  }

  @Test func numbersAreOrderedOnOneLine() throws {
    for left in ValueTests.edges {
      for right in ValueTests.edges {
        let (leftHalves, rightHalves) = (try #require(halves(left)), try #require(halves(right)))
        let expected: Order = leftHalves < rightHalves ? .less : leftHalves > rightHalves ? .greater : .equal
        #expect(left.order(to: right) == expected, "\(left) and \(right)")
        #expect(left.isEqual(to: right) == (expected == .equal), "\(left) and \(right)")
      }
    }
  }

  @Test func notANumberEqualsNothing() {
    let nan = Value.double(.nan)
    #expect(!nan.isEqual(to: nan))
    #expect(!Value.list([nan]).isEqual(to: .list([nan])))
    #expect(nan.order(to: .int(1)) == .unordered)
    #expect(Value.uint(1).order(to: nan) == .unordered)
  }

  @Test func textIsComparedByCodePoints() {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    #expect(composed == decomposed)
    #expect(!Value.string(composed).isEqual(to: .string(decomposed)))
    #expect(Value.string(composed).order(to: .string(decomposed)) == .greater)
    #expect(Value.string("\u{FFFF}").order(to: .string("\u{10000}")) == .less)
    #expect(TextOrder.codePointCount(decomposed) == 2)
    #expect(TextOrder.codePointCount("👩‍👩‍👧") == 5)
    #expect(MapValue(entries: [(key: .string(composed), value: .int(1))])[decomposed] == nil)
  }

  @Test func differentKindsAreNotEqual() {
    let kinds: [Value] = [.null, .bool(true), .int(1), .string("1"), .bytes([1]), .list([]), .type(.int)]
    for (index, left) in kinds.enumerated() {
      for (other, right) in kinds.enumerated() { #expect(left.isEqual(to: right) == (index == other)) }
    }
  }

  @Test(arguments: [3, 8, 9, 100])
  func mapsAreFoundByEqualKeys(_ count: Int) {
    let map = MapValue(entries: (0..<count).map { (key: .int(Int64($0)), value: .int(Int64($0 * 10))) })
    #expect(map[.uint(2)]?.isEqual(to: .int(20)) == true)
    #expect(map[.double(1)]?.isEqual(to: .int(10)) == true)
    #expect(map[.double(1.5)] == nil)
    #expect(map[.double(.nan)] == nil)
    #expect(map[.int(Int64(count))] == nil)
    #expect(map["1"] == nil)
    let reversed = MapValue(entries: map.entries.reversed())
    #expect(Value.map(map).isEqual(to: .map(reversed)))
  }

  @Test func slotsGiveBackWhatWasStored() throws {
    var frame = Frame(slotCount: 2)
    let moment = try #require(Timestamp(rfc3339: "2024-05-01T10:00:00.25Z"))
    let exact = try #require(Timestamp(rfc3339: "2024-05-01T10:00:00.000000001Z"))
    let values: [Value] = [
      .null, .bool(true), .int(.min), .uint(.max), .double(-0.0), .string("grüße"), .bytes([0, 255]),
      .timestamp(moment), .timestamp(exact), .duration(.milliseconds(-1_500)), .duration(.nanoseconds(7)),
      .list([]), .list([.int(1), .string("a"), .null]),
      .list([.list([.int(1)]), .map(MapValue(entries: []))]),
      .map(MapValue(entries: [(key: .string("k"), value: .double(1))])), .type(.map(.dyn, .dyn)),
    ]
    for value in values {
      let slot = frame.store(value)
      #expect(Value(slot, in: frame).isEqual(to: value), "\(value)")
      #expect(Value(slot, in: frame).runtimeType == value.runtimeType)
    }
    #expect(frame.store(.timestamp(moment)).kind == .timestamp)
    #expect(frame.store(.timestamp(exact)).kind == .value)
    #expect(frame.store(.list([.int(1)])).kind == .list)
  }

  @Test func slotsThatPointOutsideTheFrameAreNull() {
    let frame = Frame(slotCount: 1)
    for kind in [Slot.Kind.string, .bytes, .list, .value, .missing, .failure] {
      for payload in [UInt64(0), 7, .max] {
        let slot = Slot(kind: kind, length: 3, payload: payload)
        #expect(Value(slot, in: frame).isEqual(to: .null))
      }
    }
    var cyclic = Frame(slotCount: 1)
    cyclic.slots[0] = Slot(kind: .list, length: 1, payload: 0)
    #expect(Value(cyclic.slots[0], in: cyclic).runtimeType == .list(.dyn))
  }
}
