import ArgumentParser
import Foundation
import Workbench

/// `assay manual FOLDER`
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Writes the manual pages of the command.",
    discussion: """
      One page for each subcommand, for `man`: put them into a folder `man1` of the manual's path.

      Completions are printed by `assay --generate-completion-script`, for bash, zsh and fish.
      """)

  @Argument(help: "The folder to write them into.", completion: .directory)
  var folder: String

  func run() throws {
    let version = AssayCommand.configuration.version.split(separator: " ").last.map(String.init) ?? ""
    let manual = try ManualPages(of: AssayCommand._dumpHelp(), version: version, date: Self.date())
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Stop(.input, "`\(folder)` cannot be made", hint: "name a folder that you may write into")
    }
    for page in manual.pages {
      var file = try BufferedOutput(creating: folder + "/" + page.fileName)
      try file.write { $0 += page.text.utf8 }
      try file.flush()
      try Terminal.print("\(folder)/\(page.fileName)\n")
    }
  }

  /// Today, or what `SOURCE_DATE_EPOCH` says: packages are built twice to the same bytes.
  private static func date() -> String {
    let epoch = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Double.init)
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "MMMM d, yyyy"
    return format.string(from: epoch.map { Date(timeIntervalSince1970: $0) } ?? Date())
  }
}
