internal import CEL

/// What the members of one group have in common.
struct GroupLayout {
  /// What an entry carries beside its time.
  enum Values: UInt8 { case none, integer, text }

  /// Range of `FoldLayout.typeTags`; nil counts every type.
  var types: Range<Int>?
  /// Columns, or -1.
  var condition: Int
  var value: Int
  var currency: Int
  var values: Values
  var acceptedOnly: Bool
  /// Some feature counts different values.
  var pooled: Bool
  /// Features without a value have joined the group.
  var isShared: Bool
  /// With `isShared`: some of its features count `types`, the others every type.
  var isOpen: Bool
  /// In a layout without sharing: the group of the sharing layout that held this one's features.
  var origin: Int
  var limit: Int
  /// The longest `delay + over` plus lateness; `Int64.max` when a feature has no span.
  var span: Int64
  /// Range of `FoldLayout.windows`.
  var windows: Range<Int>
}

/// One window over a group; plain features with the same bounds share one.
struct WindowLayout {
  /// What is kept up to date while the window moves.
  enum Running: UInt8 { case bounds, sum, squares, gaps, extreme, distinct }

  var running: Running
  /// With `extreme`: the least value, not the greatest.
  var least: Bool
  var delay: Int64
  /// From the event back to where the window begins, delay included; `Int64.max` is unbounded.
  var reach: Int64
  /// `Int.max` for all.
  var last: Int
  /// Read before the event's own record is counted.
  var readsBefore: Bool

  /// Keeps nothing but bounds and a sum.
  var isPlain: Bool { running == .bounds || running == .sum }

  init(_ plan: FeaturePlan) {
    running = plan.aggregation.running
    least = plan.aggregation == .min
    delay = max(plan.delayMilliseconds, 0)
    reach = delay.addingSaturated(plan.overMilliseconds ?? .max)
    last = plan.last ?? .max
    readsBefore = !plan.includesCurrent || plan.aggregation == .last || plan.aggregation == .sinceLast
  }

  /// Whether a feature that needs `other` can read this window.
  func canServe(_ other: WindowLayout) -> Bool {
    isPlain && other.isPlain && delay == other.delay && reach == other.reach && last == other.last
      && readsBefore == other.readsBefore
  }
}

/// One feature and what it is made of.
struct FeatureLayout {
  /// Indices into `FoldLayout.groups` and `windows`.
  var group: Int
  var window: Int
  var slot: Int
  var aggregation: Aggregation
  /// Its value is made of its window's bounds and sum, and of nothing else.
  var isPlain: Bool
  var hasEmpty: Bool
  var empty: Slot
  /// The kind of slot that an aggregated value becomes, and the power of ten it is divided by.
  var valueKind: Slot.Kind
  var scale: Double
}

extension Aggregation {
  fileprivate var running: WindowLayout.Running {
    switch self {
    case .count, .first, .last, .sinceFirst, .sinceLast, .gapMean: .bounds
    case .sum, .mean, .share: .sum
    case .stddev: .squares
    case .gapVariation: .gaps
    case .min, .max: .extreme
    case .distinct: .distinct
    }
  }
}

extension Int64 {
  /// The sum, held at the ends of the range.
  @inline(__always) func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, held at the ends of the range.
  @inline(__always) func subtractingSaturated(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}
