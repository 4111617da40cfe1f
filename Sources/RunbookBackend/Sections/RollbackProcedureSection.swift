import ReleaseModel
import TextLayout

/// What the workflow and the script do when they take a release back, and what the script needs.
enum RollbackProcedureSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let places = Places(plan)
    return [
      .heading(.rollback(environment.name)),
      .bash([places.rollbackByWorkflow(environment.name)]),
      .prose("Or, from a checkout of the repository, with \(tools(environment)) installed. Get ready:"),
      .bash(Preparation.commands(environment, plan)),
      .prose("Then:"),
      .bash([places.rollbackByScript(environment.name)]),
      .prose("Either way this happens, and may happen again without harm:"),
      .numbered(procedure(environment)),
    ] + staged(environment, places)
  }

  private static func tools(_ environment: EnvironmentPlan) -> Prose {
    Words.codes(ToolWords.needed(environment) + ["gh"])
  }

  private static func procedure(_ environment: EnvironmentPlan) -> [Prose] {
    let operations = environment.operations
    let noun = operations.versionNoun
    let history: Prose =
      operations.findPrevious == nil
      ? " A marker that does not speak of what is live is not trusted: then name the \(noun) with \(code: "--to")."
      : " A marker that does not speak of what is live is not trusted: then the target's own history is asked."
    var steps: [Prose] = ["Find the previous \(noun) in the marker on the target.\(history)"]
    if environment.spec.migration != nil, let database = environment.database {
      steps.append(
        "Only when \(database.compatible.title) had failed before the migration: take the schema back with "
          + "\(code: database.branch.otherwise.value.joined(separator: " ")). If that fails, it ends here and the traffic stays: "
          + "a version that cannot read the database is broken for everybody.")
    }
    if !operations.activatePrevious.isEmpty {
      steps.append("Make sure that the previous \(noun) can serve, before it gets the traffic.")
    }
    steps.append("Give all traffic to the previous \(noun), and check that it has it; try three times.")
    if !operations.cleanUp.isEmpty { steps.append("Clean up what is left of the new \(noun).") }
    let checks = environment.rollbackVerify.map { Prose.text($0.title) }
    if !checks.isEmpty { steps.append("Verify: \(checks.list()).") }
    if let incident = environment.spec.rollback?.incident {
      let labels: Prose = incident.labels.isEmpty ? "" : " labelled \(Words.codes(incident.labels))"
      steps.append("Open an issue\(labels) with the incident note, and put the note on the commit's pull request.")
    } else {
      steps.append("Keep the incident note in the record of the run.")
    }
    // Last of all that is owed: whoever runs it again after a kill must not find nothing to do.
    steps.append("Mark the target as rolled back, so that the next release may start.")
    if !environment.recovered.isEmpty {
      steps.append(
        "Wait until the metrics have recovered: "
          + "\(environment.recovered.map(ConditionWords.sentence).list()).")
    }
    return steps
  }

  private static func staged(_ environment: EnvironmentPlan, _ places: Places) -> [Markdown.Block] {
    guard let stages = environment.spec.rollback?.stages else { return [] }
    let noun = environment.operations.versionNoun
    let shares = stages.weights.map { Prose.text("\($0.value)%") }
    return [
      .prose(
        "\(strong: "In stages"), when a release that was fully promoted has no emergency but has to go: the \(noun) before is "
          + "checked, then gets \(shares.list()), each watched for \(stages.watch) by the conditions under "
          + "\(to: .triggers), which are judged against it now. If one is met, it stops at that share and you decide."),
      .bash([
        places.rollbackByWorkflow(environment.name) + " -f staged=true",
        places.rollbackByScript(environment.name) + " --staged",
      ]),
    ]
  }
}

/// What a terminal needs before a script or a command of a target works.
enum Preparation {
  static func commands(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [String] {
    var lines: [String] = []
    if case .azure(_, let tenant, let subscription) = environment.spec.target.login {
      lines += HandLogin.azure(tenant, subscription)
    }
    for secret in environment.rollbackSecrets {
      if case .kubeconfig(secret.name) = environment.spec.target.login {
        lines.append(HandLogin.kubeconfig(secret.name, environment))
      } else {
        lines.append("export \(secret.name)=\"<value>\"" + (secret.isOptional ? " # optional" : ""))
      }
    }
    lines.append("export GH_TOKEN=\"$(gh auth token)\"")
    lines.append("export GITHUB_REPOSITORY=\"$(gh repo view --json nameWithOwner --jq .nameWithOwner)\"")
    return lines
  }
}
