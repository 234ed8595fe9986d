internal import CEL

/// Where a threshold may part the events: between their values, each place with a value that parts them there.
struct TuneCuts {
  /// A threshold and how it parts the events.
  struct Cut {
    /// So many events, in ascending order, lie below.
    let position: Int
    /// The threshold as an author writes it.
    let text: String
    let isCurrent: Bool
  }

  /// A place, and the thresholds that all part the events there.
  private struct Place {
    let position: Int
    let range: ClosedRange<Int64>
  }

  private typealias Keys = LazyMapCollection<[TuneRecorder.Entry], Int64>

  /// Those that are told, ascending; one of them is the rule set's own.
  let chosen: [Cut]
  /// The index of the rule set's own.
  let current: Int
  /// How many there are, told or not.
  let count: Int

  /// The cuts between the values of events, which are sorted by them.
  init(_ events: [TuneRecorder.Entry], _ target: TuneTarget, _ scale: TuneScale?) {
    let order = target.comparison.order
    let keys = events.lazy.map(\.key)
    guard let scale, !keys.isEmpty, let own = scale.key(ofConstant: target.comparison.constant, order) else {
      chosen = [Cut(position: 0, text: target.constantText, isCurrent: true)]
      (current, count) = (0, 0)
      return
    }
    // A value at which the threshold stands lies above it with `>=` and `<`, below it with `>` and `<=`.
    let equalLiesAbove = order == .greaterOrEqual || order == .less
    let places = equalLiesAbove ? Self.placesBelowValues(keys, scale) : Self.placesAboveValues(keys, scale)
    let position = keys.partitioningIndex { equalLiesAbove ? $0 >= own : $0 > own }
    var told = places.told.filter { $0.position != position }.map {
      Cut(position: $0.position, text: scale.text(scale.roundest(in: $0.range)), isCurrent: false)
    }
    let index = told.firstIndex { $0.position > position } ?? told.count
    told.insert(Cut(position: position, text: target.constantText, isCurrent: true), at: index)
    (chosen, current, count) = (told, index, places.count)
  }

  /// For `>` and `<=`: from a value on, up to the next one.
  private static func placesAboveValues(_ keys: Keys, _ scale: TuneScale) -> Selection {
    var places = Selection(keys)
    if let first = keys.first, let below = scale.neighbour(of: first, -1) {
      places.add(Place(position: 0, range: below...below))
    }
    for index in keys.indices {
      let next = index + 1 < keys.count ? keys[index + 1] : nil
      guard next != keys[index] else { continue }
      places.add(Place(position: index + 1, range: keys[index]...(next.map { $0 - 1 } ?? keys[index])))
    }
    places.finish()
    return places
  }

  /// For `>=` and `<`: from behind the value before, up to a value.
  private static func placesBelowValues(_ keys: Keys, _ scale: TuneScale) -> Selection {
    var places = Selection(keys)
    for index in keys.indices {
      let before = index > 0 ? keys[index - 1] : nil
      guard before != keys[index] else { continue }
      places.add(Place(position: index, range: (before.map { $0 + 1 } ?? keys[index])...keys[index]))
    }
    if let last = keys.last, let beyond = scale.neighbour(of: last, 1) {
      places.add(Place(position: keys.count, range: beyond...beyond))
    }
    places.finish()
    return places
  }

  /// All places, or where there are too many those that part the events evenly, the first and the last included. The
  /// others are not kept: there may be one for each event.
  private struct Selection {
    private(set) var told: [Place] = []
    private(set) var count = 0
    private let step: Int
    private var last: Place?

    init(_ keys: Keys) {
      var (distinct, before) = (1, keys.first)
      for key in keys where key != before { (distinct, before) = (distinct + 1, key) }
      let isTooMany = distinct + 1 > TuneSweep.rowsMax
      step = isTooMany ? (keys.count + TuneSweep.rowsMax - 4) / (TuneSweep.rowsMax - 3) : 0
    }

    mutating func add(_ place: Place) {
      count += 1
      last = place
      if told.last.map({ place.position >= $0.position + step }) ?? true { told.append(place) }
    }

    mutating func finish() {
      if let last, told.last?.position != last.position { told.append(last) }
    }
  }
}

extension RandomAccessCollection<Int64> where Index == Int {
  /// The first index from which on `belongsToSecondPart` holds, of elements sorted by it.
  fileprivate func partitioningIndex(_ belongsToSecondPart: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if belongsToSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
