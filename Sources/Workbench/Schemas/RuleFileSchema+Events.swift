internal import RuleSets

/// `schema.yaml`
extension RuleFileSchema {
  static let eventSchema = JSONSchema.object([
    .init("event", identity, isRequired: true),
    .init(
      "types",
      .texts(.eventType, least: 1).described("The event types. `any` stands for all of them and names none."),
      isRequired: true),
    .init(
      "fields",
      .map(of: field, names: JSONSchema.pathPattern, bytesMax: RuleSetLimits.pathBytesMax)
        .described("Dotted paths into the JSON and their types: a dot is a level of nesting."),
      isRequired: true),
  ]).described("Where an event's id, type and time stand in the JSON, the event types, and the typed fields.")

  private static let identity = JSONSchema.object([
    .init("id", .member.described("The path of the event's id."), isRequired: true),
    .init(
      "type",
      .anyOf([
        .member,
        .object([.init("always", .eventType.described("The type of every event."), isRequired: true)]),
      ]).described("The path of the event's type, or `{always: NAME}` where the JSON has none."),
      isRequired: true),
    .init(
      "time",
      .anyOf([
        .member,
        .object([
          .init("field", .member.described("The path of the event's time."), isRequired: true),
          .init(
            "as",
            .words(["iso8601", "unix_ms"]).described("RFC 3339 text, or milliseconds since 1970.")
              .defaulting(to: .string("iso8601"))),
        ]),
      ]).described("The path of the event's time, or `{field: PATH, as: unix_ms}`."), isRequired: true),
    .init("reverses", .member.described("The path of the id of the event that this one takes back.")),
    .init("amends", .member.described("The path of the id of the event that this one changes.")),
  ]).described("Where the members that every event has are found, as dotted paths.")

  private static let members = JSONSchema.list(of: .text, least: 1)
    .with("uniqueItems", .bool(true)).with("maxItems", .number(String(RuleSetLimits.listedMax)))
  private static let elementTypes = ["string", "int", "double", "bool", "timestamp", "ip"]

  private static let field = JSONSchema.object([
    .init(
      "type",
      .words(elementTypes + ["money", "list"]).described(
        "What the field holds: text, a number, `true` or `false`, a moment, an address, an amount, or a list."
      )),
    .init(
      "enum",
      members.described(
        "The members that rules may name, instead of `type`; others that events carry are kept and counted.")),
    .init(
      "missing",
      members.described("Further members of an `enum` that tell nothing: an event with one lacks the field.")),
    .init("from", .fieldName.described("The address whose network an `ip` is.")),
    .init(
      "ipv6_bits",
      .integer(1...128).described("How many bits of an IPv6 address its network has.").defaulting(
        to: .number("64"))),
    .init(
      "as",
      .words(["string", "iso8601", "unix_ms"]).described(
        "How it arrives: a number as `string`, a moment as `iso8601` (the default) or `unix_ms`.")),
    .init(
      "scale",
      .integer(0...9).described("Decimal places that windows keep of a `double`.").defaulting(
        to: .number("9"))),
    .init("minor", .member.described("The path of an amount's integer of minor units.")),
    .init("currency", .fieldName.described("The path of an amount's ISO 4217 code.")),
    .init(
      "of",
      .anyOf([
        .words(elementTypes),
        .object([.init("enum", members.described("The members of the elements."), isRequired: true)]),
      ]).described("The type of a list's elements.")),
    .init(
      "required",
      .flag.described("Whether an event without it is refused.").defaulting(to: .bool(false))),
    .init(
      "sensitive",
      .flag.described("Kept as a keyed hash in keys and records, masked elsewhere; for text and addresses.")
        .defaulting(to: .bool(false))),
    .init(
      "volatile",
      .flag.described("Whether it may differ between a request and its retry.").defaulting(to: .bool(false))),
  ]).with("oneOf", .array([JSONSchema.requiring(["type"]).json, JSONSchema.requiring(["enum"]).json]))
    .with("allOf", .array(fieldConditions.map(\.json)))

  /// Which keys go with which type.
  private static let fieldConditions: [JSONSchema] = [
    JSONSchema([
      .init("if", JSONSchema.requiring(["missing"]).json),
      .init(
        "then",
        JSONSchema.allOf([
          .requiring(["enum"]), .properties([("required", JSONSchema([.init("const", .bool(false))]))]),
        ]).json),
    ]),
    .when(
      "type", isOneOf: ["money"], then: .requiring(["minor", "currency"]),
      otherwise: .without(["minor", "currency"])),
    .when("type", isOneOf: ["ip"], then: .anything, otherwise: .without(["from", "ipv6_bits"])),
    .when("type", isOneOf: ["list"], then: .requiring(["of"]), otherwise: .without(["of"])),
    .when("type", isOneOf: ["double"], then: .anything, otherwise: .without(["scale"])),
    .when(
      "type", isOneOf: ["int", "double"], then: .properties([("as", .words(["string"]))]),
      otherwise: .when(
        "type", isOneOf: ["timestamp"], then: .properties([("as", .words(["iso8601", "unix_ms"]))]),
        otherwise: .without(["as"]))),
    .when(
      "type", isOneOf: ["int", "double", "bool", "timestamp", "money", "list"],
      then: .properties([("sensitive", JSONSchema([.init("const", .bool(false))]))])),
  ]
}
