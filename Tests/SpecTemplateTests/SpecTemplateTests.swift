import Diagnostics
import Foundation
import ReleaseCompiler
import SpecTemplate
import Testing

/// Every first spec that can be chosen: nothing is said about it, and what it is compiled to is sound.
@Suite struct SpecTemplateTests {
  struct Choice: Sendable, CustomTestStringConvertible {
    let driver: TemplateDriver
    let strategy: TemplateStrategy
    let traffic: TemplateTraffic
    let environments: [String]

    var testDescription: String {
      "\(driver.rawValue) \(strategy.rawValue) \(traffic.rawValue) \(environments.joined(separator: " "))"
    }

    var template: SpecTemplate {
      var template = SpecTemplate(service: "basket")
      template.driver = driver
      template.strategy = strategy
      template.traffic = traffic
      template.environments = environments
      return template
    }
  }

  private static func choices(_ strategies: (TemplateDriver) -> [TemplateStrategy]) -> [Choice] {
    TemplateDriver.allCases.flatMap { driver in
      strategies(driver).flatMap { strategy in
        let traffics = driver == .kubernetes && strategy == .canary ? TemplateTraffic.allCases : [.gatewayAPI]
        return traffics.flatMap { traffic in
          [["prod"], ["staging", "prod"], ["dev", "staging", "production"]].map {
            Choice(driver: driver, strategy: strategy, traffic: traffic, environments: $0)
          }
        }
      }
    }
  }

  private func check(_ template: SpecTemplate) -> ReleaseCompiler.Checked {
    ReleaseCompiler.check(SourceFile(path: "release.yaml", text: template.text))
  }

  @Test func everyKindOfReleaseIsOffered() {
    #expect(Self.choices(\.strategies).count == 3 * (4 * 3 + 3 + 1))
  }

  @Test(arguments: choices(\.strategies)) func nothingIsSaidAboutIt(choice: Choice) throws {
    let checked = check(choice.template)
    #expect(
      checked.diagnostics.isEmpty && checked.allowed.isEmpty,
      "\(TextRenderer(color: false).render([(file: checked.file, diagnostics: checked.diagnostics)]))")
    let files = ReleaseCompiler.generate(try #require(checked.plan))
    for kind in [
      ".github/workflows/basket-\(choice.environments[0]).yml", "ops/basket/doctor.sh", "docs/runbooks/basket.md",
    ] {
      #expect(files.contains { $0.path == kind }, "\(kind)")
    }
    for file in files where file.isExecutable {
      let outcome = try bash(["-n"], file.text)
      #expect(outcome == "", "\(file.path): \(outcome)")
    }
  }

  @Test(arguments: choices { driver in TemplateStrategy.allCases.filter { !driver.strategies.contains($0) } })
  func whatIsNotOfferedIsRefusedByTheCompiler(choice: Choice) {
    #expect(!choice.driver.limit.isEmpty)
    let found = check(choice.template).diagnostics.filter { $0.severity == .error }
    #expect(!found.isEmpty)
    #expect(
      found.allSatisfy { $0.message == "this target cannot do `\(choice.strategy.rawValue)`" },
      "\(found.map(\.message))")
  }

  /// A comment that helps says what to replace or what something is; none is there for its own sake.
  @Test(arguments: choices(\.strategies)) func whatIsNobodysYetIsMarked(choice: Choice) {
    let lines = choice.template.text.split(separator: "\n").map(String.init)
    #expect(lines.first == "# yaml-language-server: $schema=.liftlock/release.schema.json")
    for (index, line) in lines.enumerated() where line.contains("acme") && !line.contains("#") {
      let above = lines[..<index].suffix(2).joined()
      #expect(above.contains("#"), "\(line)")
    }
    #expect(lines.count { $0.contains("# ") } < lines.count / 4 + 3)
  }

  @Test func longNamesFit() {
    for driver in TemplateDriver.allCases {
      var template = SpecTemplate(service: "a-service-whose-name-is-quite-long-as-in-large-companies-x")
      template.driver = driver
      template.strategy = driver.strategies[driver.strategies.count - 1]
      template.owner = "some-company"
      #expect(check(template).diagnostics.map(\.message) == [], "\(driver)")
    }
  }

  private func bash(_ options: [String], _ input: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash"] + options
    let (standardInput, output) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = output
    try process.run()
    standardInput.fileHandleForWriting.write(Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text + (process.terminationStatus == 0 ? "" : "exit \(process.terminationStatus)")
  }
}
