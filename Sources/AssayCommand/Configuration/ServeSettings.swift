import Configuration
import Synchronization

/// The settings of a sidecar, merged: flags over the environment over a file over what holds otherwise.
struct ServeSettings {
  /// A value and where it comes from.
  struct Entry {
    let setting: ServeSetting
    let content: ConfigContent?
    /// A flag, a variable, a place in a file, or `default`.
    let source: String
  }

  let entries: [Entry]

  /// Merges; a value that is none of its setting's is told with its source.
  ///
  /// - Parameters:
  ///   - flags: by key, those that were given.
  ///   - environment: all variables; those of other programs are left alone.
  init(
    flags: [String: ConfigContent], environment: [String: String], file: ConfigurationFile?
  ) throws(Stop) {
    let given = flags.map { key, content in
      (AbsoluteConfigKey(key.split(separator: ".").map(String.init)), ConfigValue(content, isSecret: false))
    }
    var variables: [String: String] = [:]
    for setting in ServeSetting.all { variables[setting.variableEnd] = environment[setting.variable] }
    let accesses = Accesses()
    let reader = ConfigReader(
      providers: [
        InMemoryProvider(name: "flags", values: Dictionary(given) { $1 }),
        EnvironmentVariablesProvider(environmentVariables: variables),
        InMemoryProvider(name: "file", values: file?.values ?? [:]),
      ], accessReporter: accesses)
    var entries: [Entry] = []
    for setting in ServeSetting.all {
      let content = Self.read(setting, reader)
      let access = accesses.take()
      let sources = [setting.flag ?? setting.key, setting.variable, file?.place(of: setting) ?? ""]
      if let failed = access.failed { throw Self.wrong(setting, sources[failed]) }
      let source = access.found.map { sources[$0] } ?? "default"
      try Self.check(content, setting, source)
      entries.append(Entry(setting: setting, content: content, source: source))
    }
    self.entries = entries
  }

  private static func read(_ setting: ServeSetting, _ reader: ConfigReader) -> ConfigContent? {
    let key = ConfigKey(setting.components)
    switch setting.kind {
    case .text, .choice:
      return reader.string(forKey: key).map { .string($0) } ?? setting.standard.map { .string($0) }
    case .integer:
      return reader.int(forKey: key).map { .int($0) } ?? setting.standard.flatMap { Int($0) }.map { .int($0) }
    case .number:
      return reader.double(forKey: key).map { .double($0) }
        ?? setting.standard.flatMap { Double($0) }.map { .double($0) }
    case .flag: return .bool(reader.bool(forKey: key) ?? (setting.standard == "true"))
    case .integers: return reader.intArray(forKey: key).map { .intArray($0) }
    }
  }

  private static func check(
    _ content: ConfigContent?, _ setting: ServeSetting, _ source: String
  ) throws(Stop) {
    let isFine =
      switch (setting.kind, content) {
      case (.integer(let range), .int(let number)?): range.contains(number)
      case (.number(let range), .double(let number)?): range.contains(number)
      case (.choice(let names), .string(let name)?): names.contains(name)
      default: true
      }
    if !isFine { throw wrong(setting, source) }
  }

  private static func wrong(_ setting: ServeSetting, _ source: String) -> Stop {
    let isNamed = source == setting.flag || source == setting.variable
    return Stop(
      .input, "\(isNamed ? "`\(source)`" : "\(source): `\(setting.key)`") must be \(setting.kind.noun)",
      hint: "`assay serve --print-config` shows what comes from where")
  }
}

extension ServeSettings {
  private func content(_ key: String) -> ConfigContent? { entries.first { $0.setting.key == key }?.content }

  /// Text, where it is set.
  func text(_ key: String) -> String? {
    if case .string(let text)? = content(key) { text } else { nil }
  }

  /// An integer, where it is set.
  func integer(_ key: String) -> Int? {
    if case .int(let number)? = content(key) { number } else { nil }
  }

  /// A number, where it is set.
  func number(_ key: String) -> Double? {
    if case .double(let number)? = content(key) { number } else { nil }
  }

  /// Whether something is switched on.
  func isOn(_ key: String) -> Bool { content(key) == .bool(true) }

  /// Integers, where they are set.
  func integers(_ key: String) -> [Int]? {
    if case .intArray(let numbers)? = content(key) { numbers } else { nil }
  }

  /// Whether the value was among the command's arguments, which every user of the machine can read.
  func isArgument(_ key: String) -> Bool {
    entries.first { $0.setting.key == key }.map { $0.source == $0.setting.flag } ?? false
  }
}

/// Notes from which provider a value came, for one access after another.
private final class Accesses: AccessReporter {
  struct Access {
    /// The index of the provider that had the value.
    var found: Int?
    /// The index of one that had a value that was none of its kind.
    var failed: Int?
  }

  private let last = Mutex(Access())

  func report(_ event: AccessEvent) {
    var access = Access()
    for (index, answer) in event.providerResults.enumerated() {
      switch answer.result {
      case .success(let lookup): if lookup.value != nil { access.found = access.found ?? index }
      case .failure: access.failed = access.failed ?? index
      }
    }
    if event.conversionError != nil { access.failed = access.failed ?? access.found }
    last.withLock { $0 = access }
  }

  func take() -> Access {
    last.withLock { access in
      defer { access = Access() }
      return access
    }
  }
}
