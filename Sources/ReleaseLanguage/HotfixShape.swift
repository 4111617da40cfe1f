import Diagnostics
import ReleaseModel
import SpecShape

enum HotfixShape {
  private static let waives = Shape<String>.line
    .named("criterion", keyPattern: .word, placeholder: "criterion")
    .map { map, _, _ in map.readable.map { Hotfix.Waiver(criterion: $0.name, reason: $0.value) } }

  private static let environment = Shape<Hotfix.Environment>.object(
    "hotfix environment", "How a hotfix gets into one environment. What is not said is as usual.",
    .defaulted(
      "waives", waives, to: [], shown: "{}", "Rows of the matrix that do not apply, each with the reason.",
      example: "{ performance: There is no time for a load test. }"),
    .defaulted(
      "approvals", PromotionShape.role.list(mayRepeat: true), to: [], shown: "[]",
      "Who approves: as many different people as there are entries.", example: "[board, board]"),
    .optional(
      "soak", Shape<TimeSpan>.timeSpan.located, "How long it must have been live in the environment before.",
      example: "15m"),
    .optional("rollout", RolloutShape.shape, "A quicker way to all of the traffic."),
    .optional(
      "verify", Shape<String>.reference.located.list(), "Targeted checks in place of all of them.",
      example: "[smoke, critical-path]"),
    .optional(
      "before", Shape<String>.reference.located.list(), "What must pass before, in place of the usual.",
      example: "[backup]")
  ) { span, waives, approvals, soak, rollout, verify, before in
    Hotfix.Environment(
      waives: waives, approvals: approvals, soak: soak, rollout: rollout, verify: verify, before: before, span: span)
  }

  static let shape = Shape<Hotfix>.object(
    "hotfix",
    "A declared way around, for what cannot wait. Each environment of it becomes one of its own, `prod-hotfix`.",
    .required("tag", CandidatesShape.tag.oneOrMany(), "The tags that start it.", example: "\"hotfix-v*\""),
    .optional(
      "outside-windows", .line, "Why change windows and freezes do not hold for it; left out: they do.",
      example: "SEV-1, approved by the board."),
    .required(
      "environments", environment.named("environment", keyPattern: .word, placeholder: "environment"),
      "The environments that it goes through.")
  ) { span, tags, outside, environments in
    Hotfix(tags: tags, environments: environments, outsideWindows: outside, span: span)
  }
}
