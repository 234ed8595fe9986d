/// What comes next: players who wake up and events that arrive, each in its order, the earliest first.
///
/// A binary heap. It holds one entry for each player and one for each event on its way, and so does not grow with time.
struct Schedule {
  /// A player's number, or an event's place.
  enum Item {
    case player(Int32)
    case arrival(Int32)
  }

  private struct Entry {
    let time: Int64
    /// What was put in first comes first at the same time.
    let turn: UInt64
    let item: Item

    func precedes(_ other: Entry) -> Bool { time == other.time ? turn < other.turn : time < other.time }
  }

  private var entries: [Entry] = []
  private var turns: UInt64 = 0

  mutating func add(_ item: Item, at time: Int64) {
    let entry = Entry(time: time, turn: turns, item: item)
    turns += 1
    entries.append(entry)
    var place = entries.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard entry.precedes(entries[parent]) else { break }
      entries[place] = entries[parent]
      place = parent
    }
    entries[place] = entry
  }

  mutating func next() -> (time: Int64, item: Item)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty { sink(last) }
    return (first.time, first.item)
  }

  /// Puts `entry` where the first one stood, and lets it sink to its place.
  private mutating func sink(_ entry: Entry) {
    let count = entries.count
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < count else { break }
      if child + 1 < count, entries[child + 1].precedes(entries[child]) { child += 1 }
      guard entries[child].precedes(entry) else { break }
      entries[place] = entries[child]
      place = child
    }
    entries[place] = entry
  }
}
