import ArgumentParser
import RuleSets
import Workbench

/// What is known of the truth, and which field is the money at stake.
struct WorthArguments: ParsableArguments {
  @Option(
    help: """
      What the events were in truth: NDJSON ({"event":ID,"fraud":KIND}, also true and false) or CSV \
      (event,label), plain or gzip; - is standard input.
      """, completion: .file())
  var labels: String?

  @Option(
    help: """
      What an event is that has no label: honest or unknown. Left out: unknown where the file calls any event honest, else \
      honest.
      """)
  var unlabelled: UnlabelledTruth?

  @Option(
    help: "The field that is the money at stake, instead of the schema's first money field that an event has."
  )
  var amount: String?

  /// What `--unlabelled` takes.
  enum UnlabelledTruth: String, ExpressibleByArgument, CaseIterable {
    case honest, unknown
  }

  func validate() throws {
    if unlabelled != nil, labels == nil {
      throw ValidationError("`--unlabelled` says what events without a label are: it needs `--labels`")
    }
  }

  /// Reads the labels; nil where none are given.
  func loadLabels() throws(Stop) -> Labels? {
    guard let labels else { return nil }
    do {
      var read = try LabelFile.read(labels)
      read.unlabelledTruth = unlabelled.flatMap { Labels.UnlabelledTruth(rawValue: $0.rawValue) }
      return read
    } catch {
      throw Stop(.input, "`--labels`: \(error.description)", hint: error.hint)
    }
  }

  /// The field of the amounts.
  func amountField(of rules: RuleSet) throws(Stop) -> AmountField {
    guard let amount else { return AmountField(of: rules) }
    do {
      return try AmountField(amount, of: rules)
    } catch {
      throw Stop(.input, "`--amount`: \(error.message)", hint: error.hint)
    }
  }

  /// Standard input can be only one of the files.
  func expectOneStandardInput(among events: [String]) throws {
    if (events + [labels].compactMap { $0 }).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be read only once")
    }
  }
}

extension SortedEvents {
  /// Reads and sorts what `--sort` asks for.
  static func load(_ paths: [String], _ rules: RuleSet) throws(Stop) -> SortedEvents {
    do {
      return try SortedEvents(paths, rules: rules)
    } catch {
      throw Stop(.input, "`--sort`: \(error.message)", hint: error.hint)
    }
  }
}
