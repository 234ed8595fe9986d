// Whoever reads what the workbench gives sees its JSON too, as when both were one module.
@_exported public import OrderedJSON
