internal import CEL
internal import OrderedJSON

/// What is set about AdMob's callbacks.
struct AdMobSettings: Sendable {
  let keys: KeyRing
  /// Parameters besides the ones that AdMob has today.
  var extraParameters: Set<[UInt8]> = []
  var user = UserSource(parameter: "user_id")
}

/// AdMob's callback for a rewarded ad.
///
/// AdMob signs the *decoded* query, so that a value with an encoded `&` in it has the signature of a query in which the
/// rest of the value is a parameter of its own. A query is refused unless its decoded text, cut at each `&`, gives the
/// very parameters; the names are those that AdMob has, each once, in the order of the alphabet, so that what a player
/// smuggled into a value has no place among them.
struct AdMobCallback {
  private static let names: [[UInt8]] = [
    "ad_network", "ad_unit", "custom_data", "reward_amount", "reward_item", "timestamp", "transaction_id",
    "user_id",
  ].map { Array($0.utf8) }

  let settings: AdMobSettings

  /// The event of a callback that AdMob signed.
  func event(_ query: Query, arrival: Timestamp) throws(IngestRefusal) -> IngestedEvent {
    let signature = try AdMobSignature(query)
    let parameters = query.parameters.dropLast(2)
    try expectOneReading(of: signature.signed, parameters)
    try expectNames(parameters)
    try signature.verify(with: settings.keys)

    let transaction = try TransactionID.check(try query.requiredText("transaction_id"), "transaction_id")
    let time = try VendorTime(
      try query.requiredText("timestamp"), "timestamp", in: .milliseconds, arrival: arrival)
    var event = EventObject(
      id: IngestSource.adMob.namespace + ":" + transaction, type: "reward.granted", arrival: arrival)
    event.set("user.id", try settings.user.read(query))
    event.set("ad.network", "admob")
    event.set("ad.unit", try query.requiredText("ad_unit"))
    event.set("ad.source", try query.requiredText("ad_network"))
    event.set("ad.transaction_id", transaction)
    event.set("ad.callback_at", time.milliseconds)
    event.set("ad.signed", .bool(true))
    event.set("ad.custom_data", query.text("custom_data"))
    event.set("reward.amount", try amount(query))
    event.set("reward.item", query.text("reward_item"))
    return event.event
  }

  /// The signed text, cut into parameters, gives those of the query and no others.
  private func expectOneReading(
    of signed: [UInt8], _ parameters: ArraySlice<Query.Parameter>
  ) throws(IngestRefusal) {
    let parts = signed.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
    var isOne = parts.count == parameters.count
    for (part, parameter) in zip(parts, parameters) where isOne {
      isOne =
        part.elementsEqual(parameter.name + [UInt8(ascii: "=")] + parameter.value)
        && !parameter.name.contains(UInt8(ascii: "="))
    }
    guard isOne else {
      throw IngestRefusal(
        .ambiguousParameter, nil,
        "a parameter has an encoded `&`, or its name an encoded `=`: what AdMob signs can be read in two ways",
        hint: "let the app send custom data and user ids without `&`, such as base64")
    }
  }

  private func expectNames(_ parameters: ArraySlice<Query.Parameter>) throws(IngestRefusal) {
    for (parameter, next) in zip(parameters, parameters.dropFirst())
    where !parameter.name.lexicographicallyPrecedes(next.name) {
      let name = Excerpt.of(next.name)
      throw IngestRefusal(
        .parameterOrder, name, "`\(name)` stands behind `\(Excerpt.of(parameter.name))`",
        hint: "AdMob sends the parameters in the order of the alphabet; hand them over as they came")
    }
    for parameter in parameters
    where !Self.names.contains(parameter.name) && !settings.extraParameters.contains(parameter.name) {
      let name = Excerpt.of(parameter.name)
      throw IngestRefusal(
        .unknownParameter, name, "AdMob has no parameter `\(name)`",
        hint: "if it has one by now, name it in `extra_parameters`")
    }
  }

  private func amount(_ query: Query) throws(IngestRefusal) -> Int64? {
    guard query.bytes("reward_amount") != nil else { return nil }
    guard let amount = WholeNumber.readAmount(try query.requiredText("reward_amount")), amount >= 0 else {
      throw .badValue("reward_amount", "a whole number that is not negative")
    }
    return amount
  }
}
