internal import CEL
internal import OrderedJSON

/// An object of the configuration, whose members are known by name.
struct SettingsObject {
  /// Dotted, from the top of the file.
  let path: String
  private let members: [JSONValue.Member]
  private let context: Context

  /// What lies outside the file.
  struct Context {
    /// The folder that paths in the file begin from.
    let folder: String
    let environment: [String: String]

    /// A path of the file, from the process' folder.
    func path(_ path: String) -> String {
      path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    }
  }

  /// Refuses members that are not among `known`.
  init(
    _ value: JSONValue, at path: String, known: [String], _ context: Context
  ) throws(IngestConfigurationError) {
    guard case .object(let members) = value else {
      throw IngestConfigurationError(
        "\(path.isEmpty ? "the configuration of sources" : "`\(path)`") must be an object",
        hint: "the documentation of `assay ingest` has an example")
    }
    (self.path, self.members, self.context) = (path, members, context)
    if let member = members.first(where: { !known.contains($0.key) }) {
      let nearest = DidYouMean.nearest(to: member.key, among: known)
      throw IngestConfigurationError(
        "there is no setting `\(Excerpt.of(name(member.key)))`",
        hint: nearest.map { "did you mean `\($0)`?" }
          ?? "known are \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }
  }

  /// The dotted name of a member.
  func name(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

  var keys: [String] { members.map(\.key) }

  func value(_ key: String) -> JSONValue? { members.first { $0.key == key }?.value }

  func object(
    _ key: String, known: [String]
  ) throws(IngestConfigurationError) -> SettingsObject? {
    guard let value = value(key) else { return nil }
    return try SettingsObject(value, at: name(key), known: known, context)
  }

  func text(_ key: String) throws(IngestConfigurationError) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.text, !text.isEmpty else { throw wrong(key, "text that is not empty") }
    return text
  }

  func texts(_ key: String) throws(IngestConfigurationError) -> [String]? {
    guard let value = value(key) else { return nil }
    let texts = value.array?.compactMap(\.text)
    guard let texts, texts.count == value.array?.count, !texts.isEmpty else {
      throw wrong(key, "a list of texts")
    }
    return texts
  }

  /// One of a few words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Choice.Type
  ) throws(IngestConfigurationError) -> Choice? where Choice.RawValue == String {
    guard let text = try text(key) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw wrong(key, "one of \(Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))")
    }
    return choice
  }

  /// A path, from the process' folder.
  func path(_ key: String) throws(IngestConfigurationError) -> String? {
    try text(key).map { context.path($0) }
  }

  /// `{"env": "NAME"}` or `{"file": "path"}`; never the secret itself, which would be in the file for all to read.
  func secret(_ key: String) throws(IngestConfigurationError) -> Secret? {
    guard value(key) != nil else { return nil }
    if value(key)?.text != nil {
      throw IngestConfigurationError(
        "`\(name(key))` must not be in the configuration itself",
        hint: #"say where it is: {"env": "NAME"} or {"file": "path"}"#)
    }
    guard let place = try object(key, known: ["env", "file"]) else { return nil }
    switch (try place.text("env"), try place.path("file")) {
    case (let variable?, nil):
      guard let text = context.environment[variable], !text.isEmpty else {
        // What looks like no variable's name may be the secret itself.
        let looksLikeName = variable.utf8.allSatisfy {
          UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
            || $0 == UInt8(ascii: "_")
        }
        throw IngestConfigurationError(
          "`\(name(key))`: the variable\(looksLikeName ? " `\(variable)`" : " that `env` names") is not set",
          hint: "set it for this process")
      }
      return Secret(bytes: Array(text.utf8))
    case (nil, let file?): return try secret(in: file, key)
    default: throw wrong(key, #"{"env": "NAME"} or {"file": "path"}"#)
    }
  }

  private func secret(in file: String, _ key: String) throws(IngestConfigurationError) -> Secret {
    do throws(FileBytes.Failure) {
      let bytes = try FileBytes.read(file, max: 4_096)
      let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      guard let end else { throw FileBytes.Failure(message: "is empty") }
      return Secret(bytes: Array(bytes[...end]))
    } catch {
      throw IngestConfigurationError(
        "`\(name(key))`: `\(file)` \(error.message)", hint: "write the secret to that file, and nothing else")
    }
  }

  func wrong(_ key: String, _ expected: String) -> IngestConfigurationError {
    IngestConfigurationError(
      "`\(name(key))` must be \(expected)", hint: "the documentation of `assay ingest` has an example")
  }
}
