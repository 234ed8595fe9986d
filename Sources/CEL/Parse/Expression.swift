/// A parsed expression: a flat tree, nodes named by index, children before parents.
public struct Expression: Sendable {
  /// The text it was parsed from; spans are UTF-8 offsets into it.
  public let source: String
  /// Every node, children before their parents; from the parser, each is reached from the root.
  public var nodes: [Node]
  /// The node that stands for the whole.
  public var root: NodeID

  /// A tree whose nodes keep the order that `nodes` asks for.
  public init(source: String, nodes: [Node], root: NodeID) {
    self.source = source
    self.nodes = nodes
    self.root = root
  }

  /// The node named `id`.
  public subscript(id: NodeID) -> Node { nodes[Int(id.index)] }
}

/// The position of a node in `Expression.nodes`.
public struct NodeID: Hashable, Sendable {
  /// From 0.
  public let index: Int32
  /// The position `index`, which must fit 32 bits.
  public init(_ index: Int) { self.index = Int32(index) }
}

/// One node of an expression and where it stands in the source.
public struct Node: Sendable {
  /// What it is.
  public var kind: Kind
  /// UTF-8 offsets into `Expression.source`; parentheses around a node belong to it. What a macro adds has the span of
  /// the macro's last argument or of the whole macro.
  public var span: Range<Int>

  /// A node of the given kind and place.
  public init(kind: Kind, span: Range<Int>) {
    self.kind = kind
    self.span = span
  }

  /// The kinds of nodes.
  public indirect enum Kind: Sendable {
    /// A value that stands in the source.
    case literal(Value)
    /// A name without dots; `absolute` when it was written with a leading dot.
    case identifier(String, absolute: Bool)
    /// `operand.field`; with `presence` it is the argument of `has()`.
    case select(operand: NodeID, field: String, presence: Bool)
    /// Operators are functions under the names of the language definition: `_+_`, `_&&_`, `_?_:_`, `_[_]`, `!_`,
    /// `-_`, `@in`, ….
    case call(function: String, target: NodeID?, arguments: [NodeID])
    /// `[a, b]`
    case list([NodeID])
    /// `{a: b}`
    case map([(key: NodeID, value: NodeID)])
    /// `Name{field: value}`; parsed so that it can be refused with a good message, never evaluated.
    case message(String, [(field: String, value: NodeID)])
    /// A macro over a list or map, expanded.
    case comprehension(Comprehension)
  }

  /// What the macros over lists and maps expand to: a fold over a list's elements or a map's keys, or, with a second
  /// variable, over positions and elements, or keys and values.
  public struct Comprehension: Sendable {
    /// Names the element during a step.
    public var variable: String
    /// Names the element of a list or the value of a map where `variable` names its position or key.
    public var secondVariable: String?
    /// The list or map.
    public var range: NodeID
    /// Names the value that the steps build.
    public var accumulator: String
    /// The accumulator's first value.
    public var initial: NodeID
    /// Evaluated before each step; the fold ends when it is false.
    public var condition: NodeID
    /// The accumulator's next value.
    public var step: NodeID
    /// The value of the whole.
    public var result: NodeID

    /// A fold with the given parts.
    public init(
      variable: String, secondVariable: String? = nil, range: NodeID, accumulator: String, initial: NodeID,
      condition: NodeID, step: NodeID, result: NodeID
    ) {
      self.variable = variable
      self.secondVariable = secondVariable
      self.range = range
      self.accumulator = accumulator
      self.initial = initial
      self.condition = condition
      self.step = step
      self.result = result
    }
  }
}
