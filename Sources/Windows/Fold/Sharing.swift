/// Features without a value share the entries of those that have one, until a record comes that they tell apart.
extension EntityFold {
  /// The layout of this entity's groups.
  @inline(__always) func shape(_ layout: FoldLayout) -> FoldLayout {
    guard isParted, let parted = layout.parted else { return layout }
    return parted
  }

  /// Gives every group its own entries if `record`, whose columns were read, is no member of one of those that share.
  mutating func partIfNeeded(
    _ record: RecordView, _ columns: ContiguousArray<ColumnValue>, _ layout: FoldLayout
  ) {
    if isParted { return }
    for index in layout.sharedGroups.indices {
      let group = layout.sharedGroups[index]
      let parts =
        layout.counts(record.typeTag, in: group)
        ? Self.parts(layout.groups[group], columns) : layout.groups[group].isOpen
      if parts, let parted = layout.parted { return part(layout, parted) }
    }
  }

  /// Whether the value of a record makes it something else to features with a value than to those without.
  private static func parts(_ group: GroupLayout, _ columns: ContiguousArray<ColumnValue>) -> Bool {
    typealias Column = RecordFormat.Column
    switch columns[group.value].kind {
    case Column.no, Column.yes, Column.integer: if group.values == .integer { return false }
    case Column.text, Column.digest: if group.values == .text { return false }
    case Column.absent: return true
    default: break
    }
    // Where the condition does not hold, nobody asks for the value.
    guard group.condition >= 0 else { return true }
    let condition = columns[group.condition].kind
    return condition != Column.no && condition != Column.missing
  }

  private mutating func part(_ layout: FoldLayout, _ parted: FoldLayout) {
    isParted = true
    var fresh: ContiguousArray<WindowGroup> = []
    for plan in parted.groups.indices {
      fresh.append(WindowGroup(plan: plan, layout: parted, members: groups[parted.groups[plan].origin]))
    }
    for index in layout.groups.count..<groups.count {
      for plan in parted.groups.indices where parted.groups[plan].origin == groups[index].plan {
        fresh.append(WindowGroup(plan: plan, layout: parted, members: groups[index]))
      }
    }
    groups = fresh
  }
}

extension WindowGroup {
  /// The group `plan` of a layout without sharing, with the members of the group that held its features before. Its
  /// windows are empty; the first reads move them to where they belong.
  fileprivate init(plan: Int, layout: FoldLayout, members other: WindowGroup) {
    self.init(plan: plan, layout: layout, currency: other.currency)
    let group = layout.groups[plan]
    dropped = other.dropped
    lackingTime = other.lackingTime
    cutTime = other.cutTime
    entries.append(contentsOf: other.entries[other.start...])
    if group.values != .none { values.append(contentsOf: other.values[other.start...]) }
    if group.pooled {
      pool = other.pool
    } else {
      for index in entries.indices where entries[index].mark != GroupEntry.failed { entries[index].mark = 0 }
    }
  }
}
