/// The different values of one group, each with a small number of its own, so that windows count them in arrays.
///
/// Text is not copied: it is named by the log position of the newest entry that holds it, which leaves the log last.
struct ValuePool {
  private struct Value {
    /// The integer, or the position of the column's kind byte.
    var payload: Int64
    /// Of the newest entry that holds the value.
    var time: Int64
    var references: UInt32
    var hash: UInt32
  }

  private var values: ContiguousArray<Value> = []
  private var vacant: ContiguousArray<UInt32> = []
  /// Value numbers plus one; 0 where free.
  private var cells: ContiguousArray<UInt32> = []
  private var live = 0

  var byteCount: Int { values.count * MemoryLayout<Value>.stride + (cells.count + vacant.count) * 4 }
  /// One more than the greatest number in use.
  var capacity: Int { values.count }

  /// The number of the value of an entry at `time`; `equals` compares payloads.
  @inline(__always) mutating func acquire(
    payload: Int64, time: Int64, hash wide: UInt64, equals: (Int64) -> Bool
  ) -> UInt32 {
    if (live + 1) * 4 > cells.count * 3 { grow() }
    let hash = UInt32(truncatingIfNeeded: wide >> 32)
    let mask = cells.count - 1
    var index = Int(hash) & mask
    while cells[index] != 0 {
      let number = cells[index] - 1
      let value = values[Int(number)]
      if value.hash == hash && equals(value.payload) {
        values[Int(number)].references += 1
        if time >= value.time {
          values[Int(number)].time = time
          values[Int(number)].payload = payload
        }
        return number
      }
      index = (index + 1) & mask
    }
    let value = Value(payload: payload, time: time, references: 1, hash: hash)
    live += 1
    if let number = vacant.popLast() {
      values[Int(number)] = value
      cells[index] = number + 1
      return number
    }
    values.append(value)
    cells[index] = UInt32(values.count)
    return UInt32(values.count - 1)
  }

  /// One entry with this value is gone.
  mutating func release(_ number: UInt32) {
    values[Int(number)].references -= 1
    guard values[Int(number)].references == 0 else { return }
    let mask = cells.count - 1
    var hole = Int(values[Int(number)].hash) & mask
    while cells[hole] != number + 1 { hole = (hole + 1) & mask }
    vacant.append(number)
    live -= 1
    var index = hole
    while true {
      index = (index + 1) & mask
      if cells[index] == 0 { break }
      let home = Int(values[Int(cells[index] - 1)].hash) & mask
      if (index &- home) & mask >= (index &- hole) & mask {
        cells[hole] = cells[index]
        hole = index
      }
    }
    cells[hole] = 0
  }

  private mutating func grow() {
    let old = cells
    cells = ContiguousArray(repeating: 0, count: max(4, old.count * 2))
    let mask = cells.count - 1
    for number in old where number != 0 {
      var index = Int(values[Int(number - 1)].hash) & mask
      while cells[index] != 0 { index = (index + 1) & mask }
      cells[index] = number
    }
  }
}
