/// A place in the files of a rule set where a tool may try something else: a condition, a window, a score.
package struct DraftPart: Sendable {
  /// Whose part it is.
  package enum Owner: Sendable, Hashable {
    /// By id.
    case rule(String)
    /// By name.
    case feature(String)
  }

  /// What stands there.
  package enum Content: Sendable, Hashable {
    /// A rule's `when`.
    case condition(String)
    /// A feature's `where`.
    case filter(String)
    /// What a feature aggregates.
    case value(String)
    /// Milliseconds.
    case over(Int64)
    /// Milliseconds.
    case delay(Int64)
    case last(Int)
    case score(Int)
    case decide(Outcome)
    /// What the rule does where it has no answer, where its author says it.
    case onMissing(Rule.FailurePolicy)
  }

  package let owner: Owner
  package let content: Content
  /// The owner among the rules or features of the draft.
  let index: Int
  let place: Diagnostic.Place
  /// How an expression is written.
  let scalar: YAMLScalar?

  init(_ owner: Owner, _ content: Content, index: Int, at place: Diagnostic.Place, scalar: YAMLScalar? = nil)
  {
    self.owner = owner
    self.content = content
    self.index = index
    self.place = place
    self.scalar = scalar
  }

  /// The expression, where it is one.
  package var expression: String? {
    switch content {
    case .condition(let text), .filter(let text), .value(let text): text
    case .over, .delay, .last, .score, .decide, .onMissing: nil
    }
  }

  /// The same part with another expression; nil where it has none.
  package func content(expression text: String) -> Content? {
    switch content {
    case .condition: .condition(text)
    case .filter: .filter(text)
    case .value: .value(text)
    case .over, .delay, .last, .score, .decide, .onMissing: nil
    }
  }

  /// The file it stands in, relative to the rule set's folder.
  package var file: String { place.file }

  /// Where it stands, or a range of its expression, as people count.
  package func position(of range: Range<Int>? = nil, in sources: SourceFiles) -> SourceText.Position {
    guard let source = sources[place.file], let span = place.span else {
      return SourceText.Position(line: 1, column: 1)
    }
    guard let range, let scalar else { return source.position(of: span.lowerBound) }
    let places = ScalarPlaces(of: scalar, at: span, in: source)
    return source.position(of: places.sourceRange(ofValueRange: range).lowerBound)
  }

  /// What its author wrote there; nil without the file.
  package func written(in sources: SourceFiles) -> String? {
    guard let source = sources[place.file], let span = place.span else { return nil }
    return String(decoding: source.bytes[span.clamped(to: 0..<source.bytes.count)], as: UTF8.self)
  }
}

extension RuleSetDraft {
  /// Every part of the rules that are not off, and of all features, in the order of the files.
  package var parts: [DraftPart] {
    var parts: [DraftPart] = []
    for (index, rule) in declarations.rules.enumerated() where rule.status != .off {
      guard let id = rule.id else { continue }
      let owner = DraftPart.Owner.rule(id.value)
      if let text = rule.condition { parts.append(part(owner, .condition(text.value), index, text)) }
      if let score = rule.score {
        parts.append(DraftPart(owner, .score(score.value), index: index, at: score.place))
      }
      if let decide = rule.decide {
        parts.append(DraftPart(owner, .decide(decide.value), index: index, at: decide.place))
      }
      if let policy = rule.onMissing {
        parts.append(DraftPart(owner, .onMissing(policy.value), index: index, at: policy.place))
      }
    }
    for (index, feature) in declarations.features.enumerated() {
      let owner = DraftPart.Owner.feature(feature.name.value)
      if let text = feature.value { parts.append(part(owner, .value(text.value), index, text)) }
      if let text = feature.condition { parts.append(part(owner, .filter(text.value), index, text)) }
      if let over = feature.overMilliseconds {
        parts.append(DraftPart(owner, .over(over.value), index: index, at: over.place))
      }
      if let delay = feature.delay, delay.value > 0 {
        parts.append(DraftPart(owner, .delay(delay.value), index: index, at: delay.place))
      }
      if let last = feature.last {
        parts.append(DraftPart(owner, .last(last.value), index: index, at: last.place))
      }
    }
    return parts
  }

  private func part(
    _ owner: DraftPart.Owner, _ content: DraftPart.Content, _ index: Int, _ text: SourceString
  ) -> DraftPart {
    DraftPart(owner, content, index: index, at: text.place, scalar: text.scalar)
  }
}
