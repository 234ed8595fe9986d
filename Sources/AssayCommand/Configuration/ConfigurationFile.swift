import CEL
import Configuration
import RedisWindows
import Workbench

/// A JSON file with settings. Every key in it is one that exists, and has a value of its kind.
struct ConfigurationFile {
  let path: String
  /// The values as the package for configuration takes them.
  private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]
  private let text: String

  /// Reads and checks the file at `path`.
  init(_ path: String) throws(Stop) {
    self.path = path
    do {
      text = String(decoding: try SmallFile.bytes(of: path), as: UTF8.self)
    } catch {
      throw Stop(.input, "`--config`: \(error.description)", hint: error.hint)
    }
    let value: JSONValue
    do throws(JSONParseError) {
      value = try JSONValue(parsing: text)
    } catch {
      let place = Self.place(error.offset, in: text)
      throw Stop(
        .input, "\(path):\(place): \(error.isDuplicate ? error.message : "not JSON: " + error.message)",
        hint: "a configuration is one JSON object, each key once")
    }
    guard case .object(let members) = value else {
      throw Stop(.input, "\(path):1:1: a configuration is one JSON object", hint: #"such as {"socket": "…"}"#)
    }
    try take(members, below: [])
  }

  /// The place of a setting: file, line and column.
  func place(of setting: ServeSetting) -> String { "\(path):\(place(of: setting.components))" }

  private mutating func take(_ members: [JSONValue.Member], below parents: [String]) throws(Stop) {
    for member in members {
      let components = parents + [member.key]
      let key = components.joined(separator: ".")
      if let setting = ServeSetting.all.first(where: { $0.key == key }) {
        values[AbsoluteConfigKey(components)] = try value(member.value, of: setting, components)
      } else if case .object(let inner) = member.value, Self.isGroup(key) {
        try take(inner, below: components)
      } else {
        throw unknown(key, components)
      }
    }
  }

  private static func isGroup(_ key: String) -> Bool {
    ServeSetting.all.contains { $0.key.hasPrefix(key + ".") }
  }

  private func unknown(_ key: String, _ components: [String]) -> Stop {
    let names = ServeSetting.all.map(\.key)
    let nearest = DidYouMean.nearest(to: key, among: names)
    return Stop(
      .input, "\(path):\(place(of: components)): there is no setting `\(key)`",
      hint: nearest.map { "did you mean `\($0)`?" } ?? "`assay serve RULES --print-config` shows all of them")
  }

  private func value(
    _ value: JSONValue, of setting: ServeSetting, _ components: [String]
  ) throws(Stop) -> ConfigValue {
    switch (setting.kind, value) {
    case (.text, .string(let text)), (.choice, .string(let text)):
      return ConfigValue(.string(text), isSecret: false)
    case (.flag, .bool(let bool)): return ConfigValue(.bool(bool), isSecret: false)
    case (.integer, .number(let digits)):
      if let number = Int(digits) { return ConfigValue(.int(number), isSecret: false) }
    case (.number, .number(let digits)):
      if let number = Double(digits) { return ConfigValue(.double(number), isSecret: false) }
    case (.integers, .array(let elements)):
      let numbers = elements.compactMap { element -> Int? in
        if case .number(let digits) = element { Int(digits) } else { nil }
      }
      if numbers.count == elements.count { return ConfigValue(.intArray(numbers), isSecret: false) }
    default: break
    }
    throw Stop(
      .input, "\(path):\(place(of: components)): `\(setting.key)` must be \(setting.kind.noun)",
      hint: "the documentation of the sidecar has a table of all settings")
  }

  /// Where the last of these keys stands: keys are unique below one another, and each is followed by a colon.
  private func place(of components: [String]) -> String {
    var rest = text[...]
    var found = text.startIndex
    for component in components {
      let quoted = JSONValue.string(component).encoded()
      while let range = rest.firstRange(of: quoted) {
        rest = text[range.upperBound...]
        found = range.lowerBound
        if rest.drop(while: \.isWhitespace).first == ":" { break }
      }
    }
    return Self.place(text.utf8.distance(from: text.startIndex, to: found), in: text)
  }

  private static func place(_ offset: Int, in text: String) -> String {
    let before = text.utf8.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) } ?? before.startIndex
    return "\(line):\(String(decoding: before[start...], as: UTF8.self).count + 1)"
  }
}

extension ServeSetting.Kind {
  /// What a value must be, in words.
  var noun: String {
    switch self {
    case .text: "text"
    case .integer(let range): "an integer between \(range.lowerBound) and \(range.upperBound)"
    case .number(let range): "a number between \(range.lowerBound) and \(range.upperBound)"
    case .flag: "true or false"
    case .integers: "a list of integers"
    case .choice(let names): "one of \(names.map { "`\($0)`" }.joined(separator: ", "))"
    }
  }
}
