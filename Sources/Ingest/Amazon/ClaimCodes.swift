internal import OrderedJSON

/// The codes that gift cards are money by: whoever reads one can spend it.
enum ClaimCodes {
  /// What a member is called that has one, whatever its case and its separators: `gcClaimCode`, `claim_code`.
  private static let name = "CLAIMCODE"
  private static let longestName = "gcClaimCode".utf8.count
  /// Letters and digits of a code: Amazon's have fourteen; shorter text is in anything.
  private static let charactersMin = 10
  /// Characters between the hyphens.
  private static let groups = [4, 6, 4]
  /// Each is looked for in each text that comes out.
  private static let codesMax = 16

  /// The first member of `value`, in whatever depth, that is called like a claim code; nil where there is none.
  static func member(in value: JSONValue) -> String? {
    switch value {
    case .object(let members):
      for member in members {
        if isClaimCode(member.key) { return shown(member.key) }
        if let found = self.member(in: member.value) { return found }
      }
    case .array(let elements):
      for element in elements { if let found = member(in: element) { return found } }
    default: break
    }
    return nil
  }

  /// The codes of a gift card's message, of which an answer has one: what stands below a member that is called so, and
  /// what is written like one wherever it stands.
  static func ofAnswer(_ message: JSONMessage) throws(IngestRefusal) -> Set<String> {
    var codes: Set<String> = []
    collect(message.value, isCode: false, into: &codes)
    guard codes.count <= codesMax else {
      throw IngestRefusal(.tooLarge, nil, "the message has more than \(codesMax) claim codes")
    }
    return codes
  }

  /// Takes up the codes of `value`, without what only groups their characters. Below a claim code's key every text,
  /// number and key is one.
  private static func collect(_ value: JSONValue, isCode: Bool, into codes: inout Set<String>) {
    switch value {
    case .object(let members):
      for member in members {
        take(member.key, isCode: isCode, into: &codes)
        collect(member.value, isCode: isCode || isClaimCode(member.key), into: &codes)
      }
    case .array(let elements): for element in elements { collect(element, isCode: isCode, into: &codes) }
    case .string(let text), .number(let text): take(text, isCode: isCode, into: &codes)
    case .bool, .null: break
    }
  }

  private static func take(_ text: String, isCode: Bool, into codes: inout Set<String>) {
    guard isCode else { return codes.formUnion(written(in: text)) }
    let code = plain(text)
    if code.utf8.count >= charactersMin { codes.insert(code) }
  }

  /// Whether a text, a number or a key of `value` has one of `codes` in it.
  static func isThere(_ codes: Set<String>, in value: JSONValue) -> Bool {
    switch value {
    case .object(let members):
      members.contains { member in has(codes, member.key) || isThere(codes, in: member.value) }
    case .array(let elements): elements.contains { isThere(codes, in: $0) }
    case .string(let text), .number(let text): has(codes, text)
    case .bool, .null: false
    }
  }

  /// Whether a text or a key of `value` is written as Amazon writes its codes: `LJ49-AKDUV6-UYCP`.
  static func looksLikeOne(in value: JSONValue) -> Bool {
    switch value {
    case .object(let members):
      members.contains { looksLikeOne($0.key) || looksLikeOne(in: $0.value) }
    case .array(let elements): elements.contains(where: looksLikeOne(in:))
    case .string(let text): looksLikeOne(text)
    default: false
    }
  }

  private static func looksLikeOne(_ text: String) -> Bool { !written(in: text).isEmpty }

  /// The words of a text that are written as Amazon writes its codes, without their hyphens.
  private static func written(in text: String) -> [String] {
    let hyphen = UInt8(ascii: "-")
    return text.utf8.split { !isPlain($0) && $0 != hyphen }.compactMap { word in
      let parts = word.split(separator: hyphen, omittingEmptySubsequences: false)
      return parts.map(\.count) == groups ? String(decoding: parts.joined(), as: UTF8.self) : nil
    }
  }

  static func refusal(at member: String?) -> IngestRefusal {
    IngestRefusal(
      .claimCode, member.map { _ in Envelope.event },
      member.map { "`\(Envelope.event)` has the member `\($0)`" }
        ?? "a claim code would be in the event",
      hint: "take it out: whoever reads a claim code can spend it, and events are kept")
  }

  /// A key with nothing in it but the name: what stands besides may be a code.
  private static func shown(_ key: String) -> String {
    plain(key).utf8.count <= longestName ? Excerpt.of(key) : "…claimCode…"
  }

  private static func has(_ codes: Set<String>, _ text: String) -> Bool {
    let text = plain(text)
    return codes.contains { text.contains($0) }
  }

  private static func plain(_ text: String) -> String {
    String(decoding: text.uppercased().utf8.filter(Self.isPlain), as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
  }

  private static func isClaimCode(_ key: String) -> Bool {
    plain(key).contains(name)
  }
}
