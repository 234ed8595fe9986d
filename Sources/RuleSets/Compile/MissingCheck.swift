internal import CEL
internal import Events

/// Finds live rules that a caller silences by leaving out an optional field, where the author did not say whether that
/// is meant.
struct MissingCheck {
  let schema: CompiledSchema
  let features: CompiledFeatures
  let slots: PlanAssembler
  let findings: Findings

  /// What an event may lack, and what must then hold for the rule to fire all the same; nil where nothing helps.
  private struct Gap {
    let path: String
    let rescue: String?
  }

  func check(_ checked: CheckedExpression, _ source: SourceString, _ declaration: RuleDeclaration) {
    guard declaration.status == .live, declaration.onMissing == nil else { return }
    let tested = checked.testedSlots
    var readers: [Int: Set<Int>] = [:]
    var fields: [Int] = []
    var notes: [Diagnostic.Note] = []
    for field in checked.slots where schema.isOptional(field) && !tested.contains(field) {
      readers[field, default: []].insert(field)
      fields.append(field)
    }
    for slot in checked.slots {
      guard let feature = slots.featureIndex(slot).map({ features.names[$0] }) else { continue }
      let needed = feature.optionalFields.filter { !tested.contains($0) }
      guard !needed.isEmpty else { continue }
      let paths = needed.map { schema.schema.fields[$0].path }
      notes.append(
        Diagnostic.Note(
          "`\(feature.name.value)` reads \(Choices.text(paths, joinedBy: "and"))", at: feature.name.place))
      for field in needed {
        if readers[field] == nil { fields.append(field) }
        readers[field, default: []].insert(slot)
      }
    }
    guard !fields.isEmpty else { return }
    let gaps = fields.map { field in
      Gap(
        path: schema.schema.fields[field].path,
        rescue: Rescue(checked, lost: readers[field] ?? []).text)
    }
    findings.warning(
      .unsaidMissing, at: source.place, Self.message(gaps),
      hint: "say `on_missing: review`, or `on_missing: skip` if that is meant", notes: notes)
  }

  /// Fields that nothing makes up for first, then one part for each condition that does.
  private static func message(_ gaps: [Gap]) -> String {
    let lost = gaps.filter { $0.rescue == nil }.map(\.path)
    var conditions: [String] = []
    for gap in gaps {
      if let rescue = gap.rescue, !conditions.contains(rescue) { conditions.append(rescue) }
    }
    var parts = lost.isEmpty ? [] : [(paths: lost, unless: "")]
    for condition in conditions {
      parts.append((gaps.filter { $0.rescue == condition }.map(\.path), " unless \(condition)"))
    }
    return parts.prefix(3).enumerated().map { offset, part in
      let names = Choices.text(Array(part.paths.prefix(3)))
      guard offset == 0 else { return "one without \(names)\(part.unless)" }
      let verb = part.paths.count == 1 ? "is" : "are"
      return "an event without \(names), which \(verb) optional, passes this rule unseen\(part.unless)"
    }.joined(separator: "; ")
  }

  /// Whether an event without the field that samples are drawn by belongs to the sample is not known.
  func check(_ sample: Rule.Sample, _ declaration: RuleDeclaration) {
    guard declaration.status == .live, declaration.onMissing == nil, schema.isOptional(sample.slot),
      let name = declaration.sample?.field
    else { return }
    findings.warning(
      .unsaidMissing, at: name.place,
      "an event without `\(name.value)`, which is optional, cannot be drawn and passes this rule unseen",
      hint: "draw by a required field, say `on_missing: review`, or `on_missing: skip` if that is meant")
  }
}
