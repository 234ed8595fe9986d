package import CEL

/// One rule: when it looks, what must hold, and what it does then.
///
/// A class, so that evaluating a rule copies one reference instead of its two dozen members.
package final class Rule: Sendable {
  package enum Family: String, Sendable, CaseIterable { case velocity, behaviour, device }
  package enum Status: String, Sendable, CaseIterable { case live, shadow, off }
  /// What an unknown or failed condition does: nothing, or a floor under the outcome.
  package enum FailurePolicy: String, Sendable, CaseIterable { case skip, review, block }

  package let id: String
  package let title: String
  package let family: Family
  package let status: Status
  /// By event type: whether the rule looks at events of this type.
  package let appliesToType: [Bool]
  package let condition: Program
  /// The slots its condition and its reason read, ascending.
  package let slots: [Int]
  /// The slots among them that are features, by index into `RuleSet.features`, ascending.
  package let features: [Int]
  /// The condition's source, as written.
  package let source: String
  package let score: Int
  package let decide: Outcome?
  package let reason: ReasonTemplate
  package let onMissing: FailurePolicy
  package let onError: FailurePolicy
  /// Overrides the rule set's `unavailable`.
  package let unavailable: Outcome?
  /// Event times, milliseconds: the rule holds from `from` on and before `until`.
  package let from: Int64?
  package let until: Int64?
  package let sample: Sample?
  package let suppressions: [Suppression]
  package let tags: [String]
  package let references: [String]
  package let falsePositives: [String]
  /// The file, relative to the rule set's folder, and the line its id stands in, from 1.
  package let file: String
  package let line: Int
  /// Where its id and its condition stand.
  package let place: Diagnostic.Place
  package let conditionPlace: Diagnostic.Place

  /// A stable part of the keys: those for which hash(rule id, key) falls under `percent`.
  package struct Sample: Sendable {
    /// 0 to 100, in hundredths of a percent (0 to 10,000).
    package let basisPoints: Int
    package let slot: Int
    package init(basisPoints: Int, slot: Int) {
      self.basisPoints = basisPoints
      self.slot = slot
    }
  }

  /// A key for which the rule does nothing until an event time, and why.
  package struct Suppression: Sendable {
    package let slot: Int
    /// As a decision shows the field's value: `7`, `true`, an address in canonical form.
    package let value: String
    package let until: Int64
    package let reason: String
    package init(slot: Int, value: String, until: Int64, reason: String) {
      self.slot = slot
      self.value = value
      self.until = until
      self.reason = reason
    }
  }

  package init(
    id: String, title: String, family: Family, status: Status, appliesToType: [Bool], condition: Program,
    slots: [Int], features: [Int], source: String, score: Int, decide: Outcome?, reason: ReasonTemplate,
    onMissing: FailurePolicy, onError: FailurePolicy, unavailable: Outcome?, from: Int64?, until: Int64?,
    sample: Sample?, suppressions: [Suppression], tags: [String], references: [String],
    falsePositives: [String],
    file: String, line: Int, place: Diagnostic.Place, conditionPlace: Diagnostic.Place
  ) {
    self.id = id
    self.title = title
    self.family = family
    self.status = status
    self.appliesToType = appliesToType
    self.condition = condition
    self.slots = slots
    self.features = features
    self.source = source
    self.score = score
    self.decide = decide
    self.reason = reason
    self.onMissing = onMissing
    self.onError = onError
    self.unavailable = unavailable
    self.from = from
    self.until = until
    self.sample = sample
    self.suppressions = suppressions
    self.tags = tags
    self.references = references
    self.falsePositives = falsePositives
    self.file = file
    self.line = line
    self.place = place
    self.conditionPlace = conditionPlace
  }

  /// The same rule with another condition over the same slots; `source` stays what the author wrote.
  package func with(condition: Program) -> Rule {
    Rule(
      id: id, title: title, family: family, status: status, appliesToType: appliesToType,
      condition: condition,
      slots: slots, features: features, source: source, score: score, decide: decide, reason: reason,
      onMissing: onMissing, onError: onError, unavailable: unavailable, from: from, until: until,
      sample: sample, suppressions: suppressions, tags: tags, references: references,
      falsePositives: falsePositives, file: file, line: line, place: place, conditionPlace: conditionPlace)
  }
}

/// The text of a reason with the places of values: `"{payouts_24h} payouts in 24 h"`.
package struct ReasonTemplate: Sendable {
  package enum Part: Sendable {
    case text(String)
    /// The value in this slot; `masked` where it is sensitive.
    case value(slot: Int, masked: Bool)
  }
  package let parts: [Part]
  package init(parts: [Part]) { self.parts = parts }
}
