extension WorkflowProblems {
  // MARK: - Expressions

  /// Problems of one expression where it stands.
  static func checkExpression(_ placed: PlacedExpression, in workflow: Workflow, job: Job?) -> [String] {
    var problems: [String] = []
    let length = placed.expression.rendered.unicodeScalars.count
    if length > Limit.expressionCharacters {
      problems.append("\(placed.place): \(length) characters, GitHub reads \(Limit.expressionCharacters)")
    }
    for call in placed.expression.calledFunctions {
      if call.function.isStatus, !placed.rule.allowsStatusFunctions {
        problems.append("\(placed.place): \(call.function.rawValue)() works in an `if` only")
      }
      if call.function == .hashFiles, !placed.rule.allowsHashFiles {
        problems.append("\(placed.place): hashFiles() works in steps only")
      }
      if !call.function.argumentCounts.contains(call.argumentCount) {
        problems.append("\(placed.place): \(call.function.rawValue)() cannot take \(call.argumentCount) arguments")
      }
    }
    for path in placed.expression.paths {
      problems += checkPath(path, placed, in: workflow, job: job)
    }
    return unique(problems)
  }

  private static func checkPath(
    _ path: [String], _ placed: PlacedExpression, in workflow: Workflow, job: Job?
  ) -> [String] {
    guard let context = path.first else { return [] }
    let name = path.count > 1 ? path[1] : nil
    let written = path.joined(separator: ".")
    if context == "secrets", placed.rule == .jobCondition || placed.rule == .stepCondition {
      return ["\(placed.place): `\(written)`: an `if` cannot read secrets"]
    }
    guard placed.rule.contexts.contains(context) else {
      return ["\(placed.place): `\(written)`: the context `\(context)` is not available here"]
    }
    switch (context, name) {
    case ("secrets", let name) where job?.environment == nil && name != "GITHUB_TOKEN":
      return ["\(placed.place): `\(written)`: without an environment, whoever can push can read the secret"]
    case ("needs", let need?):
      return checkNeed(need, path, placed, in: workflow, job: job)
    case ("steps", let id?):
      return checkStepReference(id, written, placed, job: job)
    case ("inputs", let input?):
      return workflow.hasInput(input) ? [] : ["\(placed.place): `\(written)`: there is no such input"]
    default:
      return []
    }
  }

  private static func checkNeed(
    _ need: String, _ path: [String], _ placed: PlacedExpression, in workflow: Workflow, job: Job?
  ) -> [String] {
    let written = path.joined(separator: ".")
    guard let job, job.needs.contains(need) else {
      return ["\(placed.place): `\(written)`: `\(need)` is missing in the job's `needs`"]
    }
    guard path.count > 2 else { return [] }
    if path[2] == "result" { return [] }
    guard path[2] == "outputs" else {
      return ["\(placed.place): `\(written)`: a need has a result and outputs, nothing else"]
    }
    let needed = workflow.jobs.first { $0.id == need }
    if path.count > 3, let needed, !needed.outputs.names.contains(path[3]) {
      return ["\(placed.place): `\(written)`: `\(need)` has no such output"]
    }
    return []
  }

  private static func checkStepReference(
    _ id: String, _ written: String, _ placed: PlacedExpression, job: Job?
  ) -> [String] {
    let position = job?.steps.firstIndex { $0.id == id }
    guard let position else { return ["\(placed.place): `\(written)`: there is no step with this id"] }
    if let index = placed.stepIndex, position >= index {
      return ["\(placed.place): `\(written)`: the step does not come before this one"]
    }
    return []
  }

  // MARK: - Names

  /// Ids start with a letter or `_`; GitHub keeps a leading `__` for itself.
  static func checkIdentifier(_ id: String, at path: String) -> [String] {
    let isValid = isExpressionIdentifier(id) && id.utf8.count < Limit.identifierCharacters && !id.hasPrefix("__")
    return isValid ? [] : ["\(path): `\(id)` is no valid id"]
  }

  /// Problems with names of environment variables. `GITHUB_` and `RUNNER_` are GitHub's own: it ignores such settings.
  static func checkNames<Value>(of values: NamedValues<Value>, at path: String, what: String) -> [String] {
    var problems = checkDuplicates(values.names, what: "\(what) in \(path)")
    for name in values.names {
      let isIdentifier = isExpressionIdentifier(name) && !name.utf8.contains(UInt8(ascii: "-"))
      if !isIdentifier { problems.append("\(path): `\(name)` is no valid name of a \(what)") }
      if name.hasPrefix("GITHUB_") || name.hasPrefix("RUNNER_") {
        problems.append("\(path): GitHub sets `\(name)` itself")
      }
    }
    return problems
  }

  /// Names that occur twice; GitHub compares them whatever their case.
  static func checkDuplicates(_ names: [String], what: String) -> [String] {
    var seen: Set<String> = []
    return unique(names.filter { !seen.insert(foldedCase($0)).inserted }.map { "the \(what) `\($0)` occurs twice" })
  }

  /// Problems with permissions.
  static func checkPermissions(_ permissions: [Permission], at path: String) -> [String] {
    var problems = checkDuplicates(permissions.map(\.scope), what: "permission in \(path)")
    for permission in permissions {
      guard let allowed = knownPermissions[permission.scope] else {
        problems.append("\(path): GitHub knows no permission `\(permission.scope)`")
        continue
      }
      if permission.access != .none, !allowed.contains(permission.access) {
        problems.append("\(path): `\(permission.scope)` cannot be `\(permission.access.rawValue)`")
      }
    }
    return problems
  }

  /// Source: docs.github.com, "Workflow syntax for GitHub Actions", `permissions`.
  private static let knownPermissions: [String: [Permission.Access]] = [
    "actions": [.read, .write], "attestations": [.read, .write], "checks": [.read, .write],
    "contents": [.read, .write], "deployments": [.read, .write], "discussions": [.read, .write],
    "id-token": [.write], "issues": [.read, .write], "models": [.read], "packages": [.read, .write],
    "pages": [.read, .write], "pull-requests": [.read, .write], "repository-projects": [.read, .write],
    "security-events": [.read, .write], "statuses": [.read, .write],
  ]

  private static func unique(_ sentences: [String]) -> [String] {
    var seen: Set<String> = []
    return sentences.filter { seen.insert($0).inserted }
  }
}

extension Trigger {
  /// The texts in it.
  var literals: [String] {
    switch self {
    case .push(let branches, let tags, let paths, let pathsIgnore): branches + tags + paths + pathsIgnore
    case .pullRequest(let types, let branches, let paths): types + branches + paths
    case .pullRequestReview(let types), .issueComment(let types): types
    case .schedule(let lines): lines
    case .workflowDispatch(let inputs): inputs.flatMap { [$0.name, $0.description] + $0.kind.literals }
    }
  }
}

extension DispatchInput.Kind {
  fileprivate var literals: [String] {
    switch self {
    case .string(let preset), .environment(let preset): [preset].compactMap(\.self)
    case .boolean: []
    case .choice(let options, let preset): options + [preset].compactMap(\.self)
    }
  }
}

extension Workflow {
  /// True when a person is asked for this input.
  fileprivate func hasInput(_ name: String) -> Bool {
    triggers.contains { trigger in
      if case .workflowDispatch(let inputs) = trigger { inputs.contains { $0.name == name } } else { false }
    }
  }
}
