import ArgumentParser

/// How much memory windows may take.
struct MemoryArguments: ParsableArguments {
  private static let mebibytes = 1...1_048_576

  @Option(
    help: ArgumentHelp(
      """
      The memory that windows may take, where they are in memory; MiB. Where a stream needs more, some windows are \
      unknown, and the decisions say so.
      """, valueName: "mib"))
  var memory = 1024

  func validate() throws {
    guard Self.mebibytes.contains(memory) else {
      throw ValidationError(
        "`--memory` is a number of MiB from \(Self.mebibytes.lowerBound) to \(Self.mebibytes.upperBound), not \(memory)"
      )
    }
  }

  /// The bound in bytes.
  var bytesMax: Int { memory << 20 }
}
