internal import CEL

/// Words of other languages and rule engines that authors try, and the words of ours that mean the same.
enum FamiliarWords {
  private static let meanings: [String: [String]] = [
    "reject": ["block"], "deny": ["block"], "decline": ["block"], "refuse": ["block"],
    "accept": ["allow"], "approve": ["allow"], "pass": ["allow", "skip"], "permit": ["allow"],
    "manual": ["review"], "hold": ["review"], "challenge": ["review"], "ignore": ["skip"],
    "str": ["string"], "text": ["string"], "integer": ["int"], "long": ["int"], "number": ["int", "double"],
    "float": ["double"], "decimal": ["double"], "boolean": ["bool"], "date": ["timestamp"],
    "datetime": ["timestamp"], "time": ["timestamp"], "array": ["list"],
    "ipaddr": ["ip"], "ipaddress": ["ip"], "ip_address": ["ip"], "inet": ["ip"], "ipv4": ["ip"],
    "ipv6": ["ip"],
    "amount": ["money"], "currency": ["string"], "uuid": ["string"], "id": ["string"],
    "active": ["live"], "enabled": ["live"], "on": ["live"], "disabled": ["off"], "monitor": ["shadow"],
  ]

  /// Keys of other rule engines, and the keys of ours that mean the same, in whatever mapping these stand.
  private static let keys: [String: [String]] = [
    "if": ["when", "where"], "condition": ["when", "where"], "expression": ["when"], "match": ["when"],
    "filter": ["where"], "rule": ["id"], "action": ["decide"], "outcome": ["decide"], "then": ["decide"],
    "points": ["score"], "weight": ["score"], "message": ["reason"], "explanation": ["reason"],
    "event": ["on", "type"], "event_type": ["on", "type"], "window": ["over"], "period": ["over"],
    "group_by": ["by"], "category": ["family"],
    "values": ["with", "enum"], "fields": ["with"], "expected": ["expect"], "unique": ["distinct"],
    "avg": ["mean"], "average": ["mean"], "total": ["sum"], "time": ["at"],
  ]

  /// Those of `absent` that mean what the key means elsewhere.
  static func keys(like key: String, among absent: [String]) -> [String] {
    (keys[key.lowercased()] ?? []).filter(absent.contains)
  }

  /// Those of `words` that mean what `text` means elsewhere.
  static func same(as text: String, among words: [String]) -> [String] {
    (meanings[text.lowercased()] ?? []).filter(words.contains)
  }

  /// What to write instead of `text`: a word that means the same, or one that is spelled nearly so.
  static func hint(for text: String, among words: [String]) -> String? {
    let same = same(as: text, among: words)
    if !same.isEmpty { return "write \(Choices.text(same))" }
    return DidYouMean.nearest(to: text, among: words).map { "did you mean `\($0)`?" }
  }

  /// The one word that the hint names; nil where it names several.
  static func replacement(for text: String, among words: [String]) -> String? {
    let same = same(as: text, among: words)
    return same.isEmpty ? DidYouMean.nearest(to: text, among: words) : same.count == 1 ? same.first : nil
  }

  /// What `text` means, in whatever way it says true or false.
  static func truth(_ text: String) -> Bool? { Bool(text.lowercased()) ?? flag(text) }

  /// What `text` means where YAML 1.2 knows `true` and `false` only.
  static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "yes", "on": true
    case "no", "off": false
    default: nil
    }
  }
}

extension DurationLiteral {
  private static let unitWords: [String: String] = [
    "w": "w", "week": "w", "weeks": "w", "d": "d", "day": "d", "days": "d", "h": "h", "hr": "h", "hrs": "h",
    "hour": "h", "hours": "h", "m": "m", "min": "m", "mins": "m", "minute": "m", "minutes": "m", "s": "s",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "ms": "ms", "millis": "ms", "millisecond": "ms",
    "milliseconds": "ms",
  ]
  private static let triedBytesMax = 40

  /// The span of time that `text` tries to say, as we write it: `24h` for `24 hours`, `1d` for `1 Day`.
  static func meant(by text: String) -> String? {
    guard text.utf8.count <= triedBytesMax else { return nil }
    var result = ""
    var rest = text.lowercased().filter { !$0.isWhitespace }[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      let letters = rest[digits.endIndex...].prefix { $0.isLetter }
      guard !digits.isEmpty, let unit = unitWords[String(letters)] else { return nil }
      result += digits + unit
      rest = rest[letters.endIndex...]
    }
    return milliseconds(result) == nil || result == text ? nil : result
  }
}
