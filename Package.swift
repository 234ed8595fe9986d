// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "assay",
  products: [
    .library(name: "Assay", targets: ["Assay"]),
    .library(name: "RedisWindows", targets: ["RedisWindows"]),
    .library(name: "CEL", targets: ["CEL", "CELRegex"]),
    .library(name: "Ingest", targets: ["Ingest"]),
    .executable(name: "assay", targets: ["AssayCommand"]),
    // Not `assay`, which would take the place of the executable; `make library` makes `libassay.so` of it.
    .library(name: "CAssay", type: .dynamic, targets: ["CAssay"]),
    // For `make fuzz`, which links its objects with libFuzzer.
    .library(name: "SidecarFuzz", type: .static, targets: ["SidecarFuzz"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Without its trait for YAML, which brings a second reader of YAML.
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["JSON"]),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // C and C++ libraries of the system, each behind one shim.
    .target(name: "CYAML", linkerSettings: [.linkedLibrary("yaml")]),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CXXHash"),
    .target(name: "CHiredis", linkerSettings: [.linkedLibrary("hiredis")]),
    // What the C library's module leaves out of sockets.
    .target(name: "CSockets"),

    // Dependencies run downwards only; Tests/TidyTests holds that.
    .target(name: "CEL"),
    .target(name: "CELRegex", dependencies: ["CEL", "CRE2"]),
    .target(name: "Events", dependencies: ["CEL", "CSimdjson", "CXXHash"]),
    .target(name: "Windows", dependencies: ["CEL", "Events", "CXXHash"]),
    .target(
      name: "RedisWindows",
      dependencies: [
        "CEL", "Events", "Windows", "CHiredis", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(
      name: "RuleSets",
      dependencies: [
        "CEL", "CELRegex", "Events", "Windows", "OrderedJSON", "CYAML",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Assay",
      dependencies: [
        "CEL", "Events", "Windows", "RuleSets", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // JSON with its members in order and its numbers as written.
    .target(name: "OrderedJSON"),
    .target(
      name: "Ingest",
      dependencies: ["CEL", "Events", "OrderedJSON", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "Workbench",
      dependencies: [
        "CEL", "CELRegex", "Events", "Windows", "OrderedJSON", "RuleSets", "Assay", "Ingest", "CZlib",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      // The report is one file, and so is the binary that writes it.
      resources: [
        .embedInCode("Report/Resources/report.css"), .embedInCode("Report/Resources/report.js"),
      ]),
    .target(
      name: "Sidecar",
      dependencies: [
        "CEL", "Events", "Windows", "RedisWindows", "RuleSets", "Assay", "Ingest", "CSockets",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
      ],
      // In the binary: what is shipped needs no folder beside it.
      resources: [
        .embedInCode("Resources/openapi.json"), .embedInCode("Resources/grafana.json"),
        .embedInCode("Resources/alerts.yaml"),
      ]),
    // `assay.h`, and the few lines of C behind it.
    .target(name: "CAssayInterface"),
    .target(
      name: "CAssay",
      dependencies: [
        "Events", "Windows", "RedisWindows", "RuleSets", "Assay", "CAssayInterface",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .executableTarget(
      name: "AssayCommand",
      dependencies: [
        "CEL", "Ingest", "RuleSets", "Assay", "RedisWindows", "Sidecar", "Workbench",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),

    // Oracles, generators and the contract every window store must pass.
    .target(
      name: "TestSupport", dependencies: ["CEL", "Events", "Windows", "RuleSets", "Assay", "Workbench"],
      path: "Tests/TestSupport"),
    // A connection of the sidecar's without a socket, which a fuzzer feeds.
    .target(
      name: "SidecarFuzz",
      dependencies: [
        "Assay", "RuleSets", "Sidecar", "TestSupport", "Windows",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
      ],
      path: "Tests/SidecarFuzz"),
    // What the fuzzer of expressions feeds, and the tests with what it found.
    .target(
      name: "ExpressionFuzzing", dependencies: ["CEL", "CELRegex"], path: "Tests/ExpressionFuzzing"),
    // A rewards platform's players and frauds, and what rules are worth on them.
    .target(name: "RewardsSimulator", path: "Tests/RewardsSimulator"),
    // What the two programs ask about its streams.
    .target(
      name: "RewardsArguments",
      dependencies: [
        "RewardsSimulator", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/RewardsArguments"),
    .executableTarget(
      name: "rewards-simulator",
      dependencies: [
        "RewardsArguments", "RewardsSimulator",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/RewardsSimulatorCommand"),
    .target(
      name: "RewardsWorth", dependencies: ["RuleSets", "Assay", "Workbench", "RewardsSimulator"],
      path: "Tests/RewardsWorth"),
    .executableTarget(
      name: "rewards-worth",
      dependencies: [
        "RuleSets", "RewardsArguments", "RewardsSimulator", "RewardsWorth",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/RewardsWorthCommand"),
    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    .target(name: "CSpawn", path: "Tests/CSpawn"),
    // Real Redis servers of the tests' own, and a simulated one.
    .target(
      name: "RedisTestSupport",
      dependencies: [
        "CEL", "Events", "Windows", "RedisWindows", "RuleSets", "Assay", "TestSupport", "CSpawn",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Tests/RedisTestSupport"),
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        "CEL", "Events", "Windows", "RuleSets", "Assay", "Workbench", "TestSupport", "CAllocationCount",
      ],
      path: "Tests/Benchmarks", exclude: ["peers"]),
    .target(name: "CRedisLoad", path: "Tests/CRedisLoad"),
    .executableTarget(
      name: "redis-benchmarks",
      dependencies: [
        "CEL", "Events", "Windows", "RedisWindows", "RuleSets", "Assay", "RedisTestSupport", "TestSupport",
        "CRedisLoad",
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Tests/RedisBenchmarks"),
    // Clients that send as fast as they can, and what they measure.
    .target(name: "CSocketLoad", path: "Tests/CSocketLoad"),
    .target(name: "SocketLoad", dependencies: ["CSocketLoad"], path: "Tests/SocketLoad"),
    .executableTarget(
      name: "sidecar-benchmarks",
      dependencies: [
        "RedisWindows", "RuleSets", "Assay", "Sidecar", "RedisTestSupport", "TestSupport", "SocketLoad",
        "CAllocationCount", "CSocketLoad",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "Logging", package: "swift-log"),
      ],
      path: "Tests/SidecarBenchmarks"),
    .testTarget(
      name: "CELTests",
      dependencies: [
        "CEL", "CELRegex", "RuleSets", "Workbench", "ExpressionFuzzing", "TestSupport",
      ]),
    .testTarget(name: "EventsTests", dependencies: ["CEL", "Events", "TestSupport"]),
    .testTarget(name: "WindowsTests", dependencies: ["CEL", "Events", "Windows", "TestSupport"]),
    .testTarget(
      name: "RedisWindowsTests",
      dependencies: [
        "CEL", "Events", "Windows", "RedisWindows", "RuleSets", "Assay", "RedisTestSupport", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    // Faults at random over real servers.
    .testTarget(name: "ChaosTests", dependencies: ["RedisTestSupport", "TestSupport"]),
    .testTarget(
      name: "RuleSetsTests", dependencies: ["CEL", "Events", "Windows", "RuleSets", "TestSupport"]),
    .testTarget(
      name: "AssayTests", dependencies: ["CEL", "Events", "Windows", "RuleSets", "Assay", "TestSupport"]),
    .testTarget(
      name: "IngestTests",
      dependencies: [
        "CEL", "Ingest", "OrderedJSON", "TestSupport", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: [
        "CEL", "Windows", "RedisWindows", "RuleSets", "Assay", "Workbench", "RedisTestSupport", "TestSupport",
        "RewardsSimulator",
      ]),
    .testTarget(
      name: "CommandTests",
      dependencies: ["AssayCommand", "RedisWindows", "Workbench", "RedisTestSupport", "TestSupport"]),
    .testTarget(
      name: "RulesTests",
      dependencies: [
        "Assay", "CEL", "Ingest", "RuleSets", "Workbench", "TestSupport", "RewardsArguments",
        "RewardsSimulator",
        "RewardsWorth", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "SidecarTests",
      dependencies: [
        "AssayCommand", "Sidecar", "Assay", "RedisWindows", "RuleSets", "Workbench", "RedisTestSupport",
        "TestSupport", "SidecarFuzz", "SocketLoad", "CSocketLoad", "Windows", "RewardsSimulator",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .testTarget(
      name: "CAssayTests",
      dependencies: [
        "CAssay", "CAssayInterface", "Windows", "Assay", "RuleSets", "Workbench", "RedisTestSupport",
        "TestSupport", "RewardsSimulator",
      ],
      // Programs in C that the tests compile and run.
      exclude: ["Programs"]),
    .testTarget(name: "TidyTests"),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

// One set of compiler checks for every Swift target.
let checks: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableExperimentalFeature("Lifetimes"),
  .treatAllWarnings(as: .error),
]
let touchesC: Set = [
  "CELRegex", "Events", "Windows", "RedisWindows", "RuleSets", "Sidecar", "Workbench", "CAssay",
]
// Targets of Swift whose names begin like those of C.
let swiftWithC: Set = ["CEL", "CELRegex", "CELTests", "CommandTests", "CAssay", "CAssayTests"]
for target in package.targets
where target.type != .system && !target.name.hasPrefix("C") || swiftWithC.contains(target.name) {
  target.swiftSettings = checks + (touchesC.contains(target.name) ? [.strictMemorySafety()] : [])
}
