/// Where records with a given hash of an id stand: open addressing over logical log positions. Equality is decided
/// by the caller on the bytes themselves.
package struct IdentityIndex {
  /// Hash in the high half, position in the low; `vacant` where free.
  private var cells: ContiguousArray<UInt64> = []
  package private(set) var count = 0

  /// An empty index.
  package init() {}

  private static let vacant = UInt64.max

  var byteCount: Int { cells.count * MemoryLayout<UInt64>.stride }
  var isEmpty: Bool { count == 0 }

  /// The low half of a hash, folded so that no cell equals `vacant`.
  @inline(__always) static func short(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 33) }

  /// Asks for the cells, of which there are few in the index of one entity.
  @inline(__always) func prefetch() { cells.prefetchStart() }

  /// Asks for the cell where `hash` is looked for first.
  @inline(__always) func prefetch(_ hash: UInt64) {
    if !cells.isEmpty { cells.prefetch(Int(Self.short(hash)) & (cells.count - 1)) }
  }

  /// Adds a position under `hash`.
  package mutating func insert(hash: UInt64, position: UInt32) {
    if (count + 1) * 5 > cells.count * 4 { grow() }
    place(UInt64(Self.short(hash)) << 32 | UInt64(position))
    count += 1
  }

  /// Calls `visit` with each position under `hash` until it returns true.
  @inline(__always) package func first(hash: UInt64, where matches: (UInt32) -> Bool) -> UInt32? {
    guard !cells.isEmpty else { return nil }
    let short = UInt64(Self.short(hash))
    let mask = cells.count - 1
    var index = Int(short) & mask
    while cells[index] != Self.vacant {
      if cells[index] >> 32 == short {
        let position = UInt32(truncatingIfNeeded: cells[index])
        if matches(position) { return position }
      }
      index = (index + 1) & mask
    }
    return nil
  }

  /// Takes out the cell of `position`, and closes the gap so that later probes still find their cells.
  package mutating func remove(hash: UInt64, position: UInt32) {
    guard !cells.isEmpty else { return }
    let wanted = UInt64(Self.short(hash)) << 32 | UInt64(position)
    let mask = cells.count - 1
    var index = Int(Self.short(hash)) & mask
    while cells[index] != wanted {
      if cells[index] == Self.vacant { return }
      index = (index + 1) & mask
    }
    count -= 1
    var hole = index
    while true {
      index = (index + 1) & mask
      if cells[index] == Self.vacant { break }
      let home = Int(cells[index] >> 32) & mask
      if (index &- home) & mask >= (index &- hole) & mask {
        cells[hole] = cells[index]
        hole = index
      }
    }
    cells[hole] = Self.vacant
  }

  private mutating func place(_ cell: UInt64) {
    let mask = cells.count - 1
    var index = Int(cell >> 32) & mask
    while cells[index] != Self.vacant { index = (index + 1) & mask }
    cells[index] = cell
  }

  private mutating func grow() {
    let old = cells
    cells = ContiguousArray(repeating: Self.vacant, count: max(4, old.count * 2))
    // On a span: whether the array is shared is checked once, not at each cell.
    let mask = cells.count - 1
    var cells = cells.mutableSpan
    for place in old.indices where old[place] != Self.vacant {
      var index = Int(old[place] >> 32) & mask
      while cells[index] != Self.vacant { index = (index + 1) & mask }
      cells[index] = old[place]
    }
  }
}
