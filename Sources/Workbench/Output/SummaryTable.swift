/// Rows of a name and what belongs to it; what is zero or empty has no row.
struct SummaryTable {
  private static let nameWidth = 14
  private(set) var text = ""

  mutating func add(_ name: String, _ value: String) {
    text += name.padded(to: Self.nameWidth) + " \(value)\n"
  }

  mutating func add(_ name: String, _ count: Int) {
    if count > 0 { add(name, String(count)) }
  }

  mutating func add(_ name: String, _ counts: [(String, Int)]) {
    let width = counts.map(\.0.count).max() ?? 0
    for (index, count) in counts.enumerated() {
      add(index == 0 ? name : "", count.0.padded(to: width) + " \(count.1)")
    }
  }

  mutating func add(remark: String) { text += remark + "\n" }
}
