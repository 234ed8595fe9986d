internal import OrderedJSON

extension AdMobSettings {
  static let known = ["keys", "extra_parameters", "user"]

  init(_ settings: SettingsObject) throws(IngestConfigurationError) {
    guard let path = try settings.path("keys") else {
      throw settings.wrong("keys", "the path of Google's verifier-keys.json")
    }
    do throws(VerifierKeys.Failure) {
      keys = try KeyRing(KeyRing.Source(path: path))
    } catch {
      throw IngestConfigurationError(
        "`\(settings.name("keys"))`: `\(path)`: \(error.message)",
        hint: "fetch Google's verifier-keys.json to that place, and again once a day")
    }
    extraParameters = Set(try settings.texts("extra_parameters")?.map { Array($0.utf8) } ?? [])
    user = try UserSource(settings, standard: "user_id") { $0 }
  }
}

extension AppLovinSettings {
  static let known = ["event_key", "parameters", "token", "time_unit", "forms", "user"]

  init(_ settings: SettingsObject) throws(IngestConfigurationError) {
    guard let key = try settings.secret("event_key") else {
      throw settings.wrong("event_key", #"{"env": "NAME"} or {"file": "path"}"#)
    }
    let parameters = try settings.names(AppLovinMacro.self)
    let proof = try settings.choice("token", Proof.self) ?? .all
    let needed: [AppLovinMacro] = [.eventID, proof == .all ? .eventTokenAll : .eventToken]
    for macro in needed where parameters[macro] == nil {
      throw IngestConfigurationError(
        "`\(settings.name("parameters"))` does not name the parameter of `\(macro.rawValue)`",
        hint: macro == .eventTokenAll
          ? #"add {EVENT_TOKEN_ALL} to the callback's address, or say `"token": "event"`, which proves the id only"#
          : "add {\(macro.rawValue)} to the callback's address, and say here under which name")
    }
    let user = try UserSource(settings, standard: AppLovinMacro.userID.rawValue) { name in
      AppLovinMacro(rawValue: name).flatMap { parameters[$0] }
    }
    self.init(
      eventKey: key, parameters: parameters, proof: proof,
      timeUnit: try settings.choice("time_unit", VendorTime.Unit.self) ?? .milliseconds,
      forms: try settings.forms(AppLovinMacro.self), user: user)
  }
}

extension LevelPlaySettings {
  static let known = ["private_key", "parameters", "unsigned", "ambiguous", "reversals", "forms", "user"]

  /// What is done with callbacks that prove less than they could.
  private enum Choice: String, CaseIterable { case refuse, accept }

  init(_ settings: SettingsObject) throws(IngestConfigurationError) {
    let key = try settings.secret("private_key")
    let parameters = try settings.names(LevelPlayPlaceholder.self)
    for placeholder in LevelPlayPlaceholder.mandatory where parameters[placeholder] == nil {
      throw IngestConfigurationError(
        "`\(settings.name("parameters"))` does not name the parameter of `\(placeholder.rawValue)`",
        hint: "LevelPlay sends [\(placeholder.rawValue)] in every callback: say here under which name")
    }
    let unsigned = try settings.choice("unsigned", Choice.self) ?? .refuse
    if key == nil, unsigned == .refuse {
      throw IngestConfigurationError(
        "`\(settings.path)` has no `private_key`: no callback could be verified",
        hint: #"set a private key at LevelPlay and here; `"unsigned": "accept"` takes what anybody sends"#)
    }
    let user = try UserSource(settings, standard: LevelPlayPlaceholder.userID.rawValue) { name in
      LevelPlayPlaceholder(rawValue: name).flatMap { parameters[$0] }
    }
    if key != nil, user.parameter != parameters[.userID] {
      throw IngestConfigurationError(
        "`\(settings.name("user")).parameter` must be `USER_ID`: LevelPlay signs nothing else that could name the user",
        hint: "take it out; whatever else the callback has, anybody can change")
    }
    self.init(
      privateKey: key, parameters: parameters, acceptsUnsigned: unsigned == .accept,
      acceptsAmbiguous: try settings.choice("ambiguous", Choice.self) == .accept,
      reversals: try settings.choice("reversals", LevelPlaySettings.Reversals.self) ?? .whole,
      forms: try settings.forms(LevelPlayPlaceholder.self), user: user)
  }
}

extension SettingsObject {
  /// `parameters`: the publisher's name for each of what the vendor can send.
  fileprivate func names<Placeholder: RawRepresentable & CaseIterable & Hashable>(
    _ type: Placeholder.Type
  ) throws(IngestConfigurationError) -> [Placeholder: String] where Placeholder.RawValue == String {
    let known = Placeholder.allCases.map(\.rawValue)
    guard let object = try object("parameters", known: known) else {
      throw wrong("parameters", "an object with the publisher's name for each of the vendor's")
    }
    var names: [Placeholder: String] = [:]
    for key in object.keys {
      guard let placeholder = Placeholder(rawValue: key), let name = try object.text(key) else { continue }
      if names.values.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
        throw IngestConfigurationError(
          "`\(object.name(key))`: `\(Excerpt.of(name))` is the name of another already",
          hint: "each parameter of the callback's address has a name of its own")
      }
      names[placeholder] = name
    }
    return names
  }

  /// `forms`: what values look like.
  fileprivate func forms<Placeholder: RawRepresentable & CaseIterable & Hashable>(
    _ type: Placeholder.Type
  ) throws(IngestConfigurationError) -> [Placeholder: ValueForm] where Placeholder.RawValue == String {
    var forms: [Placeholder: ValueForm] = [:]
    guard let object = try object("forms", known: Placeholder.allCases.map(\.rawValue)) else { return forms }
    for key in object.keys {
      guard let placeholder = Placeholder(rawValue: key),
        let form = try object.object(key, known: ["characters", "length", "values", "empty"])
      else { continue }
      forms[placeholder] = try ValueForm(form)
    }
    return forms
  }
}

extension ValueForm {
  /// `{"characters": "digits", "length": 12}`, `{"length": [8, 40]}` or `{"values": ["1", "5"]}`.
  fileprivate init(_ settings: SettingsObject) throws(IngestConfigurationError) {
    characters = try settings.choice("characters", Characters.self) ?? .any
    values = try settings.texts("values").map { Set($0.map { Array($0.utf8) }) }
    if let value = settings.value("empty") {
      guard let bool = value.bool else { throw settings.wrong("empty", "true or false") }
      mayBeEmpty = bool
    }
    guard let value = settings.value("length") else { return }
    let numbers = (value.array ?? [value]).compactMap { element -> Int? in
      if case .number(let digits) = element { Int(digits) } else { nil }
    }
    guard let first = numbers.first, let last = numbers.last, first > 0, last >= first,
      numbers.count == value.array?.count ?? 1, numbers.count < 3
    else { throw settings.wrong("length", "a number of bytes, or a list of the least and the most") }
    lengths = first...last
  }
}

extension UserSource {
  /// `{"parameter": "custom_data", "member": "uid", "absent": "nobody"}`; all of it may be left out.
  ///
  /// `resolve` gives the parameter's name in the query, nil where the vendor has none of that name.
  fileprivate init(
    _ settings: SettingsObject, standard: String, resolve: (String) -> String?
  ) throws(IngestConfigurationError) {
    guard let object = try settings.object("user", known: ["parameter", "member", "absent"]) else {
      self.init(parameter: resolve(standard))
      return
    }
    let name = try object.text("parameter")
    let parameter = resolve(name ?? standard)
    if let name, parameter == nil {
      throw IngestConfigurationError(
        "`\(object.name("parameter"))`: no parameter is mapped for `\(Excerpt.of(name))`",
        hint: "use the vendor's name, and map it in `parameters`")
    }
    self.init(parameter: parameter, member: try object.text("member"), absent: try object.text("absent"))
  }
}
