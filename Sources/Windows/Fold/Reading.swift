internal import CEL

/// What all features of one visit are read with.
struct ReadingContext {
  var time: Int64
  var blindBefore: Int64
  /// The time up to which the group's records are gone.
  var horizon: Int64
  /// No window reaches down to this: the horizon, except for an event that lies below it, which sees itself. For
  /// such an event the group has let go of what is gone already.
  var floor: Int64
  /// Of the group's plan, whatever the currency.
  var lackingTime: Int64
  var cutTime: Int64
  var base: Int

  /// Where a window begins, exclusive.
  @inline(__always) func lower(_ shape: WindowLayout) -> Int64 {
    shape.reach == .max ? floor : max(floor, time.subtractingSaturated(shape.reach))
  }

  /// Where it ends, inclusive.
  @inline(__always) func upper(_ shape: WindowLayout) -> Int64 {
    shape.delay == 0 ? .max : time.subtractingSaturated(shape.delay)
  }
}

/// What windows answer.
extension EntityFold {
  /// Which features are read: those that leave the event's own record out, or those that count it.
  enum Moment { case before, after }

  /// Reads the features of events of `type` for an event at `time`.
  mutating func read(
    _ moment: Moment, _ type: Int, log: RawSpan, time: Int64, layout: FoldLayout,
    scratch: inout FoldScratch, into frame: inout Frame
  ) {
    if isParted, let parted = layout.parted {
      return read(
        moment, type, log: log, time: time, layout: parted, scratch: &scratch, into: &frame)
    }
    if !layout.panes.isEmpty {
      readPanes(moment, type, time: time, layout: layout, scratch: &scratch, into: &frame)
    }
    let reads = moment == .before ? layout.readsBefore[type] : layout.readsAfter[type]
    var first = 0
    while first < reads.windows.count {
      let plan = reads.windows[first].group
      var end = first + 1
      while end < reads.windows.count && reads.windows[end].group == plan { end += 1 }
      let index = instance(
        plan, layout.groups[plan].currency, layout: layout, scratch: &scratch, frame: frame)
      if index >= 0 {
        groups[index].read(
          reads, first..<end, context(plan, time: time, layout), log, into: &frame)
      } else {
        for window in first..<end {
          for feature in reads.windows[window].features {
            frame.slots[reads.features[feature].slot] = .missing
          }
        }
      }
      first = end
    }
  }

  /// What the features of a group are read with.
  @inline(__always) func context(_ plan: Int, time: Int64, _ layout: FoldLayout) -> ReadingContext {
    let horizon = horizon(layout.groups[plan].span)
    return ReadingContext(
      time: time, blindBefore: blindBefore, horizon: horizon, floor: time <= horizon ? .min : horizon,
      lackingTime: groups[plan].lackingTime, cutTime: groups[plan].cutTime, base: base)
  }

  /// The group to read a feature from; -1 where the feature needs a currency and the event has none.
  func instance(
    _ plan: Int, _ column: Int, layout: FoldLayout, scratch: inout FoldScratch, frame: borrowing Frame
  ) -> Int {
    guard column >= 0 else { return plan }
    guard let end = scratch.writeCurrency(frame.slots[layout.columnSlots[column]], frame) else { return -1 }
    let currency = scratch.currency.rawBytes.extracting(0..<end)
    return findCurrency(plan, currency, from: layout.groups.count) ?? plan
  }
}

extension FoldScratch {
  /// Writes an event's currency as columns hold it into `currency`; where it ends, nil where there is none.
  mutating func writeCurrency(_ slot: Slot, _ frame: borrowing Frame) -> Int? {
    guard slot.kind == .string || slot.kind == .bytes else { return nil }
    var writer = RecordWriter(over: currency)
    currency = []
    writer.text(slot, arena: frame.arena.rawBytes)
    currency = writer.bytes
    return writer.end
  }
}

extension WindowGroup {
  /// Moves the windows at `range` of `reads`, all of this group, and writes their features' values.
  fileprivate mutating func read(
    _ reads: FeatureReads, _ range: Range<Int>, _ context: ReadingContext, _ log: RawSpan,
    into frame: inout Frame
  ) {
    let isAllPlain = readPlain(reads, range, context, into: &frame.slots)
    if isAllPlain { return }
    for index in range where !reads.windows[index].isPlain {
      let read = reads.windows[index]
      let lower = context.lower(read.shape)
      let window = step(read.place, to: read.shape, lower: lower, upper: context.upper(read.shape))
      let flags = Self.flags(window, read.shape, context, reach: lower, entries.span, dropped)
      for place in read.features {
        let feature = reads.features[place]
        var slot =
          Self.standIn(window, feature, read.shape, flags, context)
          ?? Self.plainValue(window, feature, time: context.time, entries.span, values.span)
          ?? value(window, feature)
        if slot.kind == .string && !window.isEmpty {
          slot = Self.text(at: Int(slot.payload) - context.base, log, into: &frame)
        }
        slot.flags = flags
        frame.slots[feature.slot] = slot
      }
    }
  }

  /// The same for the plain windows, by far the most. False when there are others.
  private mutating func readPlain(
    _ all: FeatureReads, _ range: Range<Int>, _ context: ReadingContext, into slots: inout [Slot]
  ) -> Bool {
    var moved: ContiguousArray<MovingWindow> = []
    swap(&moved, &windows)
    let isAllPlain = Self.readPlain(
      all, range, context, &moved, over: entries.span, values.span, start: start, dropped, into: &slots)
    swap(&moved, &windows)
    return isAllPlain
  }

  /// On spans, so that sharing is checked once for all of them, and no reference to what the windows are moved over is
  /// counted up and down.
  @inline(__always) private static func readPlain(
    _ all: FeatureReads, _ range: Range<Int>, _ context: ReadingContext,
    _ windows: inout ContiguousArray<MovingWindow>, over entries: Span<GroupEntry>, _ values: Span<Int64>,
    start: Int, _ dropped: GroupEntry, into slots: inout [Slot]
  ) -> Bool {
    let (allWindows, allFeatures) = (all.windows, all.features)
    let (reads, features) = (allWindows.span, allFeatures.span)
    let isClear =
      dropped.time == .min && context.lackingTime == .min && context.blindBefore == .min
      && context.cutTime == .min
    var windows = windows.mutableSpan
    var slots = slots.mutableSpan
    var isAllPlain = true
    for index in range {
      guard reads[index].isPlain else {
        isAllPlain = false
        continue
      }
      Self.slide(
        &windows[reads[index].place], to: reads[index].shape, over: entries, values, start: start, context)
      let window = windows[reads[index].place]
      if isClear && window.failures == 0 && !window.isEmpty {
        for place in reads[index].features {
          let slot =
            Self.commonValue(window, features[place].aggregation, features[place].scale)
            ?? Self.plainValue(window, features[place], time: context.time, entries, values) ?? .missing
          slots[features[place].slot] = slot
        }
        continue
      }
      let flags = Self.flags(
        window, reads[index].shape, context, reach: context.lower(reads[index].shape), entries, dropped)
      for place in reads[index].features {
        var slot =
          Self.standIn(window, features[place], reads[index].shape, flags, context)
          ?? Self.plainValue(window, features[place], time: context.time, entries, values) ?? .missing
        slot.flags = flags
        slots[features[place].slot] = slot
      }
    }
    return isAllPlain
  }

  /// Remarks about a window that reaches down to `reach`, or to its oldest entry when `last` bounds it.
  ///
  /// What lies below the horizon is gone for everyone and never missed. But an event from before an eviction may
  /// be a lost record's second delivery: nobody knows its first position, so nothing is known of its windows.
  private static func flags(
    _ window: MovingWindow, _ shape: WindowLayout, _ context: ReadingContext, reach lower: Int64,
    _ entries: Span<GroupEntry>, _ dropped: GroupEntry
  ) -> Slot.Flags {
    let reach = max(lower, context.horizon)
    var flags: Slot.Flags = []
    if context.time <= context.blindBefore { flags.insert(.evicted) }
    if window.count >= shape.last {
      let oldest = entries[window.first]
      if oldest.time <= context.blindBefore { flags.insert(.evicted) }
      let isPastDropped = dropped.time > context.horizon && oldest.precedes(dropped)
      let isPastCut = context.cutTime > context.horizon && oldest.time <= context.cutTime
      if isPastDropped || isPastCut { flags.insert(.saturated) }
      if context.lackingTime > max(oldest.time, context.horizon) { flags.insert(.warming) }
    } else {
      if reach < context.blindBefore { flags.insert(.evicted) }
      if max(dropped.time, context.cutTime) > reach { flags.insert(.saturated) }
      if context.lackingTime > reach { flags.insert(.warming) }
    }
    return flags
  }

  /// What stands in for a window's value, if anything does.
  @inline(__always) private static func standIn(
    _ window: MovingWindow, _ feature: FeatureLayout, _ shape: WindowLayout, _ flags: Slot.Flags,
    _ context: ReadingContext
  ) -> Slot? {
    if flags.contains(.evicted) { return .missing }
    // Which records are the newest N is not known where another plan's limits cut some out of their middle.
    let isCut = flags.contains(.saturated) && shape.last != .max && context.cutTime > context.horizon
    // Nor whether one that failed is among them.
    if isCut && (feature.aggregation != .count || window.failures > 0) { return .missing }
    if window.failures > 0 { return Slot(kind: .failure, payload: WindowFailure.recordedFailure) }
    if flags.contains(.saturated) {
      if feature.aggregation != .count && feature.aggregation != .distinct { return .missing }
    } else if window.isEmpty && feature.hasEmpty {
      return feature.empty
    }
    return nil
  }

  /// Copies the text of the column at an offset of the log into the frame; a digest cannot be given back.
  private static func text(at offset: Int, _ log: RawSpan, into frame: inout Frame) -> Slot {
    guard offset >= 0, offset < log.byteCount, log.byte(at: offset) == RecordFormat.Column.text,
      let length = RecordView.payloadLength(log, kindAt: offset, end: log.byteCount)
    else { return .missing }
    let start = frame.arena.count
    for place in offset + 3..<offset + 1 + length { frame.arena.append(log.byte(at: place)) }
    return Slot(kind: .string, length: UInt32(length - 2), payload: UInt64(start))
  }

  /// The aggregations that most rules ask for, of a window that is not empty; nil for others.
  @inline(__always) private static func commonValue(
    _ window: MovingWindow, _ aggregation: Aggregation, _ scale: Double
  ) -> Slot? {
    switch aggregation {
    case .count: .int(Int64(window.count))
    case .mean: .double(double(window.sum) / scale / Double(window.count))
    case .share: .double(double(window.sum) / Double(window.count))
    default: nil
    }
  }

  /// The value of a window of bounds and sum, nil for other aggregations; text is named by its log position.
  private static func plainValue(
    _ window: MovingWindow, _ feature: FeatureLayout, time: Int64, _ entries: Span<GroupEntry>,
    _ values: Span<Int64>
  ) -> Slot? {
    if feature.aggregation == .count { return .int(Int64(window.count)) }
    if feature.aggregation == .sum { return sum(window.sum, feature) }
    guard !window.isEmpty else { return feature.aggregation == .distinct ? nil : .missing }
    switch feature.aggregation {
    case .mean, .share: return commonValue(window, feature.aggregation, feature.scale)
    case .first: return scalar(values[window.first], feature)
    case .last: return scalar(values[window.newest], feature)
    case .sinceFirst: return since(entries[window.first].time, time)
    case .sinceLast: return since(entries[window.newest].time, time)
    case .gapMean:
      guard window.count > 1 else { return .missing }
      return .duration(milliseconds: total(window, entries) / Int64(window.count - 1))
    case .count, .sum, .distinct, .stddev, .min, .max, .gapVariation: return nil
    }
  }

  /// The value of a window that keeps more than bounds and sum.
  private mutating func value(_ window: MovingWindow, _ feature: FeatureLayout) -> Slot {
    switch feature.aggregation {
    case .distinct: return .int(Int64(counters[Int(window.extra)].different))
    case .stddev:
      let spread = squares[Int(window.extra)].spread(count: window.count, sum: window.sum)
      return .double(spread.squareRoot() / Double(window.count) / feature.scale)
    case .min, .max: return extreme(window).map { Self.scalar($0, feature) } ?? .missing
    default:
      let gaps = window.count - 1
      let total = Self.total(window, entries.span)
      guard gaps >= 2, total > 0 else { return .missing }
      let spread = Int128(gaps) &* window.sum &- Int128(total) &* Int128(total)
      return .double(Double(spread).squareRoot() / Double(total))
    }
  }

  /// From the oldest member of a window to its newest.
  private static func total(_ window: MovingWindow, _ entries: Span<GroupEntry>) -> Int64 {
    entries[window.newest].time.subtractingSaturated(entries[window.first].time)
  }

  @inline(__always) static func sum(_ sum: Int128, _ feature: FeatureLayout) -> Slot {
    if feature.valueKind == .double { return .double(double(sum) / feature.scale) }
    guard let integer = Int64(exactly: sum) else {
      return Slot(kind: .failure, payload: WindowFailure.sumOverflow)
    }
    return feature.valueKind == .duration ? .duration(milliseconds: integer) : .int(integer)
  }

  @inline(__always) private static func double(_ sum: Int128) -> Double {
    if let small = Int64(exactly: sum) { return Double(small) }
    return Double(sum)
  }

  private static func since(_ earlier: Int64, _ time: Int64) -> Slot {
    .duration(milliseconds: max(0, time.subtractingSaturated(earlier)))
  }

  @inline(__always) private static func scalar(_ value: Int64, _ feature: FeatureLayout) -> Slot {
    switch feature.valueKind {
    case .double: .double(Double(value) / feature.scale)
    case .bool: .bool(value != 0)
    case .string: Slot(kind: .string, payload: UInt64(bitPattern: value))
    default: Slot(kind: feature.valueKind, payload: UInt64(bitPattern: value))
    }
  }
}
