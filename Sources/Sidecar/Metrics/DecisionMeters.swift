internal import Assay
internal import CoreMetrics
internal import RuleSets
internal import Windows

/// What is counted about decisions: all names that `/metrics` has for them.
final class DecisionMeters: Sendable {
  /// What each metric is for.
  static let descriptions = [
    "assay_decisions_total": "Decisions, by outcome.",
    "assay_rule_hits_total": "Rules that fired, by rule; shadow rules have shadow=\"true\".",
    "assay_rules_not_evaluated_total": "Rules that had no answer, by rule and cause.",
    "assay_decision_seconds": "From an event read to its decision.",
    "assay_refused_events_total": "Events that got no decision, by code.",
    "assay_ingested_messages_total": "Messages of vendors, by source and what became of them.",
    "assay_degraded_decisions_total": "Decisions made without some of the state they need, by reason.",
    "assay_breaker_changes_total": "Blocks that became reviews because too many events were blocked.",
    "assay_repeated_decisions_total":
      "Events decided before: by whether the first decision was found or made anew.",
    "assay_saturated_features_total":
      "Features whose windows held more records than their limit, by feature.",
    "assay_shed_events_total": "Events refused because too many decisions were under way.",
    "assay_connections": "Clients that are connected.",
    "assay_in_flight_decisions": "Decisions that wait for the store.",
    "assay_in_flight_limit": "How many decisions may wait for the store: fewer when it is slow.",
    "assay_reloads_total": "Reloads of the rule set, by result.",
    "assay_trace_spans_exported_total": "Spans that the collector of traces took.",
    "assay_trace_spans_dropped_total": "Spans that it never got, by reason.",
    "assay_ruleset_info": "The rule set that decides, by name and version.",
  ]

  let shed: Counter
  private let breakerChanges: Counter
  let connections: Gauge
  let inFlight: Gauge
  let inFlightLimit: Gauge
  private let outcomes: [Outcome: Counter]
  private let latency: Timer
  private let registry: PrometheusRegistry
  private let named = Guarded<[Name: Counter]>([:])
  private let ruleSet = Guarded<(version: String, gauge: Gauge)?>(nil)

  /// A metric with dimensions whose values come with decisions.
  private struct Name: Hashable {
    let label: String
    let first: String
    var second = ""
  }

  init(_ registry: PrometheusRegistry) {
    self.registry = registry
    var outcomes: [Outcome: Counter] = [:]
    for outcome in Outcome.allCases {
      outcomes[outcome] = Counter(
        label: "assay_decisions_total", dimensions: [("outcome", outcome.rawValue)], factory: registry)
    }
    self.outcomes = outcomes
    shed = Counter(label: "assay_shed_events_total", dimensions: [], factory: registry)
    breakerChanges = Counter(label: "assay_breaker_changes_total", dimensions: [], factory: registry)
    connections = Gauge(label: "assay_connections", dimensions: [], factory: registry)
    inFlight = Gauge(label: "assay_in_flight_decisions", dimensions: [], factory: registry)
    inFlightLimit = Gauge(label: "assay_in_flight_limit", dimensions: [], factory: registry)
    latency = Timer(label: "assay_decision_seconds", dimensions: [], factory: registry)
  }

  /// Counts one decision.
  func record(_ decision: Decision, nanoseconds: Int64) {
    outcomes[decision.outcome]?.increment()
    latency.recordNanoseconds(nanoseconds)
    for reason in decision.reasons {
      count("assay_rule_hits_total", ("rule", reason.rule), ("shadow", "false"))
    }
    for hit in decision.shadow { count("assay_rule_hits_total", ("rule", hit.rule), ("shadow", "true")) }
    for rule in decision.notEvaluated {
      count("assay_rules_not_evaluated_total", ("rule", rule.rule), ("cause", rule.cause.rawValue))
    }
    for feature in decision.saturated { count("assay_saturated_features_total", ("feature", feature)) }
    if let why = decision.degraded { count("assay_degraded_decisions_total", ("reason", Self.code(of: why))) }
    if decision.breaker != nil && !decision.repeated { breakerChanges.increment() }
    if decision.repeated { count("assay_repeated_decisions_total", ("decision", "found")) }
    if decision.recomputed { count("assay_repeated_decisions_total", ("decision", "recomputed")) }
  }

  /// Counts one event without a decision.
  func record(_ refusal: EventRefusal) { count("assay_refused_events_total", ("code", refusal.code)) }

  /// What stands in front of the colon: the rest may name servers, of which there can be any number.
  private static func code(of reason: String) -> String { String(reason.prefix { $0 != ":" }) }

  private func count(
    _ label: String, _ first: (String, String), _ second: (String, String)? = nil, by amount: Int = 1
  ) {
    let name = Name(label: label, first: first.1, second: second?.1 ?? "")
    let counter = named.withLock { named in
      if let known = named[name] { return known }
      let dimensions = [first] + (second.map { [$0] } ?? [])
      let made = Counter(label: label, dimensions: dimensions, factory: registry)
      named[name] = made
      return made
    }
    counter.increment(by: amount)
  }
}

extension DecisionMeters {
  /// Counts a vendor's message: `accepted`, `accepted-in-part` where items of it were refused, or the code of its refusal.
  func countMessage(source: String, result: String) {
    count("assay_ingested_messages_total", ("source", source), ("result", result))
  }

  /// Counts a reload.
  func countReload(isLive: Bool) {
    count("assay_reloads_total", ("result", isLive ? "live" : "refused"))
  }

  /// Says which rules decide. What may be counted about them is there from now on: a rate can be told of the first hit.
  func tell(_ rules: RuleSet) {
    for rule in rules.rules where rule.status != .off {
      count(
        "assay_rule_hits_total", ("rule", rule.id), ("shadow", rule.status == .shadow ? "true" : "false"),
        by: 0)
    }
    for result in ["live", "refused"] { count("assay_reloads_total", ("result", result), by: 0) }
    for decision in ["found", "recomputed"] {
      count("assay_repeated_decisions_total", ("decision", decision), by: 0)
    }
    let gauge = Gauge(
      label: "assay_ruleset_info", dimensions: [("name", rules.name), ("version", rules.version)],
      factory: registry)
    gauge.record(1)
    let before = ruleSet.withLock { held in
      defer { held = (rules.version, gauge) }
      return held
    }
    // The same rules again are the same series.
    if let before, before.version != rules.version { before.gauge.destroy() }
  }
}
