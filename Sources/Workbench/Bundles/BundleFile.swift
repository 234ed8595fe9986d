internal import Assay

/// A file of bundles, one a line, plain or gzip; before them the rules that they were recorded under.
package enum BundleFile {
  /// Bytes of a line, its end not counted: an event of the greatest size, escaped, with as much again for its decision,
  /// many times over. What is longer is not recorded.
  package static let lineBytesMax = 67_108_864

  /// A bundle, and its rules where the file holds them.
  package struct Found: Sendable {
    package let bundle: DecisionBundle
    package let rules: RecordedRules?
    /// The number of the line that the rules stand in.
    package let rulesLine: Int
  }

  /// The first bundle of the event with the id, or the only bundle of the file.
  package static func find(_ id: String?, in path: String) throws(ExplainProblem) -> Found {
    let scan: BundleScan
    do {
      scan = try BundleScan(for: id, path)
    } catch {
      throw DecisionBundle.problem(error.description)
    }
    guard let found = scan.found else {
      if let stranger = scan.stranger {
        throw DecisionBundle.problem("`\(path)` holds a line that is no bundle: line \(stranger)")
      }
      throw missing(id, scan, path)
    }
    let bundle: DecisionBundle
    do {
      bundle = try DecisionBundle(line: found)
    } catch {
      throw ExplainProblem(
        message: "`\(path)` holds a line that is no bundle: \(error.message)", hint: error.hint)
    }
    if id == nil && scan.count > 1 {
      throw ExplainProblem(
        message: "`\(path)` has \(scan.count) bundles", hint: "name the event of one with `--event`")
    }
    let rules = scan.rules.flatMap(RecordedRules.init(reading:))
    let isIts = rules?.name == bundle.ruleSet.name && rules?.version == bundle.ruleSet.version
    return Found(bundle: bundle, rules: isIts ? rules : nil, rulesLine: scan.rulesNumber)
  }

  private static func missing(_ id: String?, _ scan: BundleScan, _ path: String) -> ExplainProblem {
    let count = scan.count
    if count == 0 {
      return ExplainProblem(
        message: "`\(path)` has no bundles", hint: "`assay replay --record` writes one for each decision")
    }
    let bundles =
      count == 1 ? "its bundle is another event's" : "none of its \(count) bundles is that event's"
    return ExplainProblem(
      message: "`\(path)` has no bundle of `\(id ?? "")`: \(bundles)",
      hint: scan.near?.hint(among: "its bundles"))
  }
}

/// One way through a file of bundles.
private struct BundleScan {
  private(set) var found: [UInt8]?
  /// The rules that stand before what was found.
  private(set) var rules: [UInt8]?
  private(set) var rulesNumber = 0
  /// What the wanted id may have been meant to be.
  private(set) var near: NearID?
  /// Bundles, and what may be some.
  private(set) var count = 0
  /// The number of the first line that is no bundle.
  private(set) var stranger: Int?

  init(for id: String?, _ path: String) throws(InputError) {
    var reader = try LineReader(opening: path, lineBytesMax: BundleFile.lineBytesMax)
    var start: [UInt8] = []
    if let id {
      DecisionBundle.beginning(of: id, to: &start)
      near = NearID(to: id)
    }
    while found == nil || id == nil, let next = try reader.next() {
      guard case .line = next else {
        count += 1
        stranger = stranger ?? reader.number
        continue
      }
      see([UInt8](copying: reader.line), number: reader.number, id, start)
    }
  }

  private mutating func see(_ line: [UInt8], number: Int, _ id: String?, _ start: [UInt8]) {
    if RecordedRules.isRules(line) {
      if found == nil { (rules, rulesNumber) = (line, number) }
      return
    }
    count += 1
    if Self.isRewritten(line) {
      // Something else has written it anew, with other blanks or in another order.
      let json = try? JSONValue(parsing: String(decoding: line, as: UTF8.self))
      if json?["rules"] != nil, json?["bundle"] == nil {
        count -= 1
        if found == nil { (rules, rulesNumber) = (line, number) }
      } else if let id {
        if json?["bundle"] == nil {
          stranger = stranger ?? number
        } else if json?["event"]?.text?.utf8.elementsEqual(id.utf8) ?? false {
          found = line
        } else if let other = json?["event"]?.text {
          near?.consider(Array(other.utf8)[...])
        }
      } else if count == 1 {
        found = line
      }
    } else if id == nil ? count == 1 : line.starts(with: start) {
      found = line
    } else if let other = Self.event(of: line) {
      near?.consider(other)
    }
  }

  /// The id in a line that was written here, as it stands there; nil for one with escapes.
  private static func event(of line: [UInt8]) -> ArraySlice<UInt8>? {
    let rest = line.dropFirst("{\"bundle\":\(DecisionBundle.form),\"event\":\"".utf8.count)
    let id = rest.prefix { $0 != UInt8(ascii: "\"") }
    return id.contains(UInt8(ascii: "\\")) ? nil : id
  }

  private static func isRewritten(_ line: [UInt8]) -> Bool {
    !line.starts(with: "{\"bundle\":\(DecisionBundle.form),\"event\":".utf8)
  }
}
