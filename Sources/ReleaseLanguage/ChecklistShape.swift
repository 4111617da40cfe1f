import Diagnostics
import ReleaseModel
import SpecShape

enum ChecklistShape {
  private static let item = Shape<Checklist.Item>.scalar(
    Shape<String>.line.map { text, _, _ in .text(text) },
    or: .object(
      "machine item", "An item that a check answers.",
      .required("check", Shape<String>.reference.located, "The check.", example: "load-test")
    ) { _, check in .check(check) })

  static let shape = Shape<Checklist?>.object(
    "checklist",
    "What people do at one moment. Before a release the items stand in its release issue; afterwards each list becomes an "
      + "issue that says by when it is due.",
    exactlyOneOf: [["before", "after", "after-rollback", "after-hotfix"]],
    .optional("title", .line, "What it is called for people.", example: "Two days before"),
    .required(
      "for", Shape<String>.reference.located.oneOrMany(), "The environments whose releases it belongs to.",
      example: "[prod]"),
    .optional("before", .timeSpanOrZero, "Done this long before the release.", example: "48h"),
    .optional("after", .timeSpanOrZero, "Due this long after a release has succeeded.", example: "24h"),
    .optional("after-rollback", .timeSpanOrZero, "Due this long after a version was taken back.", example: "48h"),
    .optional("after-hotfix", .timeSpanOrZero, "Due this long after a hotfix.", example: "24h"),
    .optional("by", Shape<String>.reference.located, "The role whose duty it is.", example: "release-engineer"),
    .defaulted(
      "labels", Shape<String>.line.list(), to: [], shown: "[]", "Labels of the issue.", example: "[postmortem]"),
    .required(
      "items", item.list(atLeast: 1), "The items: a sentence for people, or `{ check: NAME }` for a machine.",
      example: "[Notify the support team., { check: load-test }]")
  ) { span, title, environments, before, after, afterRollback, afterHotfix, role, labels, items in
    let moment: Checklist.Moment?
    if let before {
      moment = .before(before)
    } else if let after {
      moment = .after(after)
    } else if let afterRollback {
      moment = .afterRollback(afterRollback)
    } else {
      moment = afterHotfix.map { .afterHotfix($0) }
    }
    return moment.map {
      Checklist(
        title: title, environments: environments, moment: $0, items: items, role: role, labels: labels, span: span)
    }
  }
  .map { checklist, _, _ in checklist }
}
