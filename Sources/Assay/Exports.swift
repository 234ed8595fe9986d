// One import is enough for an embedder: the types of an engine's interface live in these modules.
@_exported public import Events
@_exported public import RuleSets
@_exported public import Windows
