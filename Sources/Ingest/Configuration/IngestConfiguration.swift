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
  /// Sources whose messages prove nothing by themselves, and that are taken all the same: who hands them over has them
  /// from the vendor.
  var open: Set<IngestSource> = []

  /// Knows the sources that need neither keys nor names.
  public init() { open = Set(IngestSource.allCases.filter(\.isJSON)) }

  /// Reads the file at `path`, and the keys and secrets that it names.
  public init(
    file path: String, environment: [String: String]? = nil
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
      environment: environment ?? ProcessInfo.processInfo.environment)
  }

  /// Reads a configuration; paths in it begin from `folder`.
  package init(
    parsing text: String, folder: String, environment: [String: String]
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
    adMob = try top.object(IngestSource.adMob.rawValue, known: AdMobSettings.known).map(AdMobSettings.init)
    appLovin = try top.object(IngestSource.appLovin.rawValue, known: AppLovinSettings.known)
      .map(AppLovinSettings.init)
    levelPlay = try top.object(IngestSource.levelPlay.rawValue, known: LevelPlaySettings.known)
      .map(LevelPlaySettings.init)
    for source in IngestSource.allCases where source.isJSON {
      let isPayPal = source == .payPalBatch || source == .payPalWebhook
      guard let settings = try top.object(source.rawValue, known: isPayPal ? ["user_before"] : []) else {
        continue
      }
      open.insert(source)
      if let before = try settings.text("user_before") { payPal.userBefore = before }
    }
  }
}
