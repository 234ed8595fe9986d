public import CEL

/// What a rule set expects of an event: where its identity stands in the JSON, its types, and its typed fields.
///
/// A field's index in `fields` is also the slot of its value in the event's frame.
public struct Schema: Sendable {
  /// Where an event's id, type and time stand.
  public let identity: Identity
  /// The event types, in the order of the schema file; `Event.type` is an index into it.
  public let types: [String]
  /// The declared fields; behind them the currencies of money fields that are not declared themselves.
  public let fields: [Field]

  /// Where the members that every event has are found; paths are dotted.
  public struct Identity: Sendable {
    /// The path of the event's id, text or an integer.
    public let id: String
    /// Where the event's type comes from.
    public let type: TypeSource
    /// The path of the event's time.
    public let time: String
    /// How the event's time is written.
    public let timeFormat: TimeFormat
    /// The path of the id of the event that this one takes back.
    public let reverses: String?
    /// The path of the id of the event whose columns this one changes.
    public let amends: String?

    /// Paths are dotted.
    public init(
      id: String, type: TypeSource, time: String, timeFormat: TimeFormat, reverses: String? = nil,
      amends: String? = nil
    ) {
      self.id = id
      self.type = type
      self.time = time
      self.timeFormat = timeFormat
      self.reverses = reverses
      self.amends = amends
    }
  }

  /// Where an event's type comes from.
  public enum TypeSource: Sendable, Equatable {
    case field(String)
    /// Events carry no type: each has the one named here.
    case always(String)
  }

  /// How a moment is written.
  public enum TimeFormat: Sendable, Equatable {
    /// RFC 3339 text, to the millisecond (what is finer is cut off).
    case iso8601
    /// Milliseconds since 1970, an integer (or an integer as text).
    case unixMilliseconds
  }

  /// One declared field.
  public struct Field: Sendable {
    /// Dotted, as rules write it: `device.id`. The JSON may nest (`{"device":{"id":…}}`) at each dot.
    public let path: String
    /// What the value must be.
    public let type: FieldType
    /// An event without the field is refused.
    public let required: Bool
    /// Hashed with the shared key in entity keys and records, masked everywhere else.
    public let sensitive: Bool
    /// May differ between a request and its retry: not part of the content digest.
    public let volatile: Bool
    /// The value arrives as text and is read as a number (`as: string`).
    public let asText: Bool
    /// Texts of an enumeration that tell nothing: an event with one of them lacks the field.
    public let missing: [String]
    /// Whose network's address this is, where the field is no member of the JSON itself.
    public let network: Network?

    /// A field that may be left out unless `required`.
    public init(
      path: String, type: FieldType, required: Bool = false, sensitive: Bool = false, volatile: Bool = false,
      asText: Bool = false, missing: [String] = [],
      network: Network? = nil
    ) {
      self.path = path
      self.type = type
      self.required = required
      self.sensitive = sensitive
      self.volatile = volatile
      self.asText = asText
      self.missing = missing
      self.network = network
    }
  }

  /// The network of an address: an IPv6 address with all bits zero but the first so many, an IPv4 address as it is.
  ///
  /// A household or a phone has a whole network of IPv6 and takes another address of it every day.
  public struct Network: Sendable, Equatable {
    /// The path of the field that holds the address.
    public let source: String
    /// 1 to 128; a network of a household has 64.
    public let ipv6Bits: Int

    /// The network in which the address at the path `source` is.
    public init(source: String, ipv6Bits: Int) {
      self.source = source
      self.ipv6Bits = ipv6Bits
    }
  }

  /// The types a field can have.
  public indirect enum FieldType: Sendable, Equatable {
    case string
    case int
    /// `scale` is the number of decimal places that windows keep, 0 to 9.
    case double(scale: Int)
    case bool
    case timestamp(TimeFormat)
    /// An IPv4 or IPv6 address as text, kept in canonical form (RFC 5952).
    case ip
    /// An amount in minor units: the integer at path `minor` in the currency at path `currency`. The slot holds the
    /// integer; the currency is a field of its own, declared implicitly if the schema does not.
    case money(minor: String, currency: String)
    /// Text of which `members` are the usual values; others are kept and counted.
    case enumeration([String])
    case list(FieldType)

    /// The type as expressions see it.
    public var celType: CELType {
      switch self {
      case .string, .ip: .string
      case .int, .money: .int
      case .double: .double
      case .bool: .bool
      case .timestamp: .timestamp
      case .enumeration(let members): .enumeration(members)
      case .list(let element): .list(element.celType)
      }
    }
  }

  /// Adds a text field for each money field's currency that `fields` does not declare, at the end; it is required and
  /// volatile where the money is.
  public init(identity: Identity, types: [String], fields: [Field]) {
    self.identity = identity
    self.types = types
    var fields = fields
    for field in fields {
      guard case .money(_, let currency) = field.type, !fields.contains(where: { $0.path == currency }) else {
        continue
      }
      fields.append(
        Field(path: currency, type: .string, required: field.required, volatile: field.volatile))
    }
    self.fields = fields
  }

  /// The slot of the field at `path`, or nil.
  public func slot(of path: String) -> Int? { fields.firstIndex { $0.path == path } }
}
