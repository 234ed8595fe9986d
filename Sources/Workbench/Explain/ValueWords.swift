package import Assay
package import CEL
internal import RuleSets

/// Values as explanations show them: shorter than an expression writes them, and never a sensitive one.
package enum ValueWords {
  /// What stands in the place of a sensitive value.
  package static let masked = "***"
  /// Lists and texts are cut after so many characters.
  private static let charactersMax = 60

  /// The value on one line.
  package static func text(_ value: Value) -> String {
    switch value {
    case .duration(let duration): text(duration)
    case .timestamp(let timestamp): timestamp.rfc3339()
    case .ip(let address): address.text
    case .cidr(let range): range.text
    case .uint(let number): String(number)
    case .optional(nil): "none"
    case .optional(let inner?): text(inner)
    default: cut(value.text)
    }
  }

  /// A value as decisions have it.
  package static func text(_ value: Decision.FeatureValue.Value) -> String { cut(value.shown) }

  /// The same for machines: numbers, truth values and texts as JSON has them, whole.
  package static func json(_ value: Value) -> JSONValue {
    switch value {
    case .null, .optional(nil): .null
    case .bool(let bool): .bool(bool)
    case .int(let number): .number(String(number))
    case .uint(let number): .number(String(number))
    case .double(let number): number.isFinite ? .number(number.description) : .string(number.description)
    case .string(let text): .string(text)
    case .optional(let inner?): json(inner)
    case .list(let elements): .array(elements.map(json))
    case .map(let map): .object(map.entries.map { .init(key($0.key), json($0.value)) })
    case .duration(let duration): .string(duration.celText())
    case .timestamp, .ip, .cidr, .bytes, .type: .string(text(value))
    }
  }

  private static func key(_ value: Value) -> String {
    if case .string(let text) = value { text } else { value.text }
  }

  /// A span of time as reasons show it, `1h30m`; what is finer than a millisecond in seconds.
  package static func text(_ duration: Duration) -> String {
    let (milliseconds, rest) = duration.attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
    guard rest == 0, let whole = Int64(exactly: milliseconds) else { return duration.celText() }
    return DurationLiteral.shown(whole)
  }

  private static func cut(_ text: String) -> String {
    text.count > charactersMax ? text.prefix(charactersMax - 1) + "…" : text
  }
}
