internal import Assay
internal import RuleSets
internal import Windows

/// What the sidecar answers, as OpenAPI 3.1 describes it for the rules that decide now.
///
/// `Resources/openapi.json` has all that does not depend on rules; the places of what does begin with a dollar sign.
struct OpenAPI {
  private let rules: RuleSet

  init(_ rules: RuleSet) { self.rules = rules }

  /// The description as one JSON object.
  var json: [UInt8] {
    var text = String(decoding: PackageResources.openapi_json, as: UTF8.self)
    text.replace("\"$EVENT\"", with: String(decoding: EventSchema(rules.schema).json, as: UTF8.self))
    text.replace("\"$ENTITIES\": {},", with: rules.plan.entities.map(page).joined())
    text.replace("$VERSION", with: SidecarVersion.text)
    text.replace("$RULESET", with: Self.text(rules.name).dropFirst().dropLast())
    return Array(text.utf8.dropLast())
  }

  /// The page of one kind of entity, and a comma.
  private func page(_ entity: EntityPlan) -> String {
    let name = EntityAddress.name(of: entity)
    let fields = name.split(separator: ",").map(String.init)
    let names = fields.count == 1 ? ["key"] : fields.indices.map { "key_\($0 + 1)" }
    let key = names.map { "{\($0)}" }.joined(separator: ",")
    let parameters = zip(fields, names).map { path, name in
      let field = rules.schema.slot(of: path).map { rules.schema.fields[$0] }
      var schema: [UInt8] = []
      JSONSchema(keyOf: field).write(isOptional: false, to: &schema)
      return
        #"{"name":"\#(name)","in":"path","required":true,"description":\#(Self.text("`\(path)`")),"schema":"#
        + String(decoding: schema, as: UTF8.self) + "},"
    }
    let responses = [
      ("200", "Entity"), ("400", "BadRequest"), ("408", "RequestTimeout"), ("422", "EntityKey"),
      ("431", "HeadersTooLarge"), ("500", "DamagedLog"), ("503", "Unavailable"),
    ]
    let references = responses.map { status, name in
      ##""\##(status)":{"$ref":"#/components/responses/\##(name)"}"##
    }
    return #"\#(Self.text(EntityPath.prefix + name + "/" + key)):{"get":{"operationId":"#
      + Self.text("entity:" + name) + #","tags":["entities"],"summary":"#
      + Self.text("What the windows hold of an entity now, by \(name).") + #","description":"#
      + Self.text(Self.description) + #","parameters":["# + parameters.joined()
      + ##"{"$ref":"#/components/parameters/traceparent"}],"responses":{"##
      + references.joined(separator: ",")
      + "}}},"
  }

  private static let description =
    "An entity that nobody has seen has windows too: empty ones. Sensitive values are masked in the answer."

  private static func text(_ text: String) -> String {
    var json: [UInt8] = []
    json.append(jsonString: text)
    return String(decoding: json, as: UTF8.self)
  }
}
