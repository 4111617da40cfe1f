import Foundation
import Testing

/// `liftlock rehearse`: what it is asked, and how it ends.
@Suite struct RehearseTests {
  @Test func aGoodReleaseEndsWithZeroAndLeavesNothingBehind() throws {
    try withTemporaryFolder { folder in
      let outcome = try liftlock(
        "rehearse", examplePath("ecom-back"), "--environment", "staging", environment: ["TMPDIR": folder.path])
      #expect(outcome.code == 0, "\(outcome)")
      #expect(outcome.text.contains("ended    promoted and verified"))
      #expect(outcome.text.contains("[████████████████████]  100 % of the traffic is with the new version"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test func aBadReleaseThatIsTakenBackEndsWithZeroAndKeepsItsLogs() throws {
    try withTemporaryFolder { folder in
      let kept = folder.appendingPathComponent("kept").path
      let outcome = try liftlock(
        "rehearse", examplePath("ecom-back"), "--environment", "staging", "--bad", "health@10s", "--format", "json",
        "--keep", kept)
      #expect(outcome.code == 0, "\(outcome)")
      let answer = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
      #expect(answer["ending"] as? String == "rolled-back")
      #expect(answer["weight"] as? Double == 0)
      #expect(FileManager.default.fileExists(atPath: kept + "/temp-rollout/liftlock/ecom-back/staging/journal.jsonl"))
    }
  }

  @Test func listsWhatCanFail() throws {
    let outcome = try liftlock("rehearse", examplePath("forge"), "--list-faults")
    #expect(outcome.code == 0, "\(outcome)")
    #expect(
      outcome.text.contains("shift to 25 %: fail, hang, garbage, refused, dns, http-500, http-429, kill, kill-after\n"))
    #expect(outcome.text.contains("metric error-rate at 5 %: missing, nan\n"))
  }

  @Test(arguments: [
    (["--environment", "stagin"], "did you mean “staging”?"),
    (["--hotfix", "prod"], "there is no hotfix way “prod”"),
    (["--fault", "deploy:hagn"], "did you mean “hang”?"),
    (["--fault", "shift to 26 %:hang"], "did you mean “shift to 25 %”?"),
    (["--bad", "eror-rate=5%@25%"], "did you mean “error-rate”?"),
    (["--bad", "error-rate=12@25%"], "“12” has no unit, and error-rate has one; write --bad error-rate=12%@25%"),
    (["--cancel-at", "Depoly"], "did you mean “Deploy”?"),
    (["--cancel-at", "shfit to 25 %"], "“shift to 25 %” is an operation, and happens in the step “25 % for 15m”"),
    (["--live", "--bad", "health@5m"], "nothing can be made to fail there"), (["--artifact", "x"], "goes with --live"),
    (["--live"], "no value for KUBECONFIG"), (["--cancel-at", "5m", "--timeout-at", "5m"], "use only one of"),
    (["--keep", "/"], "is there already"),
  ]) func aWrongCallEndsWithTwo(_ arguments: [String], _ complaint: String) throws {
    let outcome = try run(liftlockPath, ["rehearse", examplePath("forge")] + arguments, in: repository)
    #expect(outcome.code == 2, "\(outcome)")
    #expect(outcome.complaint.contains(complaint), "\(outcome)")
    #expect(outcome.text == "")
  }

  @Test func aMachineWithoutTheToolsIsToldSo() throws {
    try withTemporaryFolder { folder in
      let outcome = try liftlockWithPath(folder, "rehearse", examplePath("ecom-back"))
      #expect(outcome.code == 4, "\(outcome)")
      #expect(outcome.complaint.contains("not installed, and a rehearsal needs them: bash, curl, jq, openssl, python3"))
    }
  }

  /// With a PATH in which there is nothing.
  private func liftlockWithPath(_ folder: URL, _ arguments: String...) throws -> Outcome {
    try run("/usr/bin/env", ["PATH=\(folder.path)", liftlockPath] + arguments, in: repository)
  }

  @Test func whatIsInterruptedIsTakenDown() throws {
    try withTemporaryFolder { folder in
      let script = """
        TMPDIR="$1" "$2" rehearse "$3" --environment production >/dev/null 2>"$1.log" &
        tool=$!
        for _ in $(seq 200); do
          if grep -q 'Roll out' "$1.log"; then break; fi
          sleep 0.1
        done
        kill -TERM "$tool"
        wait "$tool"
        code=$?
        rm -f "$1.log"
        exit "$code"
        """
      let place = folder.appendingPathComponent("tmp")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let outcome = try run(
        "bash", ["-c", script, "bash", place.path, liftlockPath, examplePath("ecom-back")], in: repository)
      #expect(outcome.code == 4, "\(outcome)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == [])
      // The helper of the stand-ins sees a moment later that its server has ended.
      var processes = ""
      for _ in 1...50 {
        processes = try run("ps", ["-eo", "args"], in: repository).text
        if !processes.contains(place.path) { break }
        usleep(100_000)
      }
      #expect(!processes.contains(place.path), "\(processes)")
    }
  }
}
