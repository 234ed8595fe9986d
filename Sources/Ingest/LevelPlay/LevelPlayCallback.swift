internal import CEL
internal import Crypto
internal import OrderedJSON

/// What LevelPlay can put into a callback's address.
enum LevelPlayPlaceholder: String, Sendable, CaseIterable {
  case userID = "USER_ID"
  case rewards = "REWARDS"
  case eventID = "EVENT_ID"
  case itemName = "ITEM_NAME"
  case auctionID = "AUCTION_ID"
  case adNetwork = "AD_NETWORK"
  case placement = "PLACEMENT"
  case country = "COUNTRY"

  /// Without these LevelPlay sets up no callback.
  static let mandatory: [LevelPlayPlaceholder] = [.userID, .rewards, .eventID]
}

/// What is set about LevelPlay's callbacks.
struct LevelPlaySettings: Sendable {
  /// What a callback with negative rewards takes back.
  enum Reversals: String, Sendable, CaseIterable {
    /// All of the reward that had the same event id.
    case whole
    /// As much as it says.
    case part
  }

  /// Nil where the publisher has set none at LevelPlay.
  let privateKey: Secret?
  /// The publisher's names; the mandatory ones are there.
  let parameters: [LevelPlayPlaceholder: String]
  /// A callback without a signature becomes an event that says so.
  var acceptsUnsigned = false
  /// A callback whose signature other values share becomes an event that is not called signed.
  var acceptsAmbiguous = false
  /// What negative rewards take back.
  var reversals = Reversals.whole
  var forms: [LevelPlayPlaceholder: ValueForm] = [:]
  var user: UserSource
}

/// LevelPlay's (ironSource's) callback for a reward.
///
/// Its signature covers the time, the event's id, the user's and the rewards; all else in the query is as whoever sent
/// it wrote it.
struct LevelPlayCallback {
  private static let time = "timestamp"
  private static let signature = "signature"
  private static let customPrefix = Array("custom_".utf8)

  let settings: LevelPlaySettings

  /// The event of a callback: a reward, or one taken back where the rewards are negative.
  func event(_ query: Query, arrival: Timestamp) throws(IngestRefusal) -> IngestedEvent {
    for placeholder in LevelPlayPlaceholder.mandatory { _ = try required(placeholder, query) }
    let isSigned = try verify(query, arrival)
    let idName = name(.eventID)
    let id = try TransactionID.check(try required(.eventID, query), idName)
    guard let rewards = WholeNumber.readAmount(try required(.rewards, query)), rewards > Int64.min else {
      throw .badValue(name(.rewards), "a whole number")
    }
    let grant = IngestSource.levelPlay.namespace + ":" + id
    let isReversal = rewards < 0
    var event = EventObject(
      id: isReversal ? reversal(of: grant, rewards) : grant,
      type: isReversal ? "reward.reversed" : "reward.granted", arrival: arrival)
    if isReversal, settings.reversals == .whole { event.set("reverses", grant) }
    event.set("user.id", try settings.user.read(query))
    event.set("ad.network", "levelplay")
    event.set("ad.placement", text(.placement, query))
    event.set("ad.source", text(.adNetwork, query))
    event.set("ad.transaction_id", id)
    if query.bytes(Self.time) != nil {
      let text = try query.requiredText(Self.time)
      event.set("ad.callback_at", try VendorTime(minutes: text, Self.time, arrival: arrival).milliseconds)
    }
    event.set("ad.signed", .bool(isSigned))
    event.set("ad.country", text(.country, query)?.uppercased())
    event.set("ad.auction_id", text(.auctionID, query))
    if let custom = custom(query) { event.set("ad.custom", custom) }
    event.set("reward.amount", abs(rewards))
    event.set("reward.item", text(.itemName, query))
    return event.event
  }

  /// The whole of a reward is taken back once; parts of it may be one after the other, and are told apart by how much they
  /// are: LevelPlay dates each attempt anew.
  private func reversal(of grant: String, _ rewards: Int64) -> String {
    settings.reversals == .whole ? grant + ":reversed" : "\(grant):reversed:\(abs(rewards))"
  }

  private func name(_ placeholder: LevelPlayPlaceholder) -> String {
    settings.parameters[placeholder] ?? placeholder.rawValue
  }

  private func required(
    _ placeholder: LevelPlayPlaceholder, _ query: Query
  ) throws(IngestRefusal) -> String {
    try query.requiredText(name(placeholder))
  }

  private func text(_ placeholder: LevelPlayPlaceholder, _ query: Query) -> String? {
    settings.parameters[placeholder].flatMap { query.text($0) }
  }

  /// Whether the callback has a signature that was verified.
  private func verify(_ query: Query, _ arrival: Timestamp) throws(IngestRefusal) -> Bool {
    guard let key = settings.privateKey else { return false }
    guard let signature = query.bytes(Self.signature), !signature.isEmpty else {
      if settings.acceptsUnsigned { return false }
      throw IngestRefusal(
        .unsigned, Self.signature, "the callback has no `signature`, and the configuration has a private key",
        hint: "set the private key at LevelPlay too; without it anybody can send rewards")
    }
    let values = [
      Array(try query.requiredText(Self.time).utf8), Array(try required(.eventID, query).utf8),
      Array(try required(.userID, query).utf8), Array(try required(.rewards, query).utf8),
    ]
    var hash = Insecure.MD5()
    for value in values { hash.update(data: value) }
    hash.update(data: key.bytes)
    guard ConstantTime.isHexadecimal(signature, of: hash.finalize()) else {
      throw IngestRefusal(
        .wrongSignature, Self.signature,
        "the signature is not one of this time, event, user and rewards by the private key",
        hint: "see that the private key and the parameters' names are those at LevelPlay; else it is forged")
    }
    _ = try VendorTime(minutes: try query.requiredText(Self.time), Self.time, arrival: arrival)
    do throws(IngestRefusal) {
      try expectOneReading(of: values)
      return true
    } catch {
      // It was signed for these values or for others.
      if settings.acceptsAmbiguous { return false }
      throw error
    }
  }

  /// Nothing stands between the values when they are signed: where one ends must not be open.
  private func expectOneReading(of values: [[UInt8]]) throws(IngestRefusal) {
    let forms = [
      ValueForm(characters: .digits, lengths: 12...12), settings.forms[.eventID] ?? ValueForm(),
      settings.forms[.userID] ?? ValueForm(), settings.forms[.rewards] ?? ValueForm(characters: .integer),
    ]
    let names = [Self.time, name(.eventID), name(.userID), name(.rewards)]
    let placeholders: [LevelPlayPlaceholder?] = [nil, .eventID, .userID, .rewards]
    for (index, form) in forms.enumerated() where !form.matches(values[index]) {
      throw .badForm(
        names[index], form.noun,
        said: placeholders[index].flatMap { settings.forms[$0] == nil ? nil : $0.rawValue }
          .map { "\(IngestSource.levelPlay.rawValue).forms.\($0)" })
    }
    guard UniqueSplit.isOnly(values, forms) else {
      throw IngestRefusal(
        .ambiguousSignature, Self.signature,
        "other values than these have the same signature: nothing stands between them when they are signed",
        hint: "say in `forms` what EVENT_ID, USER_ID and REWARDS look like, such as their lengths; "
          + "`\"ambiguous\": \"accept\"` takes the risk")
    }
  }

  /// What the app has added, as one object; nil where it added nothing.
  private func custom(_ query: Query) -> JSONValue? {
    let members = query.parameters.filter { $0.name.starts(with: Self.customPrefix) }.map { parameter in
      JSONValue.Member(
        String(decoding: parameter.name.dropFirst(Self.customPrefix.count), as: UTF8.self),
        .string(String(decoding: parameter.value, as: UTF8.self)))
    }
    return members.isEmpty ? nil : .object(members)
  }
}
