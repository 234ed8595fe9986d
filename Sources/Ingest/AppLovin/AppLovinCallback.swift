internal import CEL
internal import Crypto
internal import Events
internal import OrderedJSON

/// What is set about AppLovin MAX's callbacks.
struct AppLovinSettings: Sendable {
  /// What a callback has to prove.
  enum Proof: String, Sendable, CaseIterable {
    /// That all its values are AppLovin's: `EVENT_TOKEN_ALL`.
    case all
    /// That the event id is: `EVENT_TOKEN`. Everything else can be changed by whoever sees the callback, which is then
    /// not called signed.
    case event
  }

  let eventKey: Secret
  /// The publisher's names.
  let parameters: [AppLovinMacro: String]
  var proof = Proof.all
  var timeUnit = VendorTime.Unit.milliseconds
  var forms: [AppLovinMacro: ValueForm] = [:]
  var user: UserSource
}

/// AppLovin MAX's callback for a rewarded ad.
struct AppLovinCallback {
  /// The setting by which the unit of a time is another.
  private static let timeUnit = "\(IngestSource.appLovin.rawValue).time_unit"

  let settings: AppLovinSettings

  /// The event of a callback whose tokens show that whoever made it knows the event key.
  func event(_ query: Query, arrival: Timestamp) throws(IngestRefusal) -> IngestedEvent {
    for macro in AppLovinMacro.allCases {
      guard let name = settings.parameters[macro], query.bytes(name) == nil else { continue }
      if macro == .eventToken || macro == .eventTokenAll {
        throw IngestRefusal(
          .unsigned, name, "there is no `\(name)`",
          hint: "AppLovin puts {\(macro.rawValue)} there: see the ad unit's callback address")
      }
      throw .missing(name)
    }
    try verify(query, arrival)
    return try event(of: query, arrival)
  }

  private func verify(_ query: Query, _ arrival: Timestamp) throws(IngestRefusal) {
    if let name = settings.parameters[.eventToken] {
      var hash = Insecure.SHA1()
      hash.update(data: try value(.eventID, query))
      hash.update(data: settings.eventKey.bytes)
      try expect(hash.finalize(), in: name, of: query, "EVENT_ID")
    }
    guard let name = settings.parameters[.eventTokenAll] else { return }
    let covered = AppLovinMacro.covered.filter { settings.parameters[$0] != nil }
    var values: [[UInt8]] = []
    for macro in covered { values.append(try value(macro, query)) }
    var hash = SHA256()
    for value in values { hash.update(data: value) }
    hash.update(data: settings.eventKey.bytes)
    try expect(hash.finalize(), in: name, of: query, "all values")
    if let name = settings.parameters[.time] {
      // A time in another unit is told by its unit, and not as a value of another form.
      _ = try VendorTime(
        try query.requiredText(name), name, in: settings.timeUnit, arrival: arrival,
        setting: Self.timeUnit)
    }
    try expectOneReading(of: values, covered)
  }

  private func value(_ macro: AppLovinMacro, _ query: Query) throws(IngestRefusal) -> [UInt8] {
    guard let name = settings.parameters[macro] else { throw .missing(macro.rawValue) }
    guard let value = query.bytes(name) else { throw .missing(name) }
    return value
  }

  private func expect(
    _ digest: some Sequence<UInt8>, in name: String, of query: Query, _ what: String
  ) throws(IngestRefusal) {
    guard let sent = query.bytes(name), !sent.isEmpty else {
      throw IngestRefusal(.unsigned, name, "`\(name)` is empty")
    }
    guard ConstantTime.isHexadecimal(sent, of: digest) else {
      throw IngestRefusal(
        .wrongSignature, name, "`\(name)` is not the token of \(what) and the event key",
        hint: "see that the event key and the parameters' names are those of the account; else it is forged")
    }
  }

  /// The token covers the values without anything between them: where one ends must not be open.
  private func expectOneReading(
    of values: [[UInt8]], _ macros: [AppLovinMacro]
  ) throws(IngestRefusal) {
    var forms: [ValueForm] = []
    for (macro, value) in zip(macros, values) {
      // Its own token says which id it is.
      let isProven = macro == .eventID && settings.parameters[.eventToken] != nil
      let form = isProven ? .exactly(value) : settings.forms[macro] ?? macro.form(settings.timeUnit)
      guard form.matches(value) else {
        throw .badForm(
          settings.parameters[macro] ?? macro.rawValue, form.noun,
          said: settings.forms[macro].map { _ in "\(IngestSource.appLovin.rawValue).forms.\(macro.rawValue)" }
        )
      }
      forms.append(form)
    }
    guard UniqueSplit.isOnly(values, forms) else {
      throw IngestRefusal(
        .ambiguousSignature, settings.parameters[.eventTokenAll],
        "other values than these have the same token: nothing stands between them when it is made",
        hint: "add {EVENT_TOKEN} to the callback's address, and say in `forms` what the values look like")
    }
  }

  private func event(of query: Query, _ arrival: Timestamp) throws(IngestRefusal) -> IngestedEvent {
    func text(_ macro: AppLovinMacro) -> String? { settings.parameters[macro].flatMap { query.text($0) } }
    func required(_ macro: AppLovinMacro) throws(IngestRefusal) -> String {
      guard let name = settings.parameters[macro] else { throw .missing(macro.rawValue) }
      return try query.requiredText(name)
    }
    let id = try TransactionID.check(
      try required(.eventID), settings.parameters[.eventID] ?? AppLovinMacro.eventID.rawValue)
    var event = EventObject(
      id: IngestSource.appLovin.namespace + ":" + id, type: "reward.granted", arrival: arrival)
    event.set("user.id", try settings.user.read(query))
    event.set("ad.network", "applovin")
    event.set("ad.unit", text(.adUnitID))
    event.set("ad.unit_name", text(.adUnitName))
    event.set("ad.placement", text(.placement))
    event.set("ad.source", text(.networkName))
    event.set("ad.transaction_id", id)
    if let name = settings.parameters[.time] {
      let time = try VendorTime(
        try query.requiredText(name), name, in: settings.timeUnit, arrival: arrival,
        setting: Self.timeUnit)
      event.set("ad.callback_at", time.milliseconds)
    }
    // The event's own token says nothing of whose reward it is and how much.
    event.set("ad.signed", .bool(settings.parameters[.eventTokenAll] != nil))
    event.set("ad.country", text(.country)?.uppercased())
    event.set("ad.custom_data", text(.customData))
    event.set("reward.amount", try amount(query))
    event.set("reward.currency", text(.currency))
    event.set("device.os", text(.platform)?.lowercased())
    event.set("ip", try address(query))
    event.set("app.package", text(.packageName))
    return event.event
  }

  private func amount(_ query: Query) throws(IngestRefusal) -> Int64? {
    guard let name = settings.parameters[.amount] else { return nil }
    guard let amount = WholeNumber.readAmount(try query.requiredText(name)), amount >= 0 else {
      throw .badValue(name, "a whole number that is not negative")
    }
    return amount
  }

  /// AppLovin's own example ends with a line feed.
  private func address(_ query: Query) throws(IngestRefusal) -> String? {
    guard let name = settings.parameters[.ip], let text = query.text(name) else { return nil }
    let end = text.lastIndex { !$0.isWhitespace }
    guard let end, let address = InternetAddress.canonical(String(text[...end])) else {
      throw .badValue(name, "an IP address")
    }
    return address
  }
}
