internal import CEL
package import OrderedJSON

/// What a vendor's message says, as an event for the engine.
public struct IngestedEvent: Hashable, Sendable {
  /// The vendor's own id of the transaction, behind its namespace: `admob:7f3a`. The same for every retry.
  public let id: String
  /// Such as `reward.granted`.
  public let type: String
  /// The event as one line of JSON.
  public var json: String { value.encoded() }
  /// The event's members in the order in which they are written.
  package let value: JSONValue

  /// Its time is one that the vendor tells, and not that of the arrival.
  let hasOwnTime: Bool

  /// An event whose members are known already.
  package init(id: String, type: String, value: JSONValue) {
    self.init(id: id, type: type, value: value, hasOwnTime: false)
  }

  init(id: String, type: String, value: JSONValue, hasOwnTime: Bool) {
    (self.id, self.type, self.value, self.hasOwnTime) = (id, type, value, hasOwnTime)
  }
}

/// Puts an event together: dotted paths become nested members, in the order in which they first come.
struct EventObject {
  private indirect enum Node {
    case value(JSONValue)
    case object([(key: String, node: Node)])
  }

  private let id: String
  private let type: String
  private var members: [(key: String, node: Node)] = []

  private let hasOwnTime: Bool

  /// The event's time is `own`, where the vendor tells when it happened, otherwise `arrival`.
  init(id: String, type: String, arrival: Timestamp, own: Timestamp? = nil) {
    (self.id, self.type, hasOwnTime) = (id, type, own != nil)
    set("id", .string(id))
    set("type", .string(type))
    set("time", .string((own ?? arrival).rfc3339()))
  }

  /// Says `value` at `path`; what is said twice keeps the first place and the last value.
  mutating func set(_ path: String, _ value: JSONValue) {
    Self.set(path.split(separator: ".").map(String.init)[...], value, in: &members)
  }

  /// Says it only where there is something to say.
  mutating func set(_ path: String, _ text: String?) {
    if let text, !text.isEmpty { set(path, .string(text)) }
  }

  mutating func set(_ path: String, _ number: Int64?) {
    if let number { set(path, .number(String(number))) }
  }

  private static func set(
    _ path: ArraySlice<String>, _ value: JSONValue, in members: inout [(key: String, node: Node)]
  ) {
    guard let key = path.first else { return }
    let rest = path.dropFirst()
    var inner: [(key: String, node: Node)] = []
    let index = members.firstIndex { $0.key == key }
    if let index, case .object(let found) = members[index].node { inner = found }
    if !rest.isEmpty { set(rest, value, in: &inner) }
    let node = rest.isEmpty ? Node.value(value) : .object(inner)
    if let index { members[index].node = node } else { members.append((key, node)) }
  }

  var event: IngestedEvent {
    IngestedEvent(id: id, type: type, value: Self.json(members), hasOwnTime: hasOwnTime)
  }

  private static func json(_ members: [(key: String, node: Node)]) -> JSONValue {
    .object(
      members.map { key, node in
        switch node {
        case .value(let value): JSONValue.Member(key, value)
        case .object(let inner): JSONValue.Member(key, json(inner))
        }
      })
  }
}
