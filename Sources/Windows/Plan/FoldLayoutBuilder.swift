internal import CEL

/// Sorts features into groups, and gives each a window.
struct FoldLayoutBuilder {
  private struct Key: Hashable {
    var types: [UInt32]?
    var condition: Int?
    var value: Int?
    var currency: Int?
    var acceptedOnly: Bool
    var limit: Int

    init(_ plan: FeaturePlan) {
      types = plan.types
      condition = plan.condition
      value = plan.value
      currency = plan.currency
      acceptedOnly = plan.countsAcceptedOnly
      limit = max(plan.limit, 1)
    }

    /// What must be equal in groups that share.
    var common: Key {
      var key = self
      key.value = nil
      key.types = nil
      return key
    }
  }

  /// A group in the making, by indices of plans.
  private struct Draft {
    var key: Key
    var members: [Int]
    var isShared = false
    var isOpen = false
    /// Where its members are in the layout that shares.
    var origin = 0
  }

  private let columns: [ColumnPlan]
  /// The types that leave a record.
  private let recordedTypes: Set<UInt32>
  let lateness: Int64
  private(set) var groups = ContiguousArray<GroupLayout>()
  private(set) var windows = ContiguousArray<WindowLayout>()
  private(set) var features = ContiguousArray<FeatureLayout>()
  private(set) var typeTags = ContiguousArray<UInt32>()

  init(columns: [ColumnPlan], recordedTypes: Set<UInt32>, lateness: Int64) {
    self.columns = columns
    self.recordedTypes = recordedTypes
    self.lateness = lateness
  }

  /// Adds all features of an entity; returns the place of each in `features`.
  mutating func add(_ plans: [FeaturePlan], isSharing: Bool) -> [Int] {
    var drafts: [Draft] = []
    for (index, plan) in plans.enumerated() {
      let key = Key(plan)
      if let draft = drafts.firstIndex(where: { $0.key == key }) {
        drafts[draft].members.append(index)
      } else {
        drafts.append(Draft(key: key, members: [index]))
      }
    }
    share(&drafts, plans, isSharing: isSharing)
    var order = Array(repeating: 0, count: plans.count)
    for draft in drafts { add(draft, plans, &order) }
    return order
  }

  /// Lets groups without a value join one that has a value and the same members otherwise. Only one with the same
  /// span: it decides what is gone for good, and so what a late event sees.
  private func share(_ drafts: inout [Draft], _ plans: [FeaturePlan], isSharing: Bool) {
    var hosts = Array(drafts.indices)
    for index in drafts.indices where drafts[index].key.value == nil {
      let host = drafts.indices.first { other in
        drafts[other].key.value != nil && drafts[other].key.common == drafts[index].key.common
          && count(drafts[other].key.types, asMuchAs: drafts[index].key.types)
          && span(drafts[other], plans) == span(drafts[index], plans)
      }
      hosts[index] = host ?? index
    }
    let staying = drafts.indices.filter { hosts[$0] == $0 }
    for index in drafts.indices { drafts[index].origin = staying.firstIndex(of: hosts[index]) ?? 0 }
    guard isSharing else { return }
    for (index, host) in hosts.enumerated() where host != index {
      drafts[host].members += drafts[index].members
      drafts[host].isShared = true
      drafts[host].isOpen = drafts[host].isOpen || drafts[host].key.types != drafts[index].key.types
      drafts[host].key.types = drafts[host].key.types ?? drafts[index].key.types
    }
    drafts = staying.map { drafts[$0] }
  }

  /// Whether two features count the same records as long as no other rule set has left records of other types.
  private func count(_ types: [UInt32]?, asMuchAs others: [UInt32]?) -> Bool {
    types == others || (types == nil || others == nil) && recordedTypes.isSubset(of: types ?? others ?? [])
  }

  private func span(_ draft: Draft, _ plans: [FeaturePlan]) -> Int64 {
    draft.members.reduce(0) { max($0, WindowLayout(plans[$1]).reach.addingSaturated(lateness)) }
  }

  private mutating func add(_ draft: Draft, _ plans: [FeaturePlan], _ order: inout [Int]) {
    let (firstWindow, firstType) = (windows.count, typeTags.count)
    let placed = draft.members.map { (window: serve(WindowLayout(plans[$0]), from: firstWindow), index: $0) }
    // Features of one window stand side by side, so that reading them moves it once.
    for (window, index) in placed.sorted(by: <) {
      order[index] = features.count
      features.append(feature(plans[index], window: window))
    }
    if let types = draft.key.types { typeTags.append(contentsOf: types) }
    let values: GroupLayout.Values =
      switch draft.key.value.map({ columns[$0].kind }) {
      case nil: .none
      case .text: .text
      default: .integer
      }
    groups.append(
      GroupLayout(
        types: draft.key.types == nil ? nil : firstType..<typeTags.count,
        condition: draft.key.condition ?? -1, value: draft.key.value ?? -1,
        currency: draft.key.currency ?? -1, values: values, acceptedOnly: draft.key.acceptedOnly,
        pooled: windows[firstWindow...].contains { $0.running == .distinct },
        isShared: draft.isShared, isOpen: draft.isOpen, origin: draft.origin,
        limit: draft.key.limit, span: span(draft, plans),
        windows: firstWindow..<windows.count))
  }

  /// The window for a feature that needs `wanted`, among those from `first` on: one that is there, or a new one.
  private mutating func serve(_ wanted: WindowLayout, from first: Int) -> Int {
    if let window = windows[first...].firstIndex(where: { $0.canServe(wanted) }) {
      if wanted.running == .sum { windows[window].running = .sum }
      return window
    }
    windows.append(wanted)
    return windows.count - 1
  }

  private func feature(_ plan: FeaturePlan, window: Int) -> FeatureLayout {
    var scale = 1.0
    var kind = Slot.Kind.int
    if let value = plan.value {
      switch columns[value].kind {
      case .bool: kind = .bool
      case .int: kind = .int
      case .quantised(let digits): (kind, scale) = (.double, DecimalScale.power(digits))
      case .timestamp: kind = .timestamp
      case .duration: kind = .duration
      case .text: kind = .string
      }
    }
    return FeatureLayout(
      group: groups.count, window: window, slot: plan.slot, aggregation: plan.aggregation,
      isPlain: windows[window].isPlain && kind != .string, hasEmpty: plan.empty != nil,
      empty: plan.empty ?? .missing, valueKind: kind, scale: scale)
  }
}
