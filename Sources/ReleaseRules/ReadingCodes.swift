import Diagnostics

/// The codes that reading a spec and resolving its names report, before any rule looks at it.
public enum ReadingCodes {
  /// Every one, in the order of the reference page: keys, values, names.
  public static let all: [Explanation] = keys + values + names

  private static func code(
    _ name: String, _ summary: String, _ rationale: String, severity: Severity = .error, failing: RuleExample,
    passing: RuleExample
  ) -> Explanation {
    Explanation(
      name: name, severity: severity, summary: summary, rationale: rationale, failing: failing, passing: passing)
  }

  private static let keys: [Explanation] = [
    code(
      "unknown-key", "A key is not one of those that the language knows at this place.",
      """
      A key that nobody reads is a wish that nobody fulfils: with `rolback:` ignored, a release would have no way \
      back. Therefore nothing is skipped silently. A key that looks like a known one is read as that one, so that one \
      slip is one message.
      """,
      failing: ExampleSpec.with(("when: [error-rate > 3% over 5m]", "«wen»: [error-rate > 3% over 5m]")),
      passing: ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"))),
    code(
      "missing-key", "A key that has to be there is not.",
      """
      The language has defaults where every team would choose the same, and asks where it would be a decision: what is \
      deployed, how, what starts it, what proves it. Such a decision is made in the file, not by a tool's version.
      """,
      failing: ExampleSpec.with(("- { to: 100%, hold: 30m }", "- { «to»: 100% }")),
      passing: ExampleSpec.with(("- { to: 100%, hold: 30m }", "- { to: 100%, hold: 30m }"))),
    code(
      "conflicting-keys", "Two keys stand beside each other that cannot both be meant.",
      """
      A check is a probe or a program, a metric a query or a ratio. Were both there, one of them would be ignored, and \
      which one would depend on the tool instead of the file. Where two things are needed, such as the deployments of \
      blue-green, the same name twice is none of them: a release would be put over the version that serves.
      """,
      failing: ExampleSpec.with(
        ("ci: { github-checks: [test] }", "ci: { github-checks: [test], «signed-tag»: { immutable: true } }")),
      passing: ExampleSpec.with(
        (
          "ci: { github-checks: [test] }",
          "ci: { github-checks: [test] }\ntag: { signed-tag: { immutable: true } }"
        ), ("after: staging", "after: staging\nbefore: [tag]"))),
    code(
      "unknown-version", "The file asks for a version of the language that this compiler does not know.",
      """
      The number after `liftlock:` fixes what every other line means. A compiler that guessed at a newer language \
      could generate a rollout that leaves out what it did not understand.
      """,
      failing: ExampleSpec.with(("liftlock: 1", "liftlock: «2»")),
      passing: ExampleSpec.with(("liftlock: 1", "liftlock: 1"))),
  ]

  private static let values: [Explanation] = [
    code(
      "wrong-type", "A value has another form than is read here: a list for a text, a number for a name.",
      """
      YAML turns some words into something else: `no` is a text here and a boolean elsewhere, `1.10` is a number that \
      ends in a zero. Nothing is converted on the quiet, so that a version or a label cannot change its meaning on the \
      way.
      """,
      failing: ExampleSpec.with(("ci: { github-checks: [test] }", "ci: { github-checks: «test» }")),
      passing: ExampleSpec.with(("ci: { github-checks: [test] }", "ci: { github-checks: [test] }"))),
    code(
      "empty-list", "A list is empty at a place where an empty one can mean nothing.",
      """
      A rollback without conditions and a role without people look finished and do nothing. Where an empty list does \
      make sense the language takes it.
      """,
      failing: ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: «[]»")),
      passing: ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"))),
    code(
      "repeated-entry", "An element stands in a list twice.",
      """
      The second one does nothing, and it is seldom what was meant: `[smoke, smoke]` was to be smoke and integration, \
      and the release goes on without the integration test. Where the same thing twice has a meaning, such as two \
      approvals by one role, it is taken.
      """, severity: .warning,
      failing: ExampleSpec.with(("verify: [smoke, ready]", "verify: [smoke, «smoke»]")),
      passing: ExampleSpec.with(("verify: [smoke, ready]", "verify: [smoke, ready]"))),
    code(
      "unknown-word", "A value is not one of the words that can stand here.",
      """
      Some fields have a few meanings only, each with a word of its own. A word that is not among them is a slip or a \
      wish for something that does not exist; neither may silently become the default.
      """,
      failing: ExampleSpec.with(("smoke: { prod: required }", "smoke: { prod: «mandatory» }")),
      passing: ExampleSpec.with(("smoke: { prod: required }", "smoke: { prod: required }"))),
    code(
      "out-of-range", "A whole number or a length of time is smaller or larger than can be meant here.",
      """
      The bounds are those of what the number is for: ports, retries, findings in a report. A number outside them \
      would fail at the time of the release, at the platform that refuses it. What is waited for, held or asked again \
      takes a second at least: a `check-every` of nothing would ask without a pause and never come to an end, and an \
      hour written as nothing would let everything pass.
      """,
      failing: ExampleSpec.with(
        (
          "smoke: { probe: { requests: [GET /health] } }",
          "smoke: { probe: { requests: [GET /health], warm-up: «50» } }"
        )),
      passing: ExampleSpec.with(
        (
          "smoke: { probe: { requests: [GET /health] } }",
          "smoke: { probe: { requests: [GET /health], warm-up: 5 } }"
        ))),
    code(
      "invalid-text", "A text has a form that cannot be used where it goes.",
      """
      Titles stand on one line, paths stay inside the repository, addresses carry no credentials, and names of \
      resources go into commands unquoted. What does not fit is refused here and not escaped later, so that the \
      generated script reads like the spec.
      """,
      failing: ExampleSpec.with(("url: https://shop.example", "url: «http://shop.example»")),
      passing: ExampleSpec.with(("url: https://shop.example", "url: https://shop.example"))),
    code(
      "invalid-duration", "A length of time cannot be read.",
      """
      `15` could be seconds or minutes, and the difference is a canary that is held for a quarter of a minute. Lengths \
      of time are whole numbers with their units, larger units first, such as `90s`, `15m` or `1h30m`.
      """,
      failing: ExampleSpec.with(("- { to: 100%, hold: 30m }", "- { to: 100%, hold: «30» }")),
      passing: ExampleSpec.with(("- { to: 100%, hold: 30m }", "- { to: 100%, hold: 30m }"))),
    code(
      "invalid-weight", "A share of the traffic is not a whole percentage up to 100 %.",
      """
      Routers take whole percents, and a share without its sign could be a number of replicas. `0.5` could be half of \
      the traffic or half a percent of it.
      """,
      failing: ExampleSpec.with(("- { to: 100%, hold: 30m }", "- { to: «100», hold: 30m }")),
      passing: ExampleSpec.with(("- { to: 100%, hold: 30m }", "- { to: 100%, hold: 30m }"))),
    code(
      "invalid-quantity", "A value of a metric cannot be read.",
      """
      Values carry their units, so that a latency is never compared with a percentage and 300 is never taken for \
      seconds. They are plain decimals with `%`, `ms`, `s`, `m`, `/s`, `KiB`, `MiB`, `GiB` or, for counts, nothing \
      behind them.
      """,
      failing: ExampleSpec.with(("better: lower", "better: lower\nslo: «about 1%»")),
      passing: ExampleSpec.with(("better: lower", "better: lower\nslo: 1%"))),
    code(
      "invalid-time", "A time of day, a day or a time zone cannot be read.",
      """
      A window opens and closes at hours and minutes of a 24-hour clock, such as "02:00". The quotes keep older YAML \
      programs from reading it as a number of minutes. Its time zone is a name of the IANA database: a system takes \
      one that it does not know for UTC without a word, and the change runs in the middle of the day.
      """,
      failing: ExampleSpec.with(
        (
          "url: https://shop.example",
          "url: https://shop.example\nwindow: { days: [mon], from: «\"2 am\"», to: \"06:00\", zone: UTC }"
        )),
      passing: ExampleSpec.with(
        (
          "url: https://shop.example",
          "url: https://shop.example\nwindow: { days: [mon], from: \"02:00\", to: \"06:00\", zone: UTC }"
        ))),
    code(
      "invalid-program", "A program is not a path inside the repository with plain arguments.",
      """
      Programs are started directly, without a shell in between, so that no argument can turn into a command. What \
      needs pipes, quotes or variables is a script of the repository, where it can be reviewed, linted and tested.
      """,
      failing: ExampleSpec.with(
        (
          "ci: { github-checks: [test] }",
          "ci: { github-checks: [test] }\nload: { run: «ops/load.sh | tee load.log» }"
        )),
      passing: ExampleSpec.with(
        ("ci: { github-checks: [test] }", "ci: { github-checks: [test] }\nload: { run: ops/load.sh --log load.log }"),
        ("verify: [smoke]", "verify: [smoke, load]"))),
    code(
      "invalid-request", "A request of a probe cannot be read.",
      """
      A request is a method and a path, then perhaps a status and the time within which the answer must come: `GET \
      /health`, `POST /v1/ping 201`, `GET /health < 500ms`. The address comes from the environment, so that the same \
      probe serves everywhere.
      """,
      failing: ExampleSpec.with(
        ("smoke: { probe: { requests: [GET /health] } }", "smoke: { probe: { requests: [«/health»] } }")),
      passing: ExampleSpec.with(
        ("smoke: { probe: { requests: [GET /health] } }", "smoke: { probe: { requests: [GET /health] } }"))),
    code(
      "invalid-condition", "A condition cannot be read; the place is the word where reading stopped.",
      """
      A condition is `METRIC OP THRESHOLD`, then perhaps `over` a window, `for` a time or a number of checks, and \
      `with >= N events`; or it is `CHECK fails`, perhaps `for` a time. It reads like the sentence in the runbook, and \
      there is one grammar for requirements, rollbacks and checks.
      """,
      failing: ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% «during» 5m]")),
      passing: ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"))),
  ]

  private static let names: [Explanation] = [
    code(
      "invalid-name", "A name has a form that not every place it goes to accepts.",
      """
      Names become file names, job identifiers, environments of GitHub and variables of a shell. Only what all of them \
      take is allowed: lower-case words with hyphens, and for secrets upper-case words with underscores.
      """,
      failing: ExampleSpec.with(("service: shop", "service: «Shop»")),
      passing: ExampleSpec.with(("service: shop", "service: shop"))),
    code(
      "unknown-name", "A name refers to something that is not declared.",
      """
      Checks, metrics, roles, secrets and environments are declared once and named wherever they are needed. A name \
      that leads nowhere would be a gate that is never asked or a secret that is always empty.
      """,
      failing: ExampleSpec.with(("approvals: { prod: [owner] }", "approvals: { prod: [«ownr»] }")),
      passing: ExampleSpec.with(("approvals: { prod: [owner] }", "approvals: { prod: [owner] }"))),
    code(
      "unit-mismatch", "A value is compared with a metric of another kind.",
      """
      Units are types: a percentage is compared with percentages, a latency with times. `error-rate < 500ms` would be \
      a comparison of numbers that always holds, and `+ 10%` of a percentage could mean a tenth more or ten points \
      more.
      """,
      failing: ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > «300ms» over 5m]")),
      passing: ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"))),
  ]
}
