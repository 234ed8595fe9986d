// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "assay",
  products: [
    .library(name: "Assay", targets: ["Assay"]),
    .library(name: "RedisWindows", targets: ["RedisWindows"]),
    .library(name: "CEL", targets: ["CEL", "CELRegex"]),
    .executable(name: "assay", targets: ["AssayCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
  ],
  targets: [
    // C and C++ libraries of the system, each behind one shim.
    .target(name: "CYAML", linkerSettings: [.linkedLibrary("yaml")]),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CXXHash"),
    .target(name: "CHiredis", linkerSettings: [.linkedLibrary("hiredis")]),

    // Dependencies run downwards only; Tests/TidyTests holds that.
    .target(name: "CEL"),
    .target(name: "CELRegex", dependencies: ["CEL", "CRE2"]),
    .target(name: "Events", dependencies: ["CEL", "CSimdjson", "CXXHash"]),
    .target(name: "Windows", dependencies: ["CEL", "Events", "CXXHash"]),
    .target(
      name: "RedisWindows",
      dependencies: [
        "Events", "Windows", "CHiredis", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(
      name: "RuleSets",
      dependencies: [
        "CEL", "CELRegex", "Events", "Windows", "CYAML",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Assay",
      dependencies: [
        "CEL", "Events", "Windows", "RuleSets", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "Workbench", dependencies: ["Assay", "CELRegex", "CZlib"]),
    .executableTarget(
      name: "AssayCommand",
      dependencies: [
        "Workbench", "RedisWindows", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Oracles, generators and the contract every window store must pass.
    .target(name: "TestSupport", dependencies: ["Assay"], path: "Tests/TestSupport"),
    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    .target(name: "CSpawn", path: "Tests/CSpawn"),
    // Real Redis servers of the tests' own, and a simulated one.
    .target(
      name: "RedisTestSupport", dependencies: ["RedisWindows", "TestSupport", "Windows", "CSpawn"],
      path: "Tests/RedisTestSupport"),
    .executableTarget(
      name: "benchmarks", dependencies: ["Workbench", "TestSupport", "CAllocationCount"],
      path: "Tests/Benchmarks"),
    .testTarget(name: "CELTests", dependencies: ["CEL", "CELRegex", "RuleSets", "Workbench", "TestSupport"]),
    .testTarget(name: "EventsTests", dependencies: ["Events", "TestSupport"]),
    .testTarget(name: "WindowsTests", dependencies: ["Windows", "TestSupport"]),
    .testTarget(
      name: "RedisWindowsTests",
      dependencies: [
        "RedisWindows", "Assay", "RedisTestSupport", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(name: "RuleSetsTests", dependencies: ["RuleSets", "TestSupport"]),
    .testTarget(name: "AssayTests", dependencies: ["Assay", "CEL", "TestSupport"]),
    .testTarget(
      name: "WorkbenchTests", dependencies: ["Workbench", "RedisWindows", "RedisTestSupport", "TestSupport"]),
    .testTarget(
      name: "CommandTests", dependencies: ["AssayCommand", "Workbench", "RedisTestSupport", "TestSupport"]),
    .testTarget(name: "RulesTests", dependencies: ["Assay", "RuleSets", "Workbench", "TestSupport"]),
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
let touchesC: Set = ["CELRegex", "Events", "Windows", "RedisWindows", "RuleSets", "Workbench"]
for target in package.targets
where target.type != .system && !target.name.hasPrefix("C") || target.name.hasPrefix("CEL")
  || target.name == "CommandTests"
{
  target.swiftSettings = checks + (touchesC.contains(target.name) ? [.strictMemorySafety()] : [])
}
