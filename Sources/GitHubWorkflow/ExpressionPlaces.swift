/// An expression with the place it stands in.
struct PlacedExpression {
  /// The place for a reader: `jobs.deploy.steps[2].env.TOKEN`.
  let place: String
  let expression: Expression
  let rule: PlaceRule
  /// The step it belongs to; `nil` for what belongs to the job or to the workflow.
  let stepIndex: Int?
}

/// What may be used in a kind of place.
///
/// Source: docs.github.com, "Contexts reference", Context availability.
enum PlaceRule {
  case workflow, jobCondition, jobBasics, jobEnv, environmentURL, jobOutputs, stepCondition, step

  var contexts: Set<String> {
    let base: Set<String> = ["github", "inputs", "vars"]
    let job = base.union(["needs", "matrix", "strategy"])
    let running = job.union(["steps", "job", "runner", "env"])
    switch self {
    case .workflow: return base
    case .jobCondition: return base.union(["needs"])
    case .jobBasics: return job
    case .jobEnv: return job.union(["secrets"])
    case .environmentURL, .stepCondition: return running
    case .jobOutputs, .step: return running.union(["secrets"])
    }
  }

  var allowsStatusFunctions: Bool { self == .jobCondition || self == .stepCondition }

  var allowsHashFiles: Bool { self == .step || self == .stepCondition }
}

extension Workflow {
  /// The expressions that belong to no job.
  var placedExpressions: [PlacedExpression] {
    place(runName, "run-name", .workflow) + place(concurrency?.group, "concurrency.group", .workflow)
  }
}

extension Job {
  /// Every expression of the job, from top to bottom.
  var placedExpressions: [PlacedExpression] {
    let path = "jobs.\(id)"
    var result: [PlacedExpression] = []
    if let condition {
      result.append(PlacedExpression(place: "\(path).if", expression: condition, rule: .jobCondition, stepIndex: nil))
    }
    result += place(environment?.name, "\(path).environment.name", .jobBasics)
    result += place(environment?.url, "\(path).environment.url", .environmentURL)
    result += place(concurrency?.group, "\(path).concurrency.group", .jobBasics)
    for output in outputs.entries { result += place(output.value, "\(path).outputs.\(output.name)", .jobOutputs) }
    for entry in env.entries { result += place(entry.value.template, "\(path).env.\(entry.name)", .jobEnv) }
    for (index, step) in steps.enumerated() {
      result += step.placedExpressions(path: "\(path).steps[\(index)]", index: index)
    }
    return result
  }
}

extension Step {
  fileprivate func placedExpressions(path: String, index: Int) -> [PlacedExpression] {
    var result: [PlacedExpression] = []
    if let condition {
      result.append(
        PlacedExpression(place: "\(path).if", expression: condition, rule: .stepCondition, stepIndex: index))
    }
    if case .uses(_, let inputs) = kind {
      for entry in inputs.entries {
        result += place(entry.value.template, "\(path).with.\(entry.name)", .step, stepIndex: index)
      }
    }
    for entry in env.entries {
      result += place(entry.value.template, "\(path).env.\(entry.name)", .step, stepIndex: index)
    }
    return result
  }
}

private func place(
  _ template: Template?, _ path: String, _ rule: PlaceRule, stepIndex: Int? = nil
) -> [PlacedExpression] {
  (template?.expressions ?? []).map {
    PlacedExpression(place: path, expression: $0, rule: rule, stepIndex: stepIndex)
  }
}

extension Expression {
  /// The functions that are called in it, in order.
  var calledFunctions: [(function: Function, argumentCount: Int)] {
    var own: [(function: Function, argumentCount: Int)] = []
    if case .call(let function, let arguments) = self { own = [(function, arguments.count)] }
    return own + operands.flatMap(\.calledFunctions)
  }
}
