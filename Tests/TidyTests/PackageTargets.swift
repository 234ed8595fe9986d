/// The targets of `Package.swift` and what they say they depend on.
struct PackageTargets {
  struct Target {
    /// The folder of its files, with a slash at its end.
    let folder: String
    let dependencies: Set<String>
  }

  let targets: [String: Target]

  /// Reads the targets from the text of `Package.swift`, as the house lays it out.
  init(_ text: String) {
    var targets: [String: Target] = [:]
    for part in text.split(separator: /\n    \.(?=(?:target|executableTarget|testTarget)\()/).dropFirst() {
      guard let name = part.firstMatch(of: /name: "([\w-]+)"/)?.1 else { continue }
      let isTest = part.hasPrefix("testTarget")
      let path = part.firstMatch(of: /path: "([^"]+)"/).map { String($0.1) }
      let list = part.firstMatch(of: /dependencies: \[(?s:(.*?))\n?\s*\](?=[,)])/)?.1 ?? ""
      targets[String(name)] = Target(
        folder: (path ?? (isTest ? "Tests/" : "Sources/") + name) + "/",
        dependencies: Set(list.matches(of: /"(\w+)"/).map { String($0.1) }))
    }
    self.targets = targets
  }

  /// The imports of a file that its target does not name. The build does not know of these: what they import may change
  /// and the file stays as it was compiled before.
  func findings(_ file: Repository.File) -> [Finding] {
    guard let (name, target) = targets.first(where: { file.path.hasPrefix($0.value.folder) }),
      file.path.hasSuffix(".swift")
    else { return [] }
    return ImportRules.imports(file).compactMap { line, module in
      guard targets[module] != nil, module != name, !target.dependencies.contains(module) else { return nil }
      return Finding(
        path: file.path, line: line, message: "`Package.swift` does not say that `\(name)` needs `\(module)`")
    }
  }
}
