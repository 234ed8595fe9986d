/// Which module may import which: dependencies point one way.
enum ImportRules {
  /// By folder of `Sources`: the modules of the house and the products of others that it may import.
  static let allowed: [String: Set<String>] = [
    "CEL": [],
    "CELRegex": ["CEL", "CRE2"],
    "Events": ["CEL", "CSimdjson", "CXXHash"],
    "Windows": ["CEL", "Events", "CXXHash"],
    "RedisWindows": [
      "CEL", "Events", "Windows", "CHiredis", "NIOCore", "NIOPosix", "NIOSSL",
    ],
    "RuleSets": ["CEL", "CELRegex", "Events", "Windows", "OrderedJSON", "CYAML", "Crypto"],
    "Assay": ["CEL", "Events", "Windows", "RuleSets", "Crypto"],
    "OrderedJSON": [],
    "Ingest": ["CEL", "Events", "OrderedJSON", "Crypto"],
    "Workbench": [
      "CEL", "CELRegex", "Events", "Windows", "OrderedJSON", "RuleSets", "Assay", "Ingest", "CZlib", "Crypto",
    ],
    "Sidecar": [
      "CEL", "Events", "Windows", "RuleSets", "Assay", "Ingest", "RedisWindows", "CSockets", "NIOCore",
      "NIOPosix",
      "NIOHTTP1",
      "CoreMetrics", "Logging",
    ],
    "AssayCommand": [
      "CEL", "Ingest", "RuleSets", "Assay", "RedisWindows", "Sidecar", "Workbench", "ArgumentParser",
      "Configuration", "Logging", "UnixSignals",
    ],
    "CAssay": [
      "Events", "Windows", "RedisWindows", "RuleSets", "Assay", "CAssayInterface", "NIOCore", "NIOPosix",
    ],
    "CAssayInterface": [],
    "CYAML": [], "CSimdjson": [], "CRE2": [], "CZlib": [], "CXXHash": [], "CHiredis": [],
    "CSockets": [],
  ]

  /// What comes with the toolchain. `CEL` stands alone, without input or output: it gets nothing but the language.
  static let toolchain: Set<String> = [
    "Glibc", "Foundation", "FoundationEssentials", "Synchronization", "Dispatch",
  ]

  /// The imports of a Swift file in `Sources` that run the wrong way.
  static func findings(_ file: Repository.File) -> [Finding] {
    let parts = file.path.split(separator: "/")
    guard parts.count > 2, parts[0] == "Sources", file.path.hasSuffix(".swift") else { return [] }
    let module = String(parts[1])
    guard let allowed = allowed[module] else {
      return [
        Finding(path: file.path, line: 1, message: "the test does not know what `\(module)` may import")
      ]
    }
    return imports(file).compactMap { line, name in
      if allowed.contains(name) || module != "CEL" && toolchain.contains(name) { return nil }
      return Finding(path: file.path, line: line, message: "`\(module)` may not import `\(name)`")
    }
  }

  /// The modules that a Swift file imports, with their lines.
  static func imports(_ file: Repository.File) -> [(line: Int, module: String)] {
    let statement =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|typealias)\s+)?(\w+)/
    return SwiftText(file.bytes).codeLines.enumerated().compactMap { index, line in
      line.firstMatch(of: statement).map { (index + 1, String($0.1)) }
    }
  }
}
