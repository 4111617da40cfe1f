import TextLayout

/// Prints workflows in one layout: header comment, name, triggers, permissions, defaults, concurrency, environment, jobs;
/// a blank line between sections, between jobs and between steps.
public enum WorkflowRenderer {
  /// The workflow as the text of a file.
  public static func render(_ workflow: Workflow) -> String {
    var entries: [YAMLNode.Entry] = [.init("name", .string(workflow.name))]
    if let runName = workflow.runName {
      entries.append(.init("run-name", .string(runName.rendered)))
    }
    var triggers = section("on", .map(workflow.triggers.map(trigger)), hasBareKey: true)
    triggers.sameLineComment = workflow.triggerComment
    entries.append(triggers)
    entries.append(section("permissions", permissions(workflow.permissions)))
    // `shell: bash` is bash with -o pipefail; without a shell GitHub leaves that out.
    entries.append(section("defaults", .map([.init("run", .map([.init("shell", .string("bash"))]))])))
    if let concurrency = workflow.concurrency {
      entries.append(section("concurrency", self.concurrency(concurrency)))
    }
    if !workflow.env.isEmpty {
      entries.append(section("env", map(workflow.env) { value(escapingExpressions(in: $0)) }))
    }
    let jobs = workflow.jobs.map { YAMLNode.Entry($0.id, job($0), isSpaced: true) }
    entries.append(section("jobs", .map(jobs)))
    return YAMLNode.map(entries).rendered(headerComment: workflow.headerComment)
  }

  // MARK: - Triggers

  private static func trigger(_ trigger: Trigger) -> YAMLNode.Entry {
    switch trigger {
    case .push(let branches, let tags, let paths, let pathsIgnore):
      filters(trigger, [("branches", branches), ("tags", tags), ("paths", paths), ("paths-ignore", pathsIgnore)])
    case .pullRequest(let types, let branches, let paths):
      filters(trigger, [("types", types), ("branches", branches), ("paths", paths)])
    case .pullRequestReview(let types), .issueComment(let types):
      filters(trigger, [("types", types)])
    case .workflowDispatch(let inputs):
      .init(trigger.event, inputs.isEmpty ? .map([]) : .map([.init("inputs", .map(inputs.map(input)))]))
    case .schedule(let lines):
      .init(trigger.event, .list(lines.map { .map([.init("cron", .string($0))]) }))
    }
  }

  private static func filters(_ trigger: Trigger, _ lists: [(String, [String])]) -> YAMLNode.Entry {
    let used = lists.filter { !$0.1.isEmpty }
    return .init(trigger.event, .map(used.map { .init($0.0, .flowList($0.1.map { .string($0) })) }))
  }

  private static func input(_ input: DispatchInput) -> YAMLNode.Entry {
    var entries: [YAMLNode.Entry] = [.init("description", .string(input.description))]
    var preset: YAMLNode?
    switch input.kind {
    case .string(let value):
      entries.append(.init("type", .string("string")))
      preset = value.map { .string($0) }
    case .boolean(let value):
      entries.append(.init("type", .string("boolean")))
      preset = value.map { .bool($0) }
    case .choice(let options, let value):
      entries.append(.init("type", .string("choice")))
      entries.append(.init("options", .list(options.map { .string($0) })))
      preset = value.map { .string($0) }
    case .environment(let value):
      entries.append(.init("type", .string("environment")))
      preset = value.map { .string($0) }
    }
    entries.append(.init("required", .bool(input.isRequired)))
    if let preset { entries.append(.init("default", preset)) }
    return .init(input.name, .map(entries))
  }

  // MARK: - Jobs

  private static func job(_ job: Job) -> YAMLNode {
    var entries: [YAMLNode.Entry] = [.init("name", text(job.name))]
    if !job.needs.isEmpty {
      entries.append(.init("needs", .flowList(job.needs.map { .string($0) })))
    }
    if let condition = job.condition { entries.append(self.condition(condition)) }
    if let environment = job.environment { entries.append(.init("environment", self.environment(environment))) }
    entries.append(.init("runs-on", labels(job.runsOn)))
    if let minutes = job.timeoutMinutes { entries.append(.init("timeout-minutes", .int(minutes))) }
    if !job.permissions.isEmpty { entries.append(.init("permissions", permissions(job.permissions))) }
    if let concurrency = job.concurrency { entries.append(.init("concurrency", self.concurrency(concurrency))) }
    if !job.outputs.isEmpty { entries.append(.init("outputs", map(job.outputs) { .string($0.rendered) })) }
    if !job.env.isEmpty { entries.append(.init("env", map(job.env) { value($0.rendered) })) }
    entries.append(.init("steps", .list(job.steps.map(step), spaced: true)))
    return .map(entries)
  }

  private static func step(_ step: Step) -> YAMLNode {
    var entries: [YAMLNode.Entry] = [.init("name", text(step.name))]
    if let id = step.id { entries.append(.init("id", .string(id))) }
    if let condition = step.condition { entries.append(self.condition(condition)) }
    if step.continuesOnError { entries.append(.init("continue-on-error", .bool(true))) }
    if let minutes = step.timeoutMinutes { entries.append(.init("timeout-minutes", .int(minutes))) }
    if case .uses(let action, let inputs) = step.kind {
      let reference = YAMLNode.string("\(action.name)@\(action.commit)")
      entries.append(.init("uses", reference, sameLineComment: action.version))
      if !inputs.isEmpty { entries.append(.init("with", map(inputs) { value($0.rendered) })) }
    }
    if !step.env.isEmpty { entries.append(.init("env", map(step.env) { value($0.rendered) })) }
    if case .run(let script) = step.kind {
      let isShort = YAMLNode.isPlain(script.rendered)
      entries.append(.init("run", isShort ? .string(script.rendered) : .block(script.rendered + "\n")))
    }
    return .map(entries)
  }

  // MARK: - Shared pieces

  /// A condition stands bare. Where it would start with `!`, which YAML reads as a tag, or contains `${{` inside a
  /// string, which GitHub would take for the start of an expression, it is wrapped.
  private static func condition(_ condition: Expression) -> YAMLNode.Entry {
    let rendered = condition.rendered
    let mustWrap = rendered.utf8.first == UInt8(ascii: "!") || rendered.containsBytes(of: "${{")
    return .init("if", .string(mustWrap ? condition.interpolated : rendered))
  }

  private static func environment(_ environment: DeploymentEnvironment) -> YAMLNode {
    var entries: [YAMLNode.Entry] = [.init("name", .string(environment.name.rendered))]
    if let url = environment.url { entries.append(.init("url", .string(url.rendered))) }
    if !environment.isDeployment { entries.append(.init("deployment", .bool(false))) }
    return .map(entries)
  }

  private static func permissions(_ permissions: [Permission]) -> YAMLNode {
    .map(permissions.map { .init($0.scope, .string($0.access.rawValue), sameLineComment: $0.reason) })
  }

  private static func concurrency(_ concurrency: Concurrency) -> YAMLNode {
    .map([
      .init("group", .string(concurrency.group.rendered)),
      .init("cancel-in-progress", .bool(concurrency.cancelInProgress)),
    ])
  }

  private static func text(_ text: String) -> YAMLNode {
    .string(escapingExpressions(in: text))
  }

  /// A value that may have several lines.
  private static func value(_ text: String) -> YAMLNode {
    text.unicodeScalars.contains("\n") ? .block(text) : .string(text)
  }

  private static func map<Value>(_ values: NamedValues<Value>, _ node: (Value) -> YAMLNode) -> YAMLNode {
    .map(values.entries.map { .init($0.name, node($0.value)) })
  }

  /// One label as a text, several as a list: a runner must have all of them.
  private static func labels(_ labels: [String]) -> YAMLNode {
    labels.count == 1 ? text(labels[0]) : .flowList(labels.map { text($0) })
  }

  private static func section(_ key: String, _ value: YAMLNode, hasBareKey: Bool = false) -> YAMLNode.Entry {
    .init(key, value, isSpaced: true, hasBareKey: hasBareKey)
  }
}
