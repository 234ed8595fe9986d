import Foundation
import TestSupport
import Testing
import Workbench

/// A page that is opened in Debian's Chromium by `Tests/ReportPage/page.mjs`.
struct BrowserPage {
  /// Whether both programs are there; `.ci/packages test` installs them.
  static let isInstalled = ["chromium", "node"].allSatisfy { program in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }
  static let absence: Comment = "chromium and node are not installed: `.ci/packages test` does it"

  private struct Step: Encodable {
    var evaluate: String?
    var key: String?
    var code: Int?
    var width: Int?
    var media: String?
    var pdf: String?
  }

  /// What came of the steps.
  struct Found: Decodable {
    let results: [Value]
    /// What the page wrote to the console, errors and violations of its policy included.
    let console: [String]
    /// What it asked of anything but its own file.
    let requests: [String]
  }

  /// What a step gave: a text, texts by name, texts in a row, or nothing.
  enum Value: Decodable, Equatable {
    case text(String)
    case texts([String: String])
    case list([String])
    case nothing

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .nothing
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let list = try? container.decode([String].self) {
        self = .list(list)
      } else {
        self = .texts(try container.decode([String: String].self))
      }
    }
  }

  private var steps: [Step] = []

  /// Evaluates an expression of JavaScript.
  mutating func evaluate(_ expression: String) { steps.append(Step(evaluate: expression)) }

  /// Sets an input as a hand does.
  mutating func set(_ id: String, _ value: String, event: String = "input") {
    evaluate(
      """
      (() => { const input = document.getElementById("\(id)"); input.value = "\(value)"; \
      input.dispatchEvent(new Event("\(event)", { bubbles: true })); return null; })()
      """)
  }

  /// Makes the window so wide, in CSS pixels.
  mutating func resize(width: Int) { steps.append(Step(width: width)) }

  /// What the page is shown on: `dark`, `light` or `print`.
  mutating func show(on media: String) { steps.append(Step(media: media)) }

  /// Prints the page into a file.
  mutating func print(to path: String) { steps.append(Step(pdf: path)) }

  /// Presses a key; `code` is its number in browsers.
  mutating func press(_ key: String, code: Int) { steps.append(Step(key: key, code: code)) }

  /// Reads every figure that follows the thresholds.
  mutating func readFigures() {
    evaluate(
      """
      Object.fromEntries(Array.from(document.querySelectorAll("[data-figure]"), \
      (figure) => [figure.dataset.figure, figure.textContent]))
      """)
  }

  /// Opens `html` and does it all.
  func run(_ html: String) throws -> Found {
    let folder = try TemporaryFolder()
    let page = try folder.write("page.html", html)
    let script = SharedData.projectRoot.appending(path: "Tests/ReportPage/page.mjs").path
    let steps = try folder.write("steps.json", String(decoding: JSONEncoder().encode(steps), as: UTF8.self))
    let output = try folder.write("found.json", "")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["node", script, page]
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: steps))
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the browser failed: see what it wrote above")
    return try JSONDecoder().decode(Found.self, from: Data(contentsOf: URL(filePath: output)))
  }
}
