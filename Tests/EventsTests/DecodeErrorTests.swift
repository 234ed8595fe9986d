import CEL
import Events
import Testing

/// A bad event and what is said about it.
struct Refused: CustomTestStringConvertible, Sendable {
  let members: String
  let code: DecodeError.Code
  let field: String?
  let message: String

  init(_ members: String, _ code: DecodeError.Code, _ field: String?, _ message: String) {
    self.members = members
    self.code = code
    self.field = field
    self.message = message
  }

  var testDescription: String { String(members.prefix(80)) }
}

@Suite("What is refused, and in which words")
struct DecodeErrorTests {
  static let longText = String(repeating: "x", count: 16_385)
  static let longList = Array(repeating: "1", count: 1_025).joined(separator: ",")

  static let fields: [Refused] = [
    .init(#""user.level":"3""#, .wrongType, "user.level", "`user.level` must be an integer, found text"),
    .init(
      #""user.level":1.0"#, .wrongType, "user.level",
      "`user.level` must be an integer, found a number with a fraction or an exponent"),
    .init(
      #""user.level":9223372036854775808"#, .outOfRange, "user.level",
      "`user.level` must be an integer of 64 bits, found one that is not"),
    .init(
      #""user.level":-123456789012345678901234567890"#, .outOfRange, "user.level",
      "`user.level` must be an integer of 64 bits, found one that is not"),
    .init(#""user.ratio":true"#, .wrongType, "user.ratio", "`user.ratio` must be a number, found a boolean"),
    .init(
      #""user.ratio":1e999"#, .outOfRange, "user.ratio",
      "`user.ratio` must be a number that a double holds, found one that is not"),
    .init(
      #""user.verified":1"#, .wrongType, "user.verified",
      "`user.verified` must be true or false, found a number"),
    .init(
      #""user.joined":5"#, .wrongType, "user.joined",
      "`user.joined` must be an RFC 3339 timestamp, found a number"),
    .init(
      #""user.joined":"2024-02-30T00:00:00Z""#, .badTimestamp, "user.joined",
      "`user.joined` must be an RFC 3339 timestamp such as `2024-05-01T10:00:00Z`, found other text"),
    .init(
      #""device.seen_at":{}"#, .wrongType, "device.seen_at",
      "`device.seen_at` must be a time in milliseconds since 1970, found an object"),
    .init(
      #""device.seen_at":253402300800000"#, .outOfRange, "device.seen_at",
      "`device.seen_at` must be a time within the years 1 to 9999, found one that is not"),
    .init(
      #""device.build":42"#, .wrongType, "device.build",
      "`device.build` must be an integer written as text, found a number"),
    .init(
      #""device.build":"4x""#, .badNumber, "device.build",
      "`device.build` must be an integer written as text, found other text"),
    .init(
      #""device.score":"x""#, .badNumber, "device.score",
      "`device.score` must be a number written as text, found other text"),
    .init(#""ip":[]"#, .wrongType, "ip", "`ip` must be an IPv4 or IPv6 address, found a list"),
    .init(#""ip":"10.0.0""#, .badAddress, "ip", "`ip` must be an IPv4 or IPv6 address, found other text"),
    .init(#""network":7"#, .wrongType, "network", "`network` must be text, found a number"),
    .init(
      #""payout":{"amount_minor":12.5,"currency":"EUR"}"#, .wrongType, "payout.amount",
      "`payout.amount_minor` must be an integer, found a number with a fraction or an exponent"),
    .init(
      #""payout":{"amount_minor":5}"#, .missingField, "payout.currency",
      "`payout.currency` is missing, but `payout.amount_minor` is there"),
    .init(
      #""payout":{"currency":"EUR","amount_minor":null}"#, .missingField, "payout.amount",
      "`payout.amount_minor` is missing, but `payout.currency` is there"),
    .init(
      #""payout":{"amount_minor":5,"currency":"eur"}"#, .wrongType, "payout.currency",
      "`payout.currency` must be a currency of three capital letters, found other text"),
    .init(
      #""payout.receiver":"\#(longText)""#, .textTooLong, "payout.receiver",
      "`payout.receiver` must be text of at most 16384 bytes, found 16385"),
    .init(#""tags":"a""#, .wrongType, "tags", "`tags` must be a list, found text"),
    .init(#""tags":["a",null]"#, .wrongType, "tags", "element 2 of `tags` must be text, found null"),
    .init(#""tags":[["a"]]"#, .wrongType, "tags", "element 1 of `tags` must be text, found a list"),
    .init(
      #""steps":[\#(longList)]"#, .listTooLong, "steps", "`steps` must have at most 1024 elements, found 1025"
    ),
    .init(#""user.id":"u-2""#, .duplicateField, "user.id", "`user.id` stands there twice"),
    .init(#""user":{"id":"u-2"}"#, .duplicateField, "user.id", "`user.id` stands there twice"),
    .init(#""device":{},"device":{}"#, .duplicateField, "device", "`device` stands there twice"),
    .init(#""ip":null,"ip":"::1""#, .duplicateField, "ip", "`ip` stands there twice"),
    .init(#""device":"phone""#, .wrongType, "device", "`device` must be an object, found text"),
    .init(#""dry_run":"yes""#, .wrongType, "dry_run", "`dry_run` must be true or false, found text"),
    .init(
      #""content_digest":7"#, .wrongType, "content_digest", "`content_digest` must be text, found a number"),
    .init(
      #""content_digest":"""#, .badIdentity, "content_digest",
      "`content_digest` must be text of 1 to 128 bytes without control characters, found empty text"),
    .init(
      #""reverses":{}"#, .wrongType, "reverses", "`reverses` must be text or an integer, found an object"),
    .init(
      #""amends":"""#, .badIdentity, "amends",
      "`amends` must be text of 1 to 128 bytes without control characters, found empty text"),
  ]

  @Test("declared fields", arguments: fields)
  func field(_ case: Refused) {
    let expected = DecodeError(code: `case`.code, field: `case`.field, message: `case`.message)
    #expect(RewardsSchema.refusal(`case`.members) == expected)
  }

  static let wholes: [Refused] = [
    .init("", .notJSON, nil, "the event is empty, expected a JSON object"),
    .init("\u{FEFF}{}", .notJSON, nil, "the event begins with a byte order mark, expected `{`"),
    .init("[1]", .notAnObject, nil, "the event must be a JSON object, found other JSON"),
    .init("5", .notAnObject, nil, "the event must be a JSON object, found other JSON"),
    .init(#"{"a":1"#, .notJSON, nil, "the event is not JSON: its structure is malformed"),
    .init(#"{"a":1}}"#, .notJSON, nil, "the event is not JSON: its structure is malformed"),
    .init(#"{"a":01}"#, .notJSON, nil, "the event is not JSON: a number is malformed"),
    .init(#"{"a":"\x"}"#, .notJSON, nil, "the event is not JSON: a text is malformed or has no end"),
    .init(#"{"a":"b"#, .notJSON, nil, "the event is not JSON: a text is malformed or has no end"),
    .init("{}", .missingField, "user.id", "`user.id` is required, found nothing"),
    .init(#"{"user":{"id":null}}"#, .missingField, "user.id", "`user.id` is required, found null"),
    .init(#"{"user":{"id":5}}"#, .wrongType, "user.id", "`user.id` must be text, found a number"),
    .init(#"{"user.id":"u"}"#, .missingField, "id", "`id` is required, found nothing"),
    .init(
      #"{"user.id":"u","id":1.5}"#, .wrongType, "id",
      "`id` must be an integer, found a number with a fraction or an exponent"),
    .init(
      #"{"user.id":"u","id":1e400}"#, .outOfRange, "id",
      "`id` must be an integer of 64 bits, found one that is not"),
    .init(
      #"{"user.id":"u","id":"a\u0085b"}"#, .badIdentity, "id",
      "`id` must be text of 1 to 128 bytes without control characters, found a control character"),
    .init(
      #"{"user.id":"u","id":"\#(String(repeating: "é", count: 65))"}"#, .badIdentity, "id",
      "`id` must be text of 1 to 128 bytes without control characters, found 130 bytes"),
    .init(#"{"user.id":"u","id":1}"#, .missingField, "type", "`type` is required, found nothing"),
    .init(#"{"user.id":"u","id":1,"type":[]}"#, .wrongType, "type", "`type` must be text, found a list"),
    .init(
      #"{"user.id":"u","id":1,"type":"reward.grantd"}"#, .unknownType, "type",
      "`type` must be a declared event type, found `reward.grantd`, did you mean `reward.granted`?"),
    .init(
      #"{"user.id":"u","id":1,"type":"zzz"}"#, .unknownType, "type",
      "`type` must be a declared event type, found `zzz`"),
    .init(
      #"{"user.id":"u","id":1,"type":"payout.requested"}"#, .missingField, "time",
      "`time` is required, found nothing"),
    .init(
      #"{"user.id":"u","id":1,"type":"payout.requested","time":1714557600000}"#, .wrongType, "time",
      "`time` must be an RFC 3339 timestamp, found a number"),
    .init(
      #"{"user.id":"u","id":1,"type":"payout.requested","time":"0000-01-01T00:00:00Z"}"#, .badTimestamp,
      "time",
      "`time` must be an RFC 3339 timestamp such as `2024-05-01T10:00:00Z`, found other text"),
  ]

  @Test("the event as a whole", arguments: wholes)
  func whole(_ case: Refused) {
    let expected = DecodeError(code: `case`.code, field: `case`.field, message: `case`.message)
    #expect(RewardsSchema.refusal(Array(`case`.members.utf8)) == expected)
  }

  @Test("bad UTF-8 anywhere")
  func notUTF8() {
    let refused = DecodeError(code: .notUTF8, message: "the event is not UTF-8")
    for place in [#""ip":"?""#, #""other":"?""#, #""o?r":1"#, #""user":{"i?":1}"#] {
      for bad: [UInt8] in [
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
      ] {
        let parts = RewardsSchema.json(place).utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1)
        #expect(RewardsSchema.refusal(Array(parts[0]) + bad + Array(parts[1])) == refused)
      }
    }
  }

  @Test("a line of 100 MB is refused by its size")
  func tooLarge() {
    let line = [UInt8](repeating: UInt8(ascii: "["), count: 104_857_600)
    let clock = ContinuousClock()
    let start = clock.now
    let refused = RewardsSchema.refusal(line)
    #expect(start.duration(to: clock.now) < .milliseconds(100))
    #expect(refused?.code == .tooLarge)
    #expect(refused?.message == "the event has 104857600 bytes, at most 1048576 are allowed")
  }

  @Test("the largest event is read, one byte more is not")
  func largest() throws {
    let spare = 1_048_576 - RewardsSchema.json(#""x":"""#).utf8.count
    let text = String(repeating: "y", count: spare)
    #expect(try RewardsSchema.event(#""x":"\#(text)""#).time == 1_714_557_600_000)
    #expect(RewardsSchema.refusal(#""x":"\#(text)y""#)?.code == .tooLarge)
    #expect(try RewardsSchema.event().time == 1_714_557_600_000)
  }

  @Test("nesting is limited, also where nothing is declared")
  func tooDeep() throws {
    func nested(_ depth: Int) -> String {
      #""x":"# + String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    }
    _ = try RewardsSchema.event(nested(63))
    let refused = DecodeError(code: .tooDeep, message: "the event nests deeper than 64 lists and objects")
    #expect(RewardsSchema.refusal(nested(64)) == refused)
    #expect(RewardsSchema.refusal(nested(500_000)) == refused)
    let open = Array((#"{"x":"# + String(repeating: #"{"user":"#, count: 100_000)).utf8)
    #expect(RewardsSchema.refusal(open) != nil)
  }

  @Test("numbers beyond 64 bits are nobody's business where nothing is declared")
  func undeclaredNumbers() throws {
    let members = #""x":123456789012345678901234567890,"y":[-1e999,"1e999\\\"",9e307],"user.level":4"#
    #expect(try RewardsSchema.event(members).slot("user.level").integer == 4)
    #expect(RewardsSchema.refusal(#""x":123456789012345678901234567890,"y":-01"#)?.code == .notJSON)
  }

  @Test("no message holds a sensitive value")
  func sensitive() {
    let schema = Schema(
      identity: .init(id: "id", type: .field("kind"), time: "time", timeFormat: .iso8601),
      types: ["secret-1"],
      fields: ["id", "kind", "time", "ip", "n", "m", "list"].enumerated().map { index, path in
        let types: [Schema.FieldType] = [
          .string, .string, .string, .ip, .int, .double(scale: 2), .list(.timestamp(.iso8601)),
        ]
        return .init(path: path, type: types[index], sensitive: true, asText: path == "n")
      })
    let decoder = EventDecoder(schema: schema)
    let good = [#""id":"a""#, #""kind":"secret-1""#, #""time":"2024-05-01T10:00:00Z""#]
    let bad = [
      #""id":"hush\u0001""#, #""kind":"hush""#, #""time":"hush""#, #""ip":"hush""#, #""n":"hush""#,
      #""m":"hush""#,
      #""list":["hush"]"#, #""id":{"hush":1}"#, #""kind":"hush","kind":"hush""#,
    ]
    for member in bad {
      let kept = good.filter { !member.hasPrefix($0.prefix(4)) }
      let json = Array("{\((kept + [member]).joined(separator: ","))}".utf8)
      do {
        _ = try decoder.decode(json.span)
        Issue.record("\(member) was accepted")
      } catch {
        #expect(!"\(error)".contains("hush"))
      }
    }
  }
}
