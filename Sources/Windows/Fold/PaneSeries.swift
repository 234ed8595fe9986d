/// What the records of one pane of time come to.
struct Pane: Sendable, Equatable {
  /// Time divided by the width.
  var number: Int64
  var count: Int64 = 0
  /// Members whose condition or value failed.
  var failures: Int64 = 0
  var sum: Int128 = 0
}

/// The panes of one feature, in one currency: as many as the window has and its lateness adds, whatever the number of
/// records.
struct PaneSeries: Sendable {
  /// Index into `FoldLayout.panes`.
  let plan: Int
  /// The currency as a column holds it; empty for features without one.
  let currency: ContiguousArray<UInt8>
  /// In the order of time.
  private(set) var panes: ContiguousArray<Pane> = []
  /// The newest record that counts by its type and lacks a column.
  var lackingTime = Int64.min

  init(plan: Int, currency: ContiguousArray<UInt8> = []) {
    self.plan = plan
    self.currency = currency
  }

  var byteCount: Int { 96 + currency.count + panes.count * MemoryLayout<Pane>.stride }

  /// Adds what one record comes to, or takes it away with a negative `sign`.
  mutating func add(_ number: Int64, value: Int64, failed: Bool, sign: Int64) {
    var index = panes.count
    while index > 0 && panes[index - 1].number > number { index -= 1 }
    if index == 0 || panes[index - 1].number != number {
      panes.insert(Pane(number: number), at: index)
    } else {
      index -= 1
    }
    panes[index].count &+= sign
    if failed { panes[index].failures &+= sign } else { panes[index].sum &+= Int128(value) * Int128(sign) }
  }

  /// Appends a pane as a checkpoint has it.
  mutating func append(_ pane: Pane) { panes.append(pane) }

  /// Lets go of the panes before `number`.
  mutating func retire(before number: Int64) {
    guard let first = panes.first, first.number < number else { return }
    panes.removeAll { $0.number < number }
  }

  /// Whether there is no pane from `number` on.
  func isSpent(before number: Int64) -> Bool { panes.last.map { $0.number < number } ?? true }

  /// What the panes from `number` on come to.
  func total(from number: Int64) -> Pane {
    var total = Pane(number: number)
    for index in panes.indices.reversed() {
      let pane = panes[index]
      if pane.number < number { break }
      total.count &+= pane.count
      total.failures &+= pane.failures
      total.sum &+= pane.sum
    }
    return total
  }
}
