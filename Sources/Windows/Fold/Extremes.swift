/// The least (or greatest) value of a window that moves: a deque in the order of entries in which each value beats
/// all that follow.
///
/// Entries are named by time and position, not by index, so that late entries do not disturb them.
struct Extremes {
  struct Element {
    var time: Int64
    var position: UInt32
    var value: Int64

    @inline(__always) func precedes(_ entry: GroupEntry) -> Bool {
      time < entry.time || time == entry.time && position < entry.position
    }
  }

  private var elements: ContiguousArray<Element> = []
  private var head = 0
  let least: Bool
  /// What the deque dropped is needed again: it must be built anew before the next read.
  private(set) var isStale = false

  init(least: Bool) { self.least = least }

  var best: Int64? { head < elements.count ? elements[head].value : nil }
  var byteCount: Int { elements.count * MemoryLayout<Element>.stride }

  @inline(__always) private func beats(_ one: Int64, _ other: Int64) -> Bool {
    least ? one < other : one > other
  }

  mutating func reset() {
    elements.removeAll(keepingCapacity: true)
    head = 0
    isStale = false
  }

  /// Takes in an entry newer than all in the window.
  mutating func append(_ entry: GroupEntry, _ value: Int64) {
    while let back = elements.last, elements.count > head, !beats(back.value, value) { elements.removeLast() }
    if head == elements.count { reset(keepingStale: isStale) }
    elements.append(Element(time: entry.time, position: entry.position, value: value))
  }

  /// Takes in an entry older than all in the window.
  mutating func prepend(_ entry: GroupEntry, _ value: Int64) {
    if let best, !beats(value, best) { return }
    let element = Element(time: entry.time, position: entry.position, value: value)
    if head > 0 {
      head -= 1
      elements[head] = element
    } else {
      elements.insert(element, at: 0)
    }
  }

  /// Takes in an entry from the middle of the window.
  mutating func insert(_ entry: GroupEntry, _ value: Int64) {
    let index = lowerBound(entry)
    if index < elements.count && !beats(value, elements[index].value) { return }
    var first = index
    while first > head && !beats(elements[first - 1].value, value) { first -= 1 }
    let element = Element(time: entry.time, position: entry.position, value: value)
    elements.replaceSubrange(first..<index, with: CollectionOfOne(element))
  }

  /// Lets go of an entry; from anywhere but the old end that makes the deque stale if the entry was in it.
  mutating func remove(_ entry: GroupEntry, isOldest: Bool) {
    let index = isOldest ? head : lowerBound(entry)
    guard index < elements.count, elements[index].time == entry.time,
      elements[index].position == entry.position
    else { return }
    guard isOldest else {
      isStale = true
      return
    }
    head += 1
    if head == elements.count {
      reset(keepingStale: isStale)
    } else if head >= 16 && head * 2 >= elements.count {
      elements.removeSubrange(0..<head)
      head = 0
    }
  }

  private mutating func reset(keepingStale: Bool) {
    elements.removeAll(keepingCapacity: true)
    head = 0
    isStale = keepingStale
  }

  private func lowerBound(_ entry: GroupEntry) -> Int {
    var low = head
    var high = elements.count
    while low < high {
      let middle = (low + high) / 2
      if elements[middle].precedes(entry) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
