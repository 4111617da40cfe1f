import Foundation
import Testing

/// Runs a suite on threads of its own, as many as there are cores: these tests mostly wait for programs, and the usual threads
/// stay free for tests that compute. The tests of the generated scripts run beside them, on twice as many; with more than that
/// the programs wait for each other for so long that requests run into their limits.
struct Threads: SuiteTrait, TestScoping {
  private static let workers = Workers()

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(Self.workers) { try await function() }
  }
}

extension Trait where Self == Threads {
  /// The tests of this suite wait for programs.
  static var threads: Self { Threads() }
}

private final class Workers: TaskExecutor {
  private let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount
    return queue
  }()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    queue.addOperation { job.runSynchronously(on: executor) }
  }
}
