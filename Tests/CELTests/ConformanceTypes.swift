import CEL

/// The types that the suite's `type_deduction.textproto` wants deduced; the shared file leaves them out.
enum ConformanceTypes {
  static let deduced: [String: CELType] = Dictionary(
    uniqueKeysWithValues: types.map { ("type_deduction/\($0)", $1) })

  private static let types: [(String, CELType)] = [
    ("constant_literals/bool", .bool), ("constant_literals/int", .int), ("constant_literals/uint", .uint),
    ("constant_literals/double", .double), ("constant_literals/string", .string),
    ("constant_literals/bytes", .bytes), ("constant_literals/null", .null),
    ("complex_initializers/list", .list(.int)), ("complex_initializers/map", .map(.string, .int)),
    ("indexing/list", .string), ("indexing/map", .int), ("functions/nested_calls", .bool),
    ("flexible_type_parameter_assignment/list_parameter", .list(.list(.list(.list(.list(.dyn)))))),
    (
      "flexible_type_parameter_assignment/list_parameter_order_independent",
      .list(.list(.list(.list(.list(.dyn)))))
    ),
    ("flexible_type_parameter_assignment/unconstrained_type_var_as_dyn", .dyn),
    ("flexible_type_parameter_assignment/optional_none", .list(.optional(.int))),
    ("flexible_type_parameter_assignment/optional_none_2", .list(.optional(.int))),
    ("flexible_type_parameter_assignment/optional_dyn_promotion", .list(.optional(.dyn))),
    ("flexible_type_parameter_assignment/optional_dyn_promotion_2", .list(.optional(.dyn))),
    ("flexible_type_parameter_assignment/optional_in_ternary", .optional(.dyn)),
    ("legacy_nullable_types/null_assignable_to_abstract_parameter_candidate", .optional(.int)),
  ]
}
