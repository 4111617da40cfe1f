import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

enum DrillShape {
  private static let exercises = Shape<Drill.Exercise>.choice(Drill.Exercise.allCases.map { ($0.rawValue, $0) })
    .named("environment", keyPattern: .word, placeholder: "environment")
    .map { map, node, reader -> Drill.Kind? in
      let exercises = map.readable.map { (name: $0.name, exercise: $0.value) }
      if !exercises.isEmpty { return .environments(exercises) }
      if map.isEmpty {
        reader.reportWrongType(node, expected: "at least one environment with what is exercised there")
      }
      return nil
    }

  private static let program = Shape<Drill.Kind>.object(
    "program", "A program that is the exercise, such as a restore of last night's backup.",
    .required("run", Shape<[String]>.program.located, "The program.", example: "ops/restore-drill.sh"),
    .required(
      "in", Shape<String>.reference.located, "The environment whose secrets it sees.", example: "staging"),
    .defaulted(
      "secrets", Shape<Located<String>>.secretReference.list(), to: [], shown: "[]", "Secrets that it needs.",
      example: "[DATABASE_URL]"),
    .defaulted("timeout", .timeSpan, to: .minutes(30), shown: "30m", "When it has failed.")
  ) { _, command, environment, secrets, timeout in
    .program(command, secrets: secrets, environment: environment, timeout: timeout)
  }

  static let shape = Shape<Drill?>.object(
    "drill", "An exercise of what must work when it is needed, on a schedule and on demand.",
    exactlyOneOf: [["exercise", "program"]],
    .required("title", .line, "What it is called for people.", example: "Release gate drill"),
    .required("schedule", Shape<String>.cron.located, "When it runs, in UTC.", example: "\"0 11 * * 4\""),
    .optional(
      "exercise", exercises,
      "What is exercised in each environment: `roll-back` really goes back and forward again, `call-hooks` calls the hooks "
        + "of a webhook target with `\"drill\": true`, `dry-run` goes up to the first change.",
      example: "{ staging: roll-back, prod: dry-run }"),
    .optional("program", program, "A program that is the exercise."),
    .required("owner", Shape<String>.reference.located, "The role that attends to what it finds.", example: "on-call"),
    .defaulted(
      "labels", Shape<String>.line.list(), to: [], shown: "[]",
      "Labels of the issue that a drill with something to attend to opens.", example: "[drill]")
  ) { span, title, schedule, exercises, program, owner, labels in
    (exercises ?? program).map {
      Drill(title: title, kind: $0, schedule: schedule, owner: owner, labels: labels, span: span)
    }
  }
  .map { drill, _, _ in drill }
}

enum ReadinessShape {
  private static let evidence = Shape<Readiness.Evidence>.object(
    "evidence", "What another workflow has left behind.",
    .required("title", .line, "What it is called for people.", example: "Receiver validation report"),
    .required("artifact", .resourceName, "The name of the artifact.", example: "receiver-validation-report"),
    .required("file", .repositoryPath, "The JSON file in it.", example: "report.json"),
    .required(
      "healthy", Shape<String>.line.located, "A jq filter over the file that must give `true`.",
      example: ".status == \"healthy\""),
    .optional("max-age", .timeSpan, "How old it may be.", example: "14d")
  ) { span, title, artifact, file, healthy, age in
    Readiness.Evidence(title: title, artifact: artifact, file: file, healthy: healthy, maximumAge: age, span: span)
  }

  static let shape = Shape<Readiness>.object(
    "readiness", "A workflow that fails unless all of this evidence is there and healthy.",
    .optional(
      "schedule", Shape<String>.cron.located, "When it runs, in UTC, besides on demand.", example: "\"0 6 * * 1\""),
    .required(
      "evidence", evidence.named("evidence", keyPattern: .word), "The evidence, by name.")
  ) { span, schedule, evidence in Readiness(evidence: evidence, schedule: schedule, span: span) }
}
