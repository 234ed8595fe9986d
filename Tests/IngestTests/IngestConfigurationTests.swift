import Foundation
import Ingest
import TestSupport
import Testing

@Suite struct IngestConfigurationTests {
  private func message(_ text: String, _ environment: [String: String] = ["K": "secret-of-a-test"]) -> String?
  {
    do throws(IngestConfigurationError) {
      _ = try IngestConfiguration(parsing: text, folder: "/nowhere", environment: environment)
      return nil
    } catch {
      #expect(!"\(error) \(error.hint)".contains("secret-of-a-test"))
      return error.message
    }
  }

  @Test func mistakesAreNamed() {
    let names = #""parameters": {"EVENT_ID": "e", "EVENT_TOKEN_ALL": "t", "USER_ID": "u"}"#
    let cases: [(String, String)] = [
      ("[]", "the configuration of sources must be an object"),
      ("{", "the configuration of sources: not JSON: an object's key must be a string at byte 1"),
      (#"{"admob": {}}"#, "there is no setting `admob`"),
      (#"{"admob-ssv": []}"#, "`admob-ssv` must be an object"),
      (#"{"admob-ssv": {}}"#, "`admob-ssv.keys` must be the path of Google's verifier-keys.json"),
      (#"{"admob-ssv": {"keys": "k.json"}}"#, "`admob-ssv.keys`: `/nowhere/k.json`: is not there"),
      (#"{"admob-ssv": {"key": "k.json"}}"#, "there is no setting `admob-ssv.key`"),
      (
        #"{"applovin-max": {\#(names)}}"#,
        #"`applovin-max.event_key` must be {"env": "NAME"} or {"file": "path"}"#
      ),
      (
        #"{"applovin-max": {\#(names), "event_key": "secret-of-a-test"}}"#,
        "`applovin-max.event_key` must not be in the configuration itself"
      ),
      (
        #"{"applovin-max": {\#(names), "event_key": {"env": "MISSING"}}}"#,
        "`applovin-max.event_key`: the variable `MISSING` is not set"
      ),
      (
        #"{"applovin-max": {\#(names), "event_key": {"file": "secret"}}}"#,
        "`applovin-max.event_key`: `/nowhere/secret` is not there"
      ),
      (
        #"{"applovin-max": {"event_key": {"env": "K"}, "parameters": {"EVENT_ID": "e"}}}"#,
        "`applovin-max.parameters` does not name the parameter of `EVENT_TOKEN_ALL`"
      ),
      (
        #"{"applovin-max": {"event_key": {"env": "K"}, "parameters": {"EVENT_ID": "e", "USER_ID": "e"}}}"#,
        "`applovin-max.parameters.USER_ID`: `e` is the name of another already"
      ),
      (
        #"{"applovin-max": {\#(names), "event_key": {"env": "K"}, "token": "none"}}"#,
        "`applovin-max.token` must be one of `all`, `event`"
      ),
      (
        #"{"applovin-max": {\#(names), "event_key": {"env": "K"}, "forms": {"TS": {"length": [3, 2]}}}}"#,
        "`applovin-max.forms.TS.length` must be a number of bytes, or a list of the least and the most"
      ),
      (
        #"{"applovin-max": {\#(names), "event_key": {"env": "K"}, "user": {"parameter": "CUSTOM_DATA"}}}"#,
        "`applovin-max.user.parameter`: no parameter is mapped for `CUSTOM_DATA`"
      ),
      (
        #"{"levelplay": {"parameters": {"USER_ID": "u", "REWARDS": "r", "EVENT_ID": "e"}}}"#,
        "`levelplay` has no `private_key`: no callback could be verified"
      ),
      (
        #"{"levelplay": {"unsigned": "accept", "parameters": {"USER_ID": "u", "REWARDS": "r"}}}"#,
        "`levelplay.parameters` does not name the parameter of `EVENT_ID`"
      ),
      (
        #"{"levelplay": {"private_key": {"env": "K"}, "user": {"parameter": "ITEM_NAME"}, "parameters": "#
          + #"{"USER_ID": "u", "REWARDS": "r", "EVENT_ID": "e", "ITEM_NAME": "i"}}}"#,
        "`levelplay.user.parameter` must be `USER_ID`: LevelPlay signs nothing else that could name the user"
      ),
      (
        #"{"levelplay": {"private_key": {"env": "secret-of-a-test"}, "parameters": {}}}"#,
        "`levelplay.private_key`: the variable that `env` names is not set"
      ),
    ]
    for (text, expected) in cases { #expect(message(text) == expected) }
  }

  @Test func allThatIsMissingIsNamedAtOnce() {
    let names = #""parameters": {"EVENT_ID": "e", "EVENT_TOKEN_ALL": "t", "USER_ID": "u"}"#
    let cases: [(String, String)] = [
      (
        #"{"admob-ssv": {"keys": "k.json"}, "agcod": {"x": 1}, "applovin-max": {\#(names), "#
          + #""event_key": {"env": "A"}}, "levelplay": {"private_key": {"env": "B"}, "parameters": {}}}"#,
        "`admob-ssv.keys`: `/nowhere/k.json`: is not there; `applovin-max.event_key`: the variable `A` is not set; "
          + "`levelplay.private_key`: the variable `B` is not set; there is no setting `agcod.x`"
      ),
      (
        #"{"levelplay": {"unsigned": "accept", "answer": "none", "parameters": "#
          + #"{"USER_ID": "u", "REWARDS": "r", "EVENT_ID": "e"}}}"#,
        "`levelplay.answer` must be one of `vendor`, `decision`"
      ),
      (#"{"agcod": {"answer": "vendor"}}"#, "there is no setting `agcod.answer`"),
    ]
    for (text, expected) in cases { #expect(message(text) == expected) }
  }

  @Test func whatIsNotConfiguredSaysSo() {
    guard let none = try? IngestConfiguration(parsing: "{}", folder: "", environment: [:]) else { return }
    let ingestion = Ingestion(none)
    for source in IngestSource.allCases {
      let refusal = ingestion.refusal("a=1", source)
      #expect(refusal?.code == .notConfigured)
      #expect(refusal?.kind == .unconfigured)
    }
  }

  /// What is asked for is all that has to be there.
  @Test func oneSourceAlone() throws {
    let text =
      #"{"admob-ssv": {"keys": "k.json"}, "levelplay": {"unsigned": "accept", "parameters": "#
      + #"{"USER_ID": "u", "REWARDS": "r", "EVENT_ID": "e"}}}"#
    let folder = try RuleSetFolder(["ingest.json": text])
    let path = folder.url.appending(path: "ingest.json").path
    let ingestion = Ingestion(try IngestConfiguration(file: path, only: .levelPlay))
    let event = try ingestion.event("u=a&r=1&e=e1", .levelPlay)
    #expect(ingestion.acknowledgement(of: event, from: .levelPlay) == "e1:OK")
    #expect(throws: IngestConfigurationError.self) { try IngestConfiguration(file: path) }
  }

  @Test func sourcesAreFoundByTheirVendors() {
    let all = "the sources are " + IngestSource.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    for (name, hint) in [
      ("admob", "did you mean `admob-ssv`?"), ("agob", "did you mean `agcod`?"),
      ("agcd", "did you mean `agcod`?"),
      ("AppLovin", "did you mean `applovin-max`?"),
      ("paypal", "did you mean `paypal-webhook` or `paypal-batch`?"),
      ("ironsource", "did you mean `levelplay`?"), ("levelpaly", "did you mean `levelplay`?"),
      ("play", "did you mean `play-integrity`?"), ("zzz", all), ("", all),
      (String(repeating: "x", count: 100_000), all),
    ] { #expect(IngestSource.hint(for: name) == hint, "\(name.prefix(20))") }
  }

  @Test func aFileAndItsSecrets() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-ingest-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data((Callbacks.privateKey + "\n").utf8).write(to: folder.appending(path: "key"))
    let text =
      #"{"levelplay": {"private_key": {"file": "key"}, "forms": {"EVENT_ID": {"length": 8}, "USER_ID": {"length": 6}}, "#
      + #""parameters": {"USER_ID": "appUserId", "REWARDS": "rewards", "EVENT_ID": "eventId"}}}"#
    let path = folder.appending(path: "ingest.json")
    try Data(text.utf8).write(to: path)
    let ingestion = Ingestion(try IngestConfiguration(file: path.path))
    #expect(try ingestion.event(Callbacks.levelPlay(), .levelPlay).id == "levelplay:ev123456")
    #expect(throws: IngestConfigurationError.self) { try IngestConfiguration(file: path.path + "x") }
  }

  /// A configuration that is shown, by a mistake or in a crash, shows no secret.
  @Test func secretsAreNotShown() throws {
    let text =
      #"{"levelplay": {"private_key": {"env": "K"}, "#
      + #""parameters": {"USER_ID": "u", "REWARDS": "r", "EVENT_ID": "e"}}}"#
    let configuration = try IngestConfiguration(
      parsing: text, folder: "", environment: ["K": "secret-of-a-test"])
    var shown = "\(configuration)"
    dump(configuration, to: &shown)
    let bytes = Array("secret-of-a-test".utf8).map { "\($0)" }
    #expect(!shown.contains("secret-of-a-test"))
    #expect(!shown.contains(bytes.joined(separator: ", ")))
  }
}
