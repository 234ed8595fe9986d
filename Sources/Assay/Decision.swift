public import RuleSets

/// The answer for one event: an outcome, and everything that led to it.
public struct Decision: Sendable, Equatable {
  /// The event's id.
  public let event: String
  /// What is to happen with the event.
  public package(set) var outcome: Outcome
  /// The sum of the fired live rules' scores.
  public package(set) var score: Int
  /// The live rules that fired, in the rule set's order.
  public package(set) var reasons: [Reason] = []
  /// The shadow rules that fired; they have no effect.
  public package(set) var shadow: [ShadowHit] = []
  /// The rules whose condition was unknown or failed.
  public package(set) var notEvaluated: [NotEvaluated] = []
  /// The features that the fired rules read; with `EngineOptions.allFeatures` all of them.
  public package(set) var features: [FeatureValue] = []
  /// The rules that decided.
  public let ruleSet: Identity
  /// The features of this event whose windows held more records than their limit, whether a rule fired or not: their
  /// counts are lower bounds.
  public package(set) var saturated: [String] = []
  /// The features of this event whose windows reach records written before the rule set had the feature's column.
  public package(set) var warming: [String] = []
  /// The features of this event that are kept by panes of time: their oldest pane counts whole.
  public package(set) var approximate: [String] = []
  /// The fields whose value is no member of their enumeration.
  public package(set) var unlisted: [String] = []
  /// What the rule set's breaker changed, because too many events were blocked; nil where it changed nothing.
  public package(set) var breaker: BreakerChange?
  /// Why the decision was made without some of the state it needs; nil when it had all.
  public package(set) var degraded: String?
  /// The event was decided before, this is the decision it got: do not act on it again.
  public package(set) var repeated = false
  /// The event was seen before but no decision was stored: decided anew on the windows of its first position.
  public package(set) var recomputed = false
  /// The event came later than `max_lateness`: its windows may lack records that are gone.
  public package(set) var late = false
  /// Nothing was recorded: the event said `"dry_run": true`.
  public package(set) var dryRun = false

  /// Which rules decided. A class, so that a decision carries it for one reference.
  public final class Identity: Sendable, Equatable {
    /// As `ruleset.yaml` says.
    public let name: String
    /// `sha256:` and 64 hex digits.
    public let version: String
    /// The identity as every decision shows it, written once.
    let json: [UInt8]
    /// How the JSON of a decision with nothing to tell ends, from its score on: nearly all decisions.
    let plainEnd: [UInt8]
    /// What every decision's record begins with: its form and the identity.
    let recordStart: [UInt8]

    package init(name: String, version: String) {
      self.name = name
      self.version = version
      var json: [UInt8] = []
      json.append(json: "{\"name\":")
      json.append(jsonString: name)
      json.append(json: ",\"version\":")
      json.append(jsonString: version)
      json.append(UInt8(ascii: "}"))
      self.json = json
      var end: [UInt8] = []
      end.append(json: ",\"reasons\":[],\"shadow\":[],\"not_evaluated\":[],\"features\":{},\"ruleset\":")
      end.append(contentsOf: json)
      end.append(json: ",\"degraded\":false,\"repeated\":false}")
      plainEnd = end
      var record = [Decision.recordForm]
      record.append(record: name)
      record.append(record: version)
      recordStart = record
    }

    /// The same name and version.
    public static func == (left: Identity, right: Identity) -> Bool {
      left === right || left.name == right.name && left.version == right.version
    }
  }

  /// A block that did not stand, because the share of blocks was above what the rule set's `breaker` allows.
  public struct BreakerChange: Sendable, Equatable {
    /// What the rules decided.
    public let insteadOf: Outcome
    /// Events that the rules would have blocked lately, this one included.
    public let blocks: Int
    /// Decisions made lately, this one included.
    public let decisions: Int

    package init(insteadOf: Outcome, blocks: Int, decisions: Int) {
      (self.insteadOf, self.blocks, self.decisions) = (insteadOf, blocks, decisions)
    }
  }

  /// A live rule that fired.
  public struct Reason: Sendable, Equatable {
    /// The rule's id.
    public let rule: String
    /// What it added; 0 for a rule that only decides.
    public let score: Int
    /// What it decided outright, if it did.
    public let decide: Outcome?
    /// The rule's reason with the values filled in.
    public let text: String

    package init(rule: String, score: Int, decide: Outcome?, text: String) {
      (self.rule, self.score, self.decide, self.text) = (rule, score, decide, text)
    }
  }

  /// A shadow rule that fired.
  public struct ShadowHit: Sendable, Equatable {
    /// The rule's id.
    public let rule: String
    /// What it would have added.
    public let score: Int
    /// What it would have decided outright.
    public let decide: Outcome?

    package init(rule: String, score: Int, decide: Outcome?) {
      (self.rule, self.score, self.decide) = (rule, score, decide)
    }
  }

  /// A rule that has no answer for this event.
  public struct NotEvaluated: Sendable, Equatable {
    /// Why a condition has no answer.
    public enum Cause: String, Sendable, CaseIterable {
      /// A field or feature is missing.
      case missing
      /// The expression failed; `detail` says how.
      case error
      /// The store could not be read.
      case unavailable
      /// The entity's log was evicted from memory.
      case evicted
      /// More records than the feature's limit, and its aggregation has no bound to offer.
      case saturated
    }
    /// The rule's id.
    public let rule: String
    /// Why it has no answer.
    public let cause: Cause
    /// The field or feature that is missing.
    public let field: String?
    /// The failed expression's message.
    public let detail: String?
    /// The floor that the rule put under the outcome, where it did.
    public let floor: Outcome?

    package init(rule: String, cause: Cause, field: String?, detail: String?, floor: Outcome?) {
      (self.rule, self.cause, self.field) = (rule, cause, field)
      (self.detail, self.floor) = (detail, floor)
    }
  }

  /// A feature's name and value.
  public struct FeatureValue: Sendable, Equatable {
    /// As `features.yaml` says.
    public let name: String
    /// What the windows gave.
    public let value: Value

    /// A feature's value; rules see the same.
    public enum Value: Sendable, Equatable {
      /// Unknown, not zero.
      case missing
      case bool(Bool)
      case int(Int64)
      case double(Double)
      case text(String)
      /// Milliseconds since 1970.
      case timestamp(Int64)
      /// Milliseconds.
      case duration(Int64)
      /// A sensitive value, not shown.
      case masked
    }

    package init(name: String, value: Value) { (self.name, self.value) = (name, value) }
  }

  /// A decision without details; also one that was written down and is read again.
  package init(event: String, outcome: Outcome = .allow, score: Int = 0, ruleSet: Identity) {
    self.event = event
    self.outcome = outcome
    self.score = score
    self.ruleSet = ruleSet
  }
}
