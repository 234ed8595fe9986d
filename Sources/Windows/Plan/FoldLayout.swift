internal import CEL

/// An entity plan made ready for the fold: features that share members, value, currency and limit form a group and
/// stand side by side; all descriptions are flat values without references.
///
/// Features without a value join a group that has one and is like theirs otherwise, so that the count and the mean of
/// the same records keep them once. Sooner or later a record may come whose value is missing, and which the count
/// counts and the mean does not: such an entity goes on with the layout `parted`, where nothing is shared.
package final class FoldLayout: Sendable {
  package let identity: UInt64
  /// The entity's name as keys begin with it, ended by a zero byte.
  let keyPrefix: ContiguousArray<UInt8>
  let keySlots: ContiguousArray<Int>
  let columns: ContiguousArray<ColumnPlan>
  let columnTags: ContiguousArray<UInt32>
  /// Which columns an amendment leaves as they are.
  let columnIsOwn: ContiguousArray<Bool>
  /// The slot of each column, for the current event's currency.
  let columnSlots: ContiguousArray<Int>
  let groups: ContiguousArray<GroupLayout>
  let windows: ContiguousArray<WindowLayout>
  let typeTags: ContiguousArray<UInt32>
  /// The groups that share.
  let sharedGroups: ContiguousArray<Int>
  /// By event type: features read before and after the event's own record is counted.
  let readsBefore: ContiguousArray<FeatureReads>
  let readsAfter: ContiguousArray<FeatureReads>
  /// Whether any event reads a feature before its own record is counted.
  let hasReadsBefore: Bool
  let recordsType: ContiguousArray<Bool>
  let lateness: Int64
  /// Records this much older than the newest are gone for good; `Int64.max` when a feature has no span.
  package let retention: Int64
  package let countsAcceptedOnly: Bool
  /// About what a record adds to the fold: its place in the index and an entry with a value in each group.
  let bytesPerRecord: Int
  /// The same without sharing, for entities with a record that parts what shares a group; nil when nothing does.
  let parted: FoldLayout?

  /// Whether an event of `type` reads a feature here.
  package func reads(_ type: Int) -> Bool {
    !readsBefore[type].features.isEmpty || !readsAfter[type].features.isEmpty
  }
  /// Whether an event of `type` leaves a record here.
  package func records(_ type: Int) -> Bool { recordsType[type] }

  /// `typeTags` are those of the plan, by event type.
  convenience init(_ entity: EntityPlan, typeTags: [UInt32], identity: UInt64, lateness: Int64) {
    let recorded = typeTags.indices.filter { entity.recordsType[$0] }.map { typeTags[$0] }
    let builder = FoldLayoutBuilder(columns: entity.columns, recordedTypes: Set(recorded), lateness: lateness)
    self.init(entity, identity: identity, builder, isSharing: true)
  }

  private init(_ entity: EntityPlan, identity: UInt64, _ empty: FoldLayoutBuilder, isSharing: Bool) {
    var builder = empty
    let order = builder.add(entity.features, isSharing: isSharing)
    sharedGroups = ContiguousArray(builder.groups.indices.filter { builder.groups[$0].isShared })
    parted =
      sharedGroups.isEmpty ? nil : FoldLayout(entity, identity: identity, empty, isSharing: false)
    self.identity = identity
    lateness = builder.lateness
    keyPrefix = ContiguousArray(entity.name.utf8) + [0]
    keySlots = ContiguousArray(entity.keySlots)
    columns = ContiguousArray(entity.columns)
    columnTags = ContiguousArray(entity.columns.map(\.tag))
    columnIsOwn = ContiguousArray(entity.columns.map(\.isOwn))
    columnSlots = ContiguousArray(entity.columns.map(\.slot))
    groups = builder.groups
    windows = builder.windows
    typeTags = builder.typeTags
    recordsType = ContiguousArray(entity.recordsType)
    retention = builder.groups.reduce(entity.retentionMilliseconds) { max($0, $1.span) }
    bytesPerRecord = 8 + builder.groups.reduce(0) { $0 + ($1.values == .none ? 16 : 24) }
    countsAcceptedOnly = builder.groups.contains { $0.acceptedOnly }
    var before = ContiguousArray<FeatureReads>()
    var after = before
    for reads in entity.readsByType {
      let places = reads.map { order[$0] }.sorted()
      let isBefore = { builder.windows[builder.features[$0].window].readsBefore }
      before.append(FeatureReads(places.filter(isBefore), builder))
      after.append(FeatureReads(places.filter { !isBefore($0) }, builder))
    }
    readsBefore = before
    readsAfter = after
    hasReadsBefore = before.contains { !$0.features.isEmpty }
  }

  /// Whether a group counts records of a type.
  @inline(__always) func counts(_ typeTag: UInt32, in group: Int) -> Bool {
    guard let types = groups[group].types else { return true }
    for index in types where typeTags[index] == typeTag { return true }
    return false
  }
}
