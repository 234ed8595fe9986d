/// An expression made ready to run: every name is a slot, a constant or a position among the locals, every function
/// is a case of an enumeration. Nothing is looked up by text afterwards.
final class Plan: Sendable {
  /// Children before parents; the last one is the root.
  let nodes: [PlanNode]
  /// How many variables and accumulators of nested folds live at once.
  let localCount: Int
  let stepsMax: Int
  let regularExpressions: (any RegularExpressions)?
  let timeZones: (any TimeZones)?

  init(nodes: [PlanNode], localCount: Int, environment: Environment) {
    self.nodes = nodes
    self.localCount = localCount
    stepsMax = environment.limits.stepsMax
    regularExpressions = environment.regularExpressions
    timeZones = environment.timeZones
  }

  /// A part of another plan, or the same with other nodes.
  init(nodes: [PlanNode], like other: Plan) {
    self.nodes = nodes
    localCount = other.localCount
    stepsMax = other.stepsMax
    regularExpressions = other.regularExpressions
    timeZones = other.timeZones
  }

  var root: Int { nodes.count - 1 }
}

/// One node of a plan. Integers that name nodes are positions in `Plan.nodes`.
struct PlanNode: Sendable {
  let operation: Operation
  /// UTF-8 offsets into the expression's source.
  let span: Range<Int>

  enum Operation: Sendable {
    /// `members` are those of a named list.
    case constant(Value, members: ValueSet? = nil)
    case slot(Int)
    case local(Int)
    /// `has(a.b)` where `a.b` is a declared variable.
    case present(slot: Int)
    case select(operand: Int, field: String)
    case has(operand: Int, field: String)
    case unary(UnaryFunction, Int)
    case binary(BinaryFunction, Int, Int)
    case and(Int, Int)
    case or(Int, Int)
    case conditional(condition: Int, then: Int, otherwise: Int)
    /// `x in [...]` with many constants.
    case withinSet(Int, ValueSet)
    /// `ranges.containsIP(x)` with constant ranges.
    case withinRanges(Int, AddressRanges, acceptsMapped: Bool)
    /// `matches` with a constant pattern.
    case matches(text: Int, any RegularExpression)
    case matchesDynamic(text: Int, pattern: Int)
    case zonedTimePart(TimePart, timestamp: Int, zone: Int)
    case list([Int])
    case map([(key: Int, value: Int)])
    /// Entries with `isOptional` are there only if their optional value has one.
    case optionalList([(element: Int, isOptional: Bool)])
    case optionalMap([(key: Int, value: Int, isOptional: Bool)])
    case fold(Fold)
    case collect(Collect)
    /// Folds with two variables: the fold's own one is the position or the key, `second` the element or value.
    case pairFold(Fold, second: Int)
    case pairCollect(Collect, second: Int)
    case mapCollect(MapCollect)
    /// A function of an extension.
    case call(ExtensionFunction, [Int])
    /// `left.or(right)`, or `left.orValue(right)` where it `unwraps`: the right side is looked at only if it is needed.
    case optionalOr(Int, Int, unwraps: Bool)
    /// `a.?b` where `a.b` is a declared variable.
    case optionalSlot(Int)
    case optionalSelect(operand: Int, field: String)
    case optionalIndex(operand: Int, index: Int)
    /// What can only fail, such as a name that is not declared.
    case failure(Fault)
  }

  /// The general form of a macro: `variable` and `accumulator` are positions among the locals.
  struct Fold: Sendable {
    let range: Int
    let variable: Int
    let accumulator: Int
    let initial: Int
    let condition: Int
    let step: Int
    let result: Int
  }

  /// `map` and `filter`: a fold that only appends to a list, which then need not be copied at each step.
  struct Collect: Sendable {
    let range: Int
    let variable: Int
    /// Nil where every element is taken.
    let condition: Int?
    let element: Int
  }

  /// `transformMap` and `transformMapEntry`: a fold that only adds entries to a map.
  struct MapCollect: Sendable {
    let range: Int
    let variable: Int
    let second: Int
    /// Nil where every element is taken.
    let condition: Int?
    /// The key of a new entry, or a map of new entries where there is no value.
    let key: Int
    let value: Int?
  }
}
