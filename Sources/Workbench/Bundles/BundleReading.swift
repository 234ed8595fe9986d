internal import Assay
internal import Windows

extension DecisionBundle {
  /// Reads a line that `write` has written, or one that says the same.
  package init(line: [UInt8]) throws(ExplainProblem) {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: String(decoding: line, as: UTF8.self))
    } catch {
      throw Self.problem(error.description)
    }
    switch json["bundle"] {
    case .number(Self.form)?: break
    case nil: throw Self.problem("it has no member `bundle`")
    default: throw Self.problem("it is of a form that this version does not know")
    }
    guard let event = json["event"]?.text, let input = json["input"]?.text,
      let name = json["ruleset"]?["name"]?.text, let version = json["ruleset"]?["version"]?.text,
      let features = json["features"]?.array, let decision = json["decision"]
    else { throw Self.problem("a member is missing or of the wrong type") }
    var read: [Feature] = []
    for feature in features {
      guard let found = FeatureSlot.read(feature) else {
        throw Self.problem("the feature `\(feature["name"]?.text ?? "")` has no value of its type")
      }
      read.append(found)
    }
    self.event = event
    self.input = input
    ruleSet = Decision.Identity(name: name, version: version)
    self.features = read
    isLate = json["late"]?.bool ?? false
    isRecomputed = json["recomputed"]?.bool ?? false
    hasAllFeatures = json["all_features"]?.bool ?? false
    failure = json["failure"].flatMap { failure in
      StoreFailure(
        code: failure["code"]?.text.flatMap(StoreFailure.Code.init(rawValue:)) ?? .unavailable,
        message: failure["message"]?.text ?? "")
    }
    breaker = decision["breaker"].flatMap(Self.breaker)
    self.decision = decision
  }

  private static func breaker(_ json: JSONValue) -> Decision.BreakerChange? {
    guard let outcome = json["instead_of"]?.text.flatMap(Outcome.init(rawValue:)),
      case .number(let blocks)? = json["blocks"], let blocks = Int(blocks),
      case .number(let decisions)? = json["decisions"], let decisions = Int(decisions)
    else { return nil }
    return Decision.BreakerChange(insteadOf: outcome, blocks: blocks, decisions: decisions)
  }

  fileprivate static func problem(_ message: String) -> ExplainProblem {
    ExplainProblem(message: message, hint: "name a file that `assay replay --record` has written")
  }
}

/// A file of bundles, one a line, plain or gzip.
package enum BundleFile {
  /// The first bundle of the event with the id, or the only bundle of the file.
  package static func find(_ id: String?, in path: String) throws(ExplainProblem) -> DecisionBundle {
    let scan: Scan
    do {
      scan = try Self.scan(for: id, path)
    } catch {
      throw DecisionBundle.problem(error.description)
    }
    guard let found = scan.found else {
      if let stranger = scan.stranger {
        throw DecisionBundle.problem("`\(path)` holds a line that is no bundle: line \(stranger)")
      }
      throw missing(id, scan.count, path)
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
    return bundle
  }

  private struct Scan {
    var found: [UInt8]?
    var count = 0
    /// The number of the first line that is no bundle.
    var stranger: Int?
  }

  private static func scan(for id: String?, _ path: String) throws(InputError) -> Scan {
    var scan = Scan()
    var reader = try LineReader(opening: path)
    var start: [UInt8] = []
    if let id { DecisionBundle.beginning(of: id, to: &start) }
    while scan.found == nil || id == nil, let next = try reader.next() {
      scan.count += 1
      guard case .line = next else { continue }
      let line = [UInt8](copying: reader.line)
      guard let id else {
        if scan.count == 1 { scan.found = line }
        continue
      }
      if line.starts(with: start) {
        scan.found = line
      } else if isRewritten(line) {
        // Something else has written it anew, with other blanks or in another order.
        let json = try? JSONValue(parsing: String(decoding: line, as: UTF8.self))
        if json?["bundle"] == nil {
          scan.stranger = scan.stranger ?? reader.number
        } else if json?["event"]?.text?.utf8.elementsEqual(id.utf8) ?? false {
          scan.found = line
        }
      }
    }
    return scan
  }

  private static func isRewritten(_ line: [UInt8]) -> Bool {
    !line.starts(with: "{\"bundle\":\(DecisionBundle.form),\"event\":".utf8)
  }

  private static func missing(_ id: String?, _ count: Int, _ path: String) -> ExplainProblem {
    if count == 0 {
      return ExplainProblem(
        message: "`\(path)` has no bundles", hint: "`assay replay --record` writes one for each decision")
    }
    let bundles =
      count == 1 ? "its bundle is another event's" : "none of its \(count) bundles is that event's"
    return ExplainProblem(message: "`\(path)` has no bundle of `\(id ?? "")`: \(bundles)", hint: nil)
  }
}
