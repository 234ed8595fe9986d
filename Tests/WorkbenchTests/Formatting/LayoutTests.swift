import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

struct LayoutTests {
  private func laidOut(_ text: String) -> String? {
    guard case .laidOut(let bytes) = RuleFileLayout.lay(out: Array(text.utf8), file: "rules.yaml") else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What moves as a whole.
  private static let second = """
    # about the next
    - id: second
      title: "two
        lines"
      family: device
      on: [payout.requested,
         reward.granted]   # in brackets
      when: 'a'
      score: 4

    """

  @Test func aFileOfEveryKindOfDisorder() {
    let text = """
      \u{FEFF}

      # about the file\r
      rules:


      -   title: One payout receiver, many players   \r
          # about the id
          id: shared-receiver
          family:   velocity      # kept
          when: >-
             users_per_receiver >= 4

               && true
          on: payout.requested
          decide: block

      """ + Self.second + "      # trailing\n"
    #expect(
      laidOut(text) == """
        # about the file
        rules:
          # about the id
          - id: shared-receiver
            title: One payout receiver, many players
            family:   velocity      # kept
            on: payout.requested
            when: >-
              users_per_receiver >= 4

                && true
            decide: block

        """ + Self.second.split(separator: "\n").map { "  \($0)\n" }.joined() + "    # trailing\n")
  }

  @Test func blocksKeepTheirText() {
    let text = """
      rules:
      - id: a
        reason: |+
            kept  \n\n
        title: b
      - id: b
        reason: |2
            explicit
        description: |-

          first line empty
            more
      """
    let result = laidOut(text)
    #expect(
      result == """
        rules:
          - id: a
            title: b
            reason: |+
              kept  \n\n
          - id: b
            reason: |2
                explicit
            description: |-

              first line empty
                more

        """)
  }

  @Test func testsAndFeaturesHaveOneOrder() {
    #expect(
      laidOut(
        """
        features:
          a: {over: 1h, count: any, by: user.id}
          b:
             by: user.id
             over: 1h
             # what it counts
             count: any
        """)
          == """
          features:
            a: {over: 1h, count: any, by: user.id}
            b:
              # what it counts
              count: any
              by: user.id
              over: 1h

          """)
    #expect(
      laidOut(
        """
        tests:
        - events:
          - expect: {fired: []}
            with:
                b: 1
                a: 2
            type: a
          name: x
        - {name: y, events: []}
        """)
          == """
          tests:
            - name: x
              events:
                - type: a
                  with:
                    b: 1
                    a: 2
                  expect: {fired: []}
            - {name: y, events: []}

          """)
  }

  @Test func rulesThatArePartedArePartedEverywhere() {
    let head = "rules:\n  - id: a\n    score: 1\n"
    let tail = "  # of c\n  - id: c\n    score: 1\n"
    #expect(laidOut(head + "  - id: b\n" + tail) == head + "  - id: b\n" + tail)
    #expect(laidOut(head + "\n\n\n  - id: b\n" + tail) == head + "\n  - id: b\n\n" + tail)
  }

  /// What the author of a file chose stays: no key of theirs is moved.
  @Test func namesStayInTheirOrder() {
    let text = "fields:\n  b: {type: int}\n  a: {type: int}\nevent: {id: id}\n"
    #expect(laidOut(text) == text)
  }

  @Test func whatIsNoYAMLIsTold() {
    guard case .unreadable(let findings, _) = RuleFileLayout.lay(out: Array("a: [".utf8), file: "x.yaml")
    else {
      Issue.record("read")
      return
    }
    #expect(findings.all.map(\.code) == ["yaml-syntax"])
  }

  @Test(arguments: ["", "# nothing\n", "just text\n", "[a, b]\n", "---\na: 1\n"])
  func smallFiles(_ text: String) { #expect(laidOut(text) == text) }

  /// The files that ship are laid out; every other one means the same afterwards.
  @Test func filesOfTheRepository() throws {
    let files = YAMLFiles.all(below: "Rules") + YAMLFiles.all(below: "Fixtures") + (try YAMLFiles.readme())
    #expect(files.count > 150)
    for file in files {
      switch RuleFileLayout.lay(out: file.bytes, file: file.path) {
      case .laidOut(let bytes):
        try expectSame(file.bytes, bytes, "\(file)")
        if file.path.hasPrefix("Rules/") { #expect(bytes == file.bytes, "`assay fmt` changes \(file)") }
      case .unreadable: #expect(YAMLFiles.tree(file.bytes) == nil, "\(file)")
      case .leftAlone: Issue.record("\(file) is left alone")
      }
    }
  }

  /// The same values and the same comments, and laid out again the same bytes.
  private func expectSame(_ before: [UInt8], _ after: [UInt8], _ name: String) throws {
    func sorted(_ value: JSONValue) -> JSONValue {
      switch value {
      case .object(let members):
        .object(members.map { .init($0.key, sorted($0.value)) }.sorted { $0.key < $1.key })
      case .array(let elements): .array(elements.map(sorted))
      default: value
      }
    }
    let (left, right) = (try #require(YAMLFiles.tree(before)), try #require(YAMLFiles.tree(after)))
    #expect(sorted(YAMLFiles.json(left)) == sorted(YAMLFiles.json(right)), "\(name)")
    guard case .laidOut(let again) = RuleFileLayout.lay(out: after, file: "again.yaml") else {
      Issue.record("\(name) is not read again")
      return
    }
    #expect(again == after, "\(name) is not stable")
  }

  /// Files of the repository with their lines pushed about, as hands would: they come back to one layout.
  @Test func disorderComesToOneLayout() throws {
    let seed = UInt64.random(in: 1...UInt64.max)
    print("layout seed: \(seed)")
    var generator = SeededGenerator(seed: seed)
    let files = YAMLFiles.all(below: "Rules").filter { $0.bytes.count < 20_000 }
    for file in files {
      for _ in 0..<6 {
        let messy = Disorder.applied(to: file.bytes, &generator)
        guard let tree = YAMLFiles.tree(messy), let plain = YAMLFiles.tree(file.bytes),
          YAMLFiles.json(tree) == YAMLFiles.json(plain)
        else { continue }
        guard case .laidOut(let bytes) = RuleFileLayout.lay(out: messy, file: file.path) else {
          Issue.record("\(file), seed \(seed): left alone")
          continue
        }
        try expectSame(messy, bytes, "\(file), seed \(seed)")
      }
    }
  }

  /// Rule sets decide the same before and after.
  @Test(arguments: ["Rules/rewards", "Rules/handbook", "Fixtures/commands/rules/small"])
  func decisionsStay(_ folder: String) throws {
    let path = SharedData.projectRoot.appending(path: folder).path
    var generator = SeededGenerator(seed: 7)
    var replaced: [String: [UInt8]] = [:]
    for file in YAMLFiles.all(below: folder) {
      let messy = Disorder.applied(to: file.bytes, &generator)
      guard case .laidOut(let bytes) = RuleFileLayout.lay(out: messy, file: file.path) else { continue }
      replaced[String(file.path.dropFirst(folder.count + 1))] = bytes
    }
    let before = try #require(RuleSetLoader.load(folder: path).ruleSet)
    let after = try #require(RuleSetLoader.load(folder: path, replacing: replaced).ruleSet)
    #expect(before.rules.map(\.id) == after.rules.map(\.id))
    #expect(before.rules.map(\.source) == after.rules.map(\.source))
    #expect(before.features.map(\.name) == after.features.map(\.name))
    let (first, second) = (try TestRunner(rules: before).run(), try TestRunner(rules: after).run())
    #expect(first.results.map(\.name) == second.results.map(\.name))
    #expect(first.failureCount == second.failureCount)
  }
}

/// Disorder that changes no meaning: deeper indentation, spaces behind dashes and at the ends of lines, empty lines,
/// comments, other line ends.
enum Disorder {
  static func applied(to bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    let factor = Int.random(in: 1...3, using: &generator)
    let lineEnd = Int.random(in: 0..<4, using: &generator) == 0 ? "\r\n" : "\n"
    var result = ""
    for line in String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      let lead = line.prefix { $0 == " " }.count
      var rest = String(line.dropFirst(lead))
      let indent = String(repeating: " ", count: lead * factor)
      if rest.hasPrefix("- "), factor > 1 {
        rest = "- " + String(repeating: " ", count: 2 * factor - 2) + rest.dropFirst(2)
      }
      switch Int.random(in: 0..<12, using: &generator) {
      case 0 where rest.contains(": "): rest += "   "
      case 1 where rest.hasSuffix(":") || rest.isEmpty: result += lineEnd
      case 2 where rest.hasPrefix("- id:"): result += indent + "# a remark" + lineEnd
      default: break
      }
      result += (rest.isEmpty ? "" : indent) + rest + lineEnd
    }
    return Array(result.utf8)
  }
}
