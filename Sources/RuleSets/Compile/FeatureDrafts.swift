internal import CEL
internal import Windows

/// Where the value of a column comes from; slots are given out once all columns are known.
enum ColumnSource: Hashable {
  /// A field or one of the event's own values, by its slot.
  case recorded(Int)
  /// The keyed hash of a sensitive field, by the field's slot.
  case hashed(Int)
  /// Index into the computed columns.
  case computed(Int)
}

/// A column before slots are given out.
struct ColumnDraft {
  let tag: UInt32
  let definition: String
  let source: ColumnSource
  let kind: ColumnPlan.Kind
  /// It tells of the one event's id, type or time.
  let isOwn: Bool
}

/// A computed column and who needs it.
struct ComputedDraft {
  let definition: String
  let program: Program
  /// The expression as its author wrote it.
  let source: String
  var neededByType: [Bool]
}

/// A feature before slots are given out.
struct FeatureDraft {
  let declaration: FeatureDeclaration
  let aggregation: Aggregation
  /// By event type; nil counts every type.
  let types: [Bool]?
  /// Indices into the entity's columns.
  var condition: Int?
  var value: Int?
  var currency: Int?
  let type: CELType
  let sensitive: Bool
  let empty: Slot?
  let optionalFields: [Int]
}

/// An entity before slots are given out.
struct EntityDraft {
  let name: String
  /// The fields that make the key, by slot.
  let key: [Int]
  var columns: [ColumnDraft] = []
  var features: [FeatureDraft] = []
}

/// All features that could be compiled, and the names and types of all.
struct CompiledFeatures {
  /// Every declared feature in the order of the file; `error` where the declaration was wrong.
  struct Name {
    let name: Located<String>
    let type: CELType
    let sensitive: Bool
    /// The fields that it depends on and that an event may leave out, by slot: those of its key, value and condition.
    let optionalFields: [Int]
    let limit: Int
    let aggregation: Aggregation?
    let exported: Bool
    /// It is an amount of money, in minor units.
    let isMoney: Bool
  }

  var names: [Name] = []
  var entities: [EntityDraft] = []
  var computed: [ComputedDraft] = []
  /// Sensitive fields that serve as key or column, by slot, in the order of their first use.
  var hashed: [Int] = []
  /// The lists that conditions and aggregated expressions read.
  var readLists: Set<String> = []
}
