import SpecTemplate

/// The spec with which README.md begins, as `liftlock init` writes it there; a test compares the two.
enum FirstSpec {
  static let text: String = {
    var template = SpecTemplate(service: "shop")
    template.owner = "acme"
    return template.text
  }()
}
