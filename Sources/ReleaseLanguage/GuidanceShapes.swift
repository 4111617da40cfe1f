import Diagnostics
import ReleaseModel
import SpecShape

/// What people need to know beside what machines do.
enum GuidanceShapes {
  static let contacts = Shape<Guidance.Contact>.object(
    "contact", "Who is reached how.",
    .required("who", .line, "The person or the rotation.", example: "On-call engineer"),
    .required("reach", .line, "How they are reached.", example: "PagerDuty, schedule api-primary"),
    .optional("what", .line, "What for.", example: "Watching and rollback authority.")
  ) { _, who, reach, what in Guidance.Contact(who: who, reach: reach, what: what) }.list()

  static let escalation = Shape<Guidance.Escalation>.object(
    "escalation", "Who is called when nobody before has answered.",
    .required("after", .timeSpanOrZero, "How long nobody has answered.", example: "15m"),
    .required("to", .line, "Who is called.", example: "DevOps lead")
  ) { _, after, to in Guidance.Escalation(after: after, to: to) }.list()

  static let troubleshooting = Shape<Guidance.Trouble>.object(
    "trouble", "Something that goes wrong, and what to do.",
    .required("issue", .line, "What it looks like from outside.", example: "Deployment stuck"),
    .optional("in", Shape<String>.reference.located, "The environment; left out: anywhere.", example: "prod"),
    .defaulted(
      "symptoms", Shape<String>.line.list(), to: [], shown: "[]", "What is seen.", example: "[Pods are not ready.]"),
    .defaulted(
      "look", Shape<String>.line.list(), to: [], shown: "[]", "Command lines that show what is wrong.",
      example: "[kubectl get pods -n shop]"),
    .defaulted(
      "causes", Shape<String>.line.list(), to: [], shown: "[]", "What it has been before.",
      example: "[The registry refuses the login.]"),
    .required(
      "resolve", Shape<String>.line.list(atLeast: 1, mayRepeat: true), "What to do, in order.",
      example: "[Roll back when it is not resolved in ten minutes.]")
  ) { span, issue, environment, symptoms, look, causes, resolve in
    Guidance.Trouble(
      issue: issue, environment: environment, symptoms: symptoms, look: look, causes: causes, resolve: resolve,
      span: span)
  }.list()

  static let watches = Shape<Guidance.Watch>.object(
    "watch", "Who watches a new version, and for how long.",
    .required("until", .timeSpan, "How long after the release.", example: "15m"),
    .required("by", .line, "Who.", example: "Deployment engineer"),
    .required("what", .line, "What they do.", example: "Watches actively.")
  ) { _, until, by, what in Guidance.Watch(until: until, by: by, what: what) }.list()

  static let links = Shape<Guidance.Link>.object(
    "link", "A place that people need at hand.",
    .required("title", .line, "What is there.", example: "Dashboards"),
    .required("url", .httpsAddress, "Its address.", example: "https://grafana.acme.example/d/shop")
  ) { _, title, address in Guidance.Link(title: title, address: address) }.list()
}
