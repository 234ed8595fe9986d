internal import CEL

/// A feature in constant size: a count or a sum kept by panes of time and not by record.
struct PaneLayout {
  /// How records become members; its `types`, `limit` and `windows` mean nothing here.
  var member: GroupLayout
  /// Type tags that count; nil counts every type.
  var types: ContiguousArray<UInt32>?
  /// Its value is made of.
  var feature: FeatureLayout
  /// Of one pane; milliseconds.
  var width: Int64
  /// From the event back to where the window begins.
  var over: Int64
  var readsBefore: Bool
  /// By event type: whether an event of this type reads the feature.
  var readsType: ContiguousArray<Bool>

  /// Nil for a feature that is exact.
  init?(_ plan: FeaturePlan, columns: [ColumnPlan], lateness: Int64, readsType: [Bool]) {
    guard let panes = plan.panes, let over = plan.overMilliseconds else { return nil }
    let layout = FoldLayoutBuilder.feature(plan, columns: columns, group: 0, window: 0, isPlain: true)
    member = GroupLayout(
      types: nil, condition: plan.condition ?? -1, value: plan.value ?? -1, currency: plan.currency ?? -1,
      values: plan.value == nil ? .none : .integer, acceptedOnly: false, pooled: false, isShared: false,
      isOpen: false, origin: 0, limit: 1, span: over.addingSaturated(lateness), windows: 0..<0)
    types = plan.types.map { ContiguousArray($0) }
    feature = layout
    width = max(1, (over + Int64(max(panes, 1)) - 1) / Int64(max(panes, 1)))
    self.over = over
    readsBefore = !plan.includesCurrent
    self.readsType = ContiguousArray(readsType)
  }

  /// Whether records of a type count.
  func counts(_ typeTag: UInt32) -> Bool { types?.contains(typeTag) ?? true }

  /// The pane that a time falls in; also before 1970.
  func number(_ time: Int64) -> Int64 { time >= 0 ? time / width : -((-(time + 1)) / width) - 1 }

  /// The first millisecond of a pane.
  func start(_ number: Int64) -> Int64 {
    let (start, overflow) = number.multipliedReportingOverflow(by: width)
    return overflow ? .min : start
  }
}
