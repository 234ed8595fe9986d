internal import CEL
internal import Events
internal import Windows

/// Columns of entities: what a record carries for the features that read it.
extension FeatureCompiler {
  /// The index of the column for a compiled value or condition; nil when it cannot be recorded, which is said.
  mutating func column(
    _ compiled: ExpressionCompiler.Compiled, _ text: SourceString?, _ types: [Bool]?, _ entity: Int
  ) -> Int? {
    let checked = compiled.checked
    if let slot = checked.namedSlot {
      return slot < schema.identitySlot ? fieldColumn(slot, entity) : identityColumn(slot, entity)
    }
    guard let text else { return nil }
    guard let kind = ColumnPlan.Kind(checked.type, scale: 9) else {
      findings.error(
        .aggregationType, at: text.place,
        "`\(SourceNode.shortened(text.value))` is \(checked.type.spelled) and cannot be recorded",
        hint: "say its type: `bool(…)`, `int(…)`, `double(…)` or `string(…)`")
      return nil
    }
    let definition = "expression:\(names(of: checked)):\(CanonicalText.of(checked.expression))"
    let needed = types ?? [Bool](repeating: true, count: schema.schema.types.count)
    let index: Int
    if let known = result.computed.firstIndex(where: { $0.definition == definition }) {
      index = known
      result.computed[known].neededByType = zip(result.computed[known].neededByType, needed).map { $0 || $1 }
    } else {
      index = result.computed.count
      result.computed.append(
        ComputedDraft(
          definition: definition, program: compiled.program, source: text.value, neededByType: needed))
    }
    let isOwn = checked.slots.contains(where: schema.isOwn)
    return add(definition, .computed(index), kind, isOwn: isOwn, entity, at: text.place)
  }

  /// The index of a field's own column; a sensitive field's is its keyed hash.
  mutating func fieldColumn(_ slot: Int, _ entity: Int) -> Int? {
    let field = schema.schema.fields[slot]
    var scale = 9
    if case .double(let declared) = field.type { scale = declared }
    guard let kind = ColumnPlan.Kind(schema.types[slot], scale: scale) else { return nil }
    let place = result.names.last?.name.place ?? Diagnostic.Place(file: "features.yaml", span: nil)
    let isOwn = schema.isOwn(slot)
    guard field.sensitive else {
      return add("field:\(field.path)", .recorded(slot), kind, isOwn: isOwn, entity, at: place)
    }
    hash(slot)
    return add("hashed:\(field.path)", .hashed(slot), kind, isOwn: isOwn, entity, at: place)
  }

  private mutating func identityColumn(_ slot: Int, _ entity: Int) -> Int? {
    let names: [(String, ColumnPlan.Kind)] = [("id", .text), ("type", .text), ("time", .timestamp)]
    guard names.indices.contains(slot - schema.identitySlot) else { return nil }
    let (name, kind) = names[slot - schema.identitySlot]
    return add(
      "event:\(name)", .recorded(slot), kind, isOwn: true, entity,
      at: Diagnostic.Place(file: "features.yaml", span: nil))
  }

  private mutating func add(
    _ definition: String, _ source: ColumnSource, _ kind: ColumnPlan.Kind, isOwn: Bool, _ entity: Int,
    at place: Diagnostic.Place
  ) -> Int {
    let definition = "\(kind.name):\(definition)"
    let columns = result.entities[entity].columns
    if let index = columns.firstIndex(where: { $0.definition == definition }) { return index }
    let tag = StableHash.tag(definition)
    if columns.contains(where: { $0.tag == tag }) {
      findings.error(
        .hashCollision, at: place, "two values of this entity happen to have the same hash in stored records",
        hint: "write one of them in another way, such as `0 + x` for `x`")
    }
    result.entities[entity].columns.append(
      ColumnDraft(tag: tag, definition: definition, source: source, kind: kind, isOwn: isOwn))
    return columns.count
  }

  /// The names that an expression reads with their types, and lists with their contents: the same text over other
  /// types or another list is another value.
  private mutating func names(of checked: CheckedExpression) -> String {
    let names = checked.slots.compactMap { slot in schema.variables.first { $0.slot == slot } }
    let fields = names.map { "\($0.name) \($0.type.kindName)" }.sorted()
    return (fields + checked.lists.map { identity(of: $0) }).joined(separator: ",")
  }

  /// Made once for each list that any feature reads; lists may be long.
  private mutating func identity(of list: Environment.Constant) -> String {
    if let known = listIdentities[list.name] { return known }
    let identity = ListIdentity.text(of: list)
    listIdentities[list.name] = identity
    return identity
  }
}

extension ColumnPlan.Kind {
  /// Nil for types whose values cannot be recorded.
  init?(_ type: CELType, scale: Int) {
    switch type {
    case .bool: self = .bool
    case .int: self = .int
    case .double: self = .quantised(scale: scale)
    case .timestamp: self = .timestamp
    case .duration: self = .duration
    case .string, .enumeration: self = .text
    default: return nil
    }
  }

  /// As column definitions spell it; part of stored tags, so never to be changed.
  var name: String {
    switch self {
    case .bool: "bool"
    case .int: "int"
    case .quantised(let scale): "quantised\(scale)"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .text: "text"
    }
  }
}
