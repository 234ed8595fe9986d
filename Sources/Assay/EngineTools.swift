internal import CEL
package import Windows

/// What tools ask of an engine beside decisions.
extension Engine {
  /// Whether some window leaves out what was blocked.
  package var excludesBlocked: Bool { deciding.excludesBlocked }

  /// Whether a decision is remembered for its event's id, and whether the event leaves the windows that count accepted
  /// events: what `submit` does with a decision, for one that was made before.
  package func consequences(of decision: Decision) -> (isRemembered: Bool, isExcluded: Bool) {
    (deciding.isToBeRemembered(decision), deciding.isToBeExcluded(decision))
  }

  /// A recorded event with its keys and records, as it would go to the store.
  package func recordedVisit(_ json: Span<UInt8>) throws(EventRefusal) -> Visit {
    try deciding.prepare(decode(json))
  }

  /// A visit of nobody to one entity: an event dated `time` that has the fields of the entity's key and no others. Its
  /// `appends` has the entity's part, with the key and without a record.
  ///
  /// - Parameters:
  ///   - entity: index into the plan's entities.
  ///   - fields: the entity's key fields by path, as text.
  ///   - time: milliseconds since 1970.
  package func look(
    at entity: Int, fields: [(path: String, text: String)], time: Int64
  ) throws(EventRefusal) -> Visit {
    var visit = try deciding.prepare(deciding.nobody(fields: fields, time: time))
    visit.appends.removeAll { $0.entity != entity }
    guard !visit.appends.isEmpty else {
      throw EventRefusal(
        code: DecodeError.Code.missingField.rawValue,
        message: "no log belongs to \(fields.map { "`\($0.path)`" }.joined(separator: " and ")) alone")
    }
    visit.appends[0].record = 0..<0
    return visit
  }
}

extension Visit {
  /// The key of the one entity that a visit of nobody goes to.
  package var entityKey: [UInt8] { appends.first.map { Array(bytes[$0.key]) } ?? [] }
}

extension Deciding {
  /// An event of the first type that has a few fields and lacks all others, required ones too.
  fileprivate func nobody(
    fields: [(path: String, text: String)], time: Int64
  ) throws(EventRefusal) -> Event {
    let schema = rules.schema
    let optional = schema.fields.map {
      Schema.Field(
        path: $0.path, type: $0.type, sensitive: $0.sensitive, volatile: $0.volatile, asText: $0.asText,
        missing: $0.missing, network: $0.network)
    }
    let relaxed = Schema(identity: schema.identity, types: schema.types, fields: optional)
    var builder = EventBuilder(schema: relaxed, slotCount: rules.slotCount)
    do {
      for (path, text) in fields {
        let field = schema.slot(of: path).map { schema.fields[$0] }
        try builder.set(path, field?.value(of: text) ?? .string(text))
      }
      return try builder.build(id: "nobody", type: schema.types.first, milliseconds: time, dryRun: true)
    } catch {
      throw EventRefusal(error)
    }
  }
}

extension Schema.Field {
  /// The value that `text` stands for; text where it is none of the field's type, which the builder then tells.
  fileprivate func value(of text: String) -> FieldValue {
    if asText { return .string(text) }
    switch type {
    case .int, .money, .timestamp(.unixMilliseconds): return Int64(text).map { .int($0) } ?? .string(text)
    case .double: return Double(text).map { .double($0) } ?? .string(text)
    case .bool: return ["true": .bool(true), "false": .bool(false)][text] ?? .string(text)
    case .string, .ip, .enumeration, .timestamp, .list: return .string(text)
    }
  }
}

extension Engine where Store == MemoryWindows {
  /// The same rules over windows of their own, without being prepared anew; a rule set's breaker is shared.
  package func withFreshWindows(bytesMax: Int) -> Engine {
    Engine(store: MemoryWindows(bytesMax: bytesMax), deciding: deciding)
  }
}
