internal import Foundation
internal import OrderedJSON

/// What is known about the sources: keys, secrets and the publisher's names.
///
/// A JSON file with a member for each source:
/// ```json
/// {"admob-ssv": {"keys": "verifier-keys.json"},
///  "applovin-max": {"event_key": {"env": "APPLOVIN_EVENT_KEY"},
///                   "parameters": {"EVENT_ID": "event", "EVENT_TOKEN": "token", "EVENT_TOKEN_ALL": "all", "USER_ID": "uid"}}}
/// ```
/// Paths in it begin from its own folder. Secrets stand in variables of the environment or in files of their own.
public struct IngestConfiguration: Sendable {
  private static let bytesMax = 1_048_576

  var adMob: AdMobSettings?
  var appLovin: AppLovinSettings?
  var levelPlay: LevelPlaySettings?
  var payPal = PayPalSettings()
  /// What is answered to the ad networks.
  var answers: [IngestSource: AnswerForm] = [:]
  /// Sources whose messages prove nothing by themselves, and that are taken all the same: who hands them over has them
  /// from the vendor.
  var open: Set<IngestSource> = []

  /// Knows the sources that need neither keys nor names.
  public init() { open = Set(IngestSource.allCases.filter(\.isJSON)) }

  /// Reads the file at `path`, and the keys and secrets that it names; all that is missing is told at once.
  /// With `source` only what is said of that one is looked at.
  public init(
    file path: String, environment: [String: String]? = nil, only source: IngestSource? = nil
  ) throws(IngestConfigurationError) {
    let bytes: [UInt8]
    do throws(FileBytes.Failure) {
      bytes = try FileBytes.read(path, max: Self.bytesMax)
    } catch {
      throw IngestConfigurationError("`\(path)` \(error.message)", hint: "name a file that may be read")
    }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    try self.init(
      parsing: String(decoding: bytes, as: UTF8.self),
      folder: path.hasPrefix("/") && folder.isEmpty ? "/" : folder,
      environment: environment ?? ProcessInfo.processInfo.environment, only: source)
  }

  /// Reads a configuration; paths in it begin from `folder`.
  package init(
    parsing text: String, folder: String, environment: [String: String], only wanted: IngestSource? = nil
  ) throws(IngestConfigurationError) {
    let json: JSONValue
    do throws(JSONParseError) {
      json = try JSONValue(parsing: text)
    } catch {
      throw IngestConfigurationError(
        "the configuration of sources: \(error.description)", hint: "it is one JSON object, each key once")
    }
    let context = SettingsObject.Context(folder: folder, environment: environment)
    let sources = IngestSource.allCases.map(\.rawValue)
    let top = try SettingsObject(json, at: "", known: sources, context)
    var problems: [IngestConfigurationError] = []
    for source in IngestSource.allCases where wanted == nil || source == wanted {
      do throws(IngestConfigurationError) {
        try read(source, from: top)
      } catch {
        problems.append(error)
      }
    }
    if let error = IngestConfigurationError(all: problems) { throw error }
  }

  private mutating func read(
    _ source: IngestSource, from top: SettingsObject
  ) throws(IngestConfigurationError) {
    let payPal = ["user_before"]
    let known =
      switch source {
      case .adMob: AdMobSettings.known
      case .appLovin: AppLovinSettings.known
      case .levelPlay: LevelPlaySettings.known
      case .payPalBatch, .payPalWebhook: payPal
      case .giftCard, .playIntegrity, .deviceCheck: [String]()
      }
    let answer = "answer"
    let answers = source.isJSON ? [] : [answer]
    guard let settings = try top.object(source.rawValue, known: known + answers) else { return }
    if source.isJSON {
      open.insert(source)
    } else {
      self.answers[source] = try settings.answer(answer, source)
    }
    switch source {
    case .adMob: adMob = try AdMobSettings(settings)
    case .appLovin: appLovin = try AppLovinSettings(settings)
    case .levelPlay: levelPlay = try LevelPlaySettings(settings)
    case .payPalBatch, .payPalWebhook:
      if let before = try settings.text("user_before") { self.payPal.userBefore = before }
    case .giftCard, .playIntegrity, .deviceCheck: break
    }
  }
}

extension SettingsObject {
  /// LevelPlay insists on an answer of its own, the other networks take any.
  fileprivate func answer(
    _ key: String, _ source: IngestSource
  ) throws(IngestConfigurationError) -> AnswerForm {
    try choice(key, AnswerForm.self) ?? (source == .levelPlay ? .vendor : .decision)
  }
}
